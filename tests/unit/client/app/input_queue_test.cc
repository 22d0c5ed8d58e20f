#include "client/app/input_queue.h"

#include <doctest/doctest.h>

using namespace hada::app;

namespace {

constexpr int kReturn = 257, kTab = 258, kBackspace = 259, kDown = 264, kF2 = 291,
              kControl = 341;  // GLFW's codes

struct Gui {
  Gui() { ImGui::CreateContext(); }
  ~Gui() { ImGui::DestroyContext(); }
  ImGuiIO& io() { return ImGui::GetIO(); }
};

input::Key key(int code, bool down, bool ctrl = false) { return {code, down, ctrl, false, false, false}; }

}  // namespace

TEST_CASE("a key that went down and up between two frames is seen down for one frame") {
  Gui gui;
  InputQueue queue;
  queue.push(key(kReturn, true));
  queue.push(key(kReturn, false));
  queue.feed(gui.io());
  CHECK(gui.io().KeysDown[kReturn]);
  CHECK_FALSE(queue.empty());
  queue.feed(gui.io());
  CHECK_FALSE(gui.io().KeysDown[kReturn]);
  CHECK(queue.empty());
}

TEST_CASE("a click lands where the pointer was, not where it went meanwhile") {
  Gui gui;
  InputQueue queue;
  queue.push(input::Move{10, 20});
  queue.push(input::Button{0, true});
  queue.push(input::Button{0, false});
  queue.push(input::Move{300, 400});
  queue.feed(gui.io());
  CHECK(gui.io().MousePos.x == 10);
  CHECK(gui.io().MouseDown[0]);
  queue.feed(gui.io());
  CHECK(gui.io().MousePos.x == 10);
  CHECK_FALSE(gui.io().MouseDown[0]);
  queue.feed(gui.io());
  CHECK(gui.io().MousePos.x == 300);
}

TEST_CASE("moves and turns of the wheel of one frame add up") {
  Gui gui;
  InputQueue queue;
  queue.push(input::Move{1, 1});
  queue.push(input::Move{2, 2});
  queue.push(input::Wheel{0, 1});
  queue.push(input::Wheel{0, 1});
  queue.feed(gui.io());
  CHECK(queue.empty());
  CHECK(gui.io().MousePos.x == 2);
  CHECK(gui.io().MouseWheel == 2);
}

TEST_CASE("text typed before a special key shares its frame, text after it waits") {
  Gui gui;
  InputQueue queue;
  queue.push(input::Text{'a'});
  queue.push(key(kBackspace, true));
  queue.push(input::Text{'b'});
  queue.feed(gui.io());
  CHECK(gui.io().InputQueueCharacters.Size == 1);
  CHECK(gui.io().KeysDown[kBackspace]);
  gui.io().InputQueueCharacters.clear();
  queue.feed(gui.io());
  CHECK(gui.io().InputQueueCharacters.Size == 1);
  CHECK(gui.io().InputQueueCharacters[0] == 'b');
}

// How many frames pass until `event`, pushed after `before`, reaches ImGui.
template <class Arrived>
int frames_until(Gui& gui, InputQueue& queue, Arrived arrived) {
  for (int frame = 0; frame < 10; ++frame) {
    gui.io().InputQueueCharacters.clear();
    queue.feed(gui.io());
    if (arrived()) return frame;
  }
  return -1;
}

TEST_CASE("what is typed after a key that moves the focus waits until the focus is there") {
  Gui gui;
  InputQueue queue;
  const auto text_is_there = [&] { return gui.io().InputQueueCharacters.Size > 0; };
  SUBCASE("Tab from one field to the next") {
    gui.io().WantTextInput = true;
    queue.push(key(kTab, true));
    queue.push(key(kTab, false));
    queue.push(key('S', true));
    queue.push(input::Text{'s'});
    CHECK(frames_until(gui, queue, text_is_there) == 3);
    CHECK(gui.io().KeysDown['S']);
  }
  SUBCASE("a letter that opens a field does not stand in it, the next one does") {
    queue.push(key('D', true));
    queue.push(input::Text{'d'});
    queue.push(key('D', false));
    queue.push(key('N', true));
    queue.push(input::Text{'n'});
    CHECK(frames_until(gui, queue, text_is_there) == 0);
    CHECK(gui.io().InputQueueCharacters[0] == 'd');
    CHECK_FALSE(gui.io().KeysDown['N']);
    CHECK(frames_until(gui, queue, text_is_there) == 2);
    CHECK(gui.io().InputQueueCharacters[0] == 'n');
  }
  SUBCASE("but in a field, letters flow") {
    gui.io().WantTextInput = true;
    for (const char letter : {'A', 'B', 'C'}) {
      queue.push(key(letter, true));
      queue.push(input::Text{static_cast<unsigned>(letter)});
      queue.push(key(letter, false));
    }
    CHECK(frames_until(gui, queue, [&] { return gui.io().KeysDown['C'] || queue.empty(); }) <= 3);
  }
  SUBCASE("a function key may open a field, too, and has no text of its own") {
    queue.push(key(kF2, true));
    queue.push(key(kF2, false));
    queue.push(key('N', true));
    queue.push(input::Text{'n'});
    CHECK(frames_until(gui, queue, text_is_there) == 3);
  }
  SUBCASE("and arrows move no focus") {
    queue.push(key(kDown, true));
    queue.push(key(kDown, false));
    queue.push(key(kDown, true));
    CHECK(frames_until(gui, queue, [&] { return queue.empty(); }) == 2);
  }
}

TEST_CASE("a shortcut brings its modifier") {
  Gui gui;
  InputQueue queue;
  queue.push(key('Z', true, true));
  queue.feed(gui.io());
  CHECK(gui.io().KeysDown['Z']);
  CHECK(gui.io().KeyCtrl);
}

TEST_CASE("a modifier let go right behind its shortcut still counts for it") {
  Gui gui;
  InputQueue queue;
  queue.push(key(kControl, true, true));
  queue.feed(gui.io());
  queue.push(key(kReturn, true, true));
  queue.push(key(kControl, false, false));
  queue.push(key(kReturn, false, false));
  queue.feed(gui.io());
  CHECK(gui.io().KeysDown[kReturn]);
  CHECK(gui.io().KeyCtrl);
  queue.feed(gui.io());
  CHECK_FALSE(gui.io().KeyCtrl);
}

TEST_CASE("no key stays down in a window that lost the focus") {
  Gui gui;
  InputQueue queue;
  queue.push(key('A', true, true));
  queue.push(input::Focus{false});
  queue.feed(gui.io());
  CHECK_FALSE(gui.io().KeysDown['A']);
  CHECK_FALSE(gui.io().KeyCtrl);
}

TEST_CASE("keys and buttons beyond ImGui's tables are ignored") {
  Gui gui;
  InputQueue queue;
  queue.push(key(-1, true));
  queue.push(key(100'000, true));
  queue.push(input::Button{7, true});
  queue.feed(gui.io());
  CHECK(queue.empty());
}
