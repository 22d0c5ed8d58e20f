#include "client/app/input_queue.h"

#include <doctest/doctest.h>

using namespace hada::app;

namespace {

constexpr int kReturn = 257, kBackspace = 259;  // GLFW's codes

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

TEST_CASE("a shortcut brings its modifier") {
  Gui gui;
  InputQueue queue;
  queue.push(key('Z', true, true));
  queue.feed(gui.io());
  CHECK(gui.io().KeysDown['Z']);
  CHECK(gui.io().KeyCtrl);
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
