#include "client/ui/commands.h"

#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <array>
#include <set>

#include "client/ui/keys.h"

using namespace hada;
using namespace hada::ui;

namespace {

std::vector<const KeyLine*> commands() {
  std::vector<const KeyLine*> found;
  for (const KeyLine& line : key_lines())
    if (line.changeable()) found.push_back(&line);
  return found;
}

model::Chord chord(std::string_view text) {
  const auto parsed = model::parse_chord(text);
  REQUIRE(parsed);
  return *parsed;
}

model::Settings with(std::map<std::string, std::string> keys) {
  model::Settings settings;
  settings.keys = std::move(keys);
  return settings;
}

}  // namespace

TEST_CASE("every command is a line of the help, with an id of its own, a key and words in both languages") {
  std::set<std::string_view> ids;
  for (const KeyLine* line : commands()) {
    CAPTURE(line->id);
    CHECK(ids.insert(line->id).second);
    CHECK(&line_of(line->command) == line);
    CHECK(!line->chords.empty());
    for (const Language language : {Language::English, Language::Japanese}) {
      const std::string words = words_of(*line, language);
      CHECK_FALSE(words.empty());
      CHECK(words.find("{0}") == std::string::npos);
      CHECK(words.find(line->number) != std::string::npos);
    }
  }
}

TEST_CASE("fixed lines say their keys") {
  for (const KeyLine& line : key_lines())
    if (line.kind == KeyLine::Kind::Fixed)
      CHECK((!line.printed.empty() || *i18n::tr(line.spoken, Language::Japanese) != '\0'));
}

TEST_CASE("numbered commands follow the head of their family, in its group") {
  const KeyLine* head = nullptr;
  for (const KeyLine& line : key_lines()) {
    if (line.kind == KeyLine::Kind::Family) head = &line;
    if (line.kind == KeyLine::Kind::Command || line.kind == KeyLine::Kind::Fixed) head = nullptr;
    if (line.kind != KeyLine::Kind::Numbered) continue;
    REQUIRE(head);
    CHECK(line.group == head->group);
  }
}

TEST_CASE("no two commands have the same key where both mean something") {
  const model::Settings settings;
  for (const KeyLine* line : commands())
    for (const model::Chord& each : line->chords) {
      CAPTURE(line->id);
      CAPTURE(model::to_text(each));
      CHECK_FALSE(obstacle(settings, line->command, each));
    }
}

TEST_CASE("a key of one's own replaces the default and its alternative") {
  const auto always = [](const model::Chord&, Stroke) { return false; };
  CHECK_FALSE(any_chord({}, Command::ReadRedo, always));
  const model::Settings settings = with({{"read.redo", "Ctrl+K"}, {"viewer.fit", "f"}});
  CHECK(chord_of(settings, Command::ReadRedo) == chord("Ctrl+K"));
  CHECK(is_changed(settings, Command::ReadRedo));
  CHECK_FALSE(is_changed(settings, Command::ViewerFit));
  const auto alternative = [](const model::Chord& c, Stroke) { return c.shift; };
  CHECK(any_chord({}, Command::ReadRedo, alternative));
  CHECK_FALSE(any_chord(settings, Command::ReadRedo, alternative));
}

TEST_CASE("settings that cannot be followed leave the default in force") {
  const model::Settings settings = with({{"viewer.fit", "Hyper+F"},      // unreadable
                                         {"viewer.mirror", "Esc"},       // fixed
                                         {"viewer.lens", "#"},           // cannot be held
                                         {"viewer.wobble", "Ctrl+W"}});  // unknown
  for (const Command command : {Command::ViewerFit, Command::ViewerMirror, Command::ViewerLens})
    CHECK(chord_of(settings, command) == chord_of({}, command));
}

TEST_CASE("a key is refused with the reason") {
  using Kind = Obstacle::Kind;
  const auto why = [](Command command, const char* text) { return obstacle({}, command, chord(text)); };
  CHECK_FALSE(why(Command::ViewerFit, "Z"));
  CHECK(why(Command::ViewerLens, "?")->kind == Kind::CannotBeHeld);
  CHECK(why(Command::ViewerFit, "Esc")->kind == Kind::Fixed);
  CHECK(why(Command::ReadTie, "3")->kind == Kind::Fixed);  // confidence
  SUBCASE("of another command in the same place") {
    REQUIRE(why(Command::ViewerFit, "R"));
    CHECK(why(Command::ViewerFit, "R")->line == &line_of(Command::ViewerTurnRight));
    CHECK(why(Command::ViewerFit, "Ctrl+Shift+Z")->line == &line_of(Command::ReadRedo));
  }
  SUBCASE("but not of one that is active elsewhere") {
    CHECK_FALSE(why(Command::ReadTie, "R"));                   // turns only while no diagnosis is selected
    CHECK(why(Command::ViewerFit, "3")->kind == Kind::Fixed);  // fit is there, too, while one is
  }
}

TEST_CASE("two keys are swapped only where nobody else stands in the way") {
  CHECK(can_swap({}, Command::ViewerFit, Command::ViewerGrid, chord("#")));
  CHECK_FALSE(can_swap({}, Command::ViewerGrid, Command::ViewerLens, chord("M")));  // '#' cannot be held
  // T is free for the viewer while no diagnosis is selected; fit would take it from "same rank".
  const model::Settings settings = with({{"viewer.mirror", "T"}});
  CHECK(chord_of(settings, Command::ViewerMirror) == chord("T"));
  CHECK_FALSE(can_swap(settings, Command::ViewerMirror, Command::ViewerFit, chord("F")));
}

TEST_CASE("the default is not written down") {
  CHECK(setting_of(Command::ViewerFit, chord("F")).empty());
  CHECK(setting_of(Command::ViewerFit, chord("Ctrl+Shift+K")) == "Ctrl+Shift+K");
}

namespace {

constexpr int kF6 = 295, kNumberPad2 = 322, kNumberPadEnter = 335;

// ImGui with some keys down, one frame long.
struct Frame {
  Frame() {
    ImGui::CreateContext();
    ImGui::GetIO().DisplaySize = {100, 100};
    ImGui::GetIO().Fonts->Build();
  }
  ~Frame() { ImGui::DestroyContext(); }
  void begin(std::initializer_list<int> keys, std::string_view text = {}) {
    ImGuiIO& io = ImGui::GetIO();
    for (const int key : keys) io.KeysDown[key] = true;
    for (const char c : text) io.AddInputCharacter(static_cast<unsigned char>(c));
    io.DeltaTime = 0.01f;
    ImGui::NewFrame();
  }
};

}  // namespace

TEST_CASE("the chord that is pressed is found") {
  Frame frame;
  ImGuiIO& io = ImGui::GetIO();
  SUBCASE("a letter with modifiers") {
    io.KeyCtrl = io.KeyShift = true;
    frame.begin({'K', 340, 341});
    CHECK(pressed_chord() == chord("Ctrl+Shift+K"));
  }
  SUBCASE("a modifier alone is none") {
    io.KeyCtrl = true;
    frame.begin({341});
    CHECK_FALSE(pressed_chord());
  }
  SUBCASE("a character, whatever key and modifier made it") {
    io.KeyShift = true;
    frame.begin({'3'}, "#");  // US and Japanese keyboards
    CHECK(pressed_chord() == chord("#"));
  }
  SUBCASE("the number pad's digits and Enter are the keyboard's") {
    frame.begin({kNumberPad2}, "2");
    CHECK(pressed_chord() == chord("2"));
  }
  SUBCASE("the number pad's Enter") {
    io.KeyCtrl = true;
    frame.begin({kNumberPadEnter});
    CHECK(pressed_chord() == chord("Ctrl+Enter"));
  }
  SUBCASE("a function key") {
    frame.begin({kF6});
    CHECK(pressed_chord() == chord("F6"));
  }
  ImGui::EndFrame();
}
