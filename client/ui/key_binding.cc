#include "client/ui/key_binding.h"

#include <algorithm>

#include "client/ui/keys.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::Chord;

constexpr float kCardWidth = 470;

std::string shown(const Ui& ui, const Chord& chord) { return std::string(ui.shown(model::printed(chord))); }

void set(Ui& ui, Command command, const Chord& chord) {
  ui.wish(model::intent::SetKey{std::string(line_of(command).id), setting_of(command, chord)});
}

void propose(Ui& ui, const Chord& chord) {
  HelpState& help = ui.state.help;
  const Command command = *help.capturing;
  const std::optional<Obstacle> obstacle = chord == chord_of(ui.model.settings, command)
                                               ? std::nullopt
                                               : ui::obstacle(ui.model.settings, command, chord);
  ui.state.animating = true;
  if (!obstacle) {
    set(ui, command, chord);
    return end_binding(ui);
  }
  switch (obstacle->kind) {
    case Obstacle::Kind::CannotBeHeld:
      help.refused = ui.f(Text::KeysNotHeld, {shown(ui, chord)});
      return;
    case Obstacle::Kind::Fixed:
      help.refused = ui.f(Text::KeysFixed, {shown(ui, chord), ui.t(obstacle->line->text)});
      return;
    case Obstacle::Kind::Taken:
      help.taken_by = obstacle->line->command;
      help.chord = chord;
      return;
  }
}

struct Question {
  std::string title, text;
  Text agree;
  bool possible = true;
};

Question question(const Ui& ui) {
  const HelpState& help = ui.state.help;
  const model::Settings& settings = ui.model.settings;
  if (help.ask_reset) {
    const auto& lines = key_lines();
    const auto changed = std::count_if(lines.begin(), lines.end(), [&](const KeyLine& line) {
      return line.changeable() && is_changed(settings, line.command);
    });
    return {ui.t(Text::KeysResetTitle), ui.f(Text::KeysResetText, {std::to_string(changed)}),
            Text::KeysReset};
  }
  const bool possible = can_swap(settings, *help.capturing, *help.taken_by, help.chord);
  const std::string chord = shown(ui, help.chord);
  return {ui.f(Text::KeysTakenTitle, {chord}),
          ui.f(possible ? Text::KeysTaken : Text::KeysNoSwap,
               {chord, words_of(line_of(*help.taken_by), ui.language), chord_text(ui, *help.capturing)}),
          Text::KeysSwap, possible};
}

void agree(Ui& ui) {
  HelpState& help = ui.state.help;
  if (help.ask_reset) {
    ui.wish(model::intent::ResetKeys{});
  } else {
    const Chord before = chord_of(ui.model.settings, *help.capturing);
    set(ui, *help.capturing, help.chord);
    set(ui, *help.taken_by, before);
  }
  end_binding(ui);
}

}  // namespace

void begin_binding(Ui& ui, Command command) {
  end_binding(ui);
  ui.state.help.capturing = command;
  ui.state.animating = true;
}

void end_binding(Ui& ui) {
  HelpState& help = ui.state.help;
  help.capturing.reset();
  help.taken_by.reset();
  help.refused.clear();
  help.ask_reset = false;
}

void take_chord(Ui& ui) {
  const HelpState& help = ui.state.help;
  if (!help.capturing || help.taken_by) return;
  if (key_pressed(ImGuiKey_Escape)) return end_binding(ui);
  if (without_modifiers() && (key_pressed(ImGuiKey_Backspace) || key_pressed(ImGuiKey_Delete)))
    return propose(ui, line_of(*help.capturing).chords.front());
  if (const auto chord = pressed_chord()) propose(ui, *chord);
}

bool asks_about_keys(const Ui& ui) { return ui.state.help.taken_by || ui.state.help.ask_reset; }

void key_question(Ui& ui, ImVec2 min, ImVec2 max) {
  if (!asks_about_keys(ui)) return;
  const Question asked = question(ui);
  const Palette& p = ui.palette;
  ImGui::SetCursorScreenPos(min);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, IM_COL32(5, 7, 10, 150));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, ui.px(12));
  ImGui::BeginChild("question", {max.x - min.x, max.y - min.y});
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();

  const float padding = ui.px(22), width = std::min(ui.px(kCardWidth), max.x - min.x - ui.px(20));
  const float inner = width - 2 * padding, low = button_height(ui, false);
  const float title = wrapped_size(ui.heading(), asked.title, inner).y;
  const float text = wrapped_size(ui.body(), asked.text, inner).y;
  const float height = 2 * padding + title + ui.px(10) + text + ui.px(22) + low;
  const ImVec2 at{std::round((min.x + max.x - width) / 2), std::round((min.y + max.y - height) / 2)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + height}, p.panel, ui.px(10));
  list->AddRect(at, {at.x + width, at.y + height}, p.line_strong, ui.px(10));
  float y = at.y + padding;
  draw_wrapped(list, ui.heading(), {at.x + padding, y}, p.text, asked.title, inner);
  y += title + ui.px(10);
  draw_wrapped(list, ui.body(), {at.x + padding, y}, p.text_soft, asked.text, inner);
  y += text + ui.px(22);
  ui.log("help.question", at, {at.x + width, at.y + height}, true, asked.text);

  const ButtonLook no{.shortcut = "Esc"}, yes{.kind = ButtonKind::Primary, .shortcut = "Enter"};
  float right = at.x + width - padding;
  const auto place = [&](Text label, const ButtonLook& look) {
    const float hint = text_size(ui.small(), look.shortcut).x + ui.px(14);  // as wide at the left
    const float needed = button_width(ui, ui.t(label), look) + hint;
    right -= needed;
    ImGui::SetCursorScreenPos({right, y});
    ButtonLook wide = look;
    wide.width = needed;
    right -= ui.px(8);
    return wide;
  };
  bool agreed = false;
  if (asked.possible) {
    const ButtonLook look = place(asked.agree, yes);
    agreed = button(ui, "help.agree", ui.t(asked.agree), look) || enter_pressed();
  }
  const ButtonLook look = place(Text::Cancel, no);
  const bool refused = button(ui, "help.cancel", ui.t(Text::Cancel), look) || key_pressed(ImGuiKey_Escape);
  ImGui::EndChild();
  if (agreed)
    agree(ui);
  else if (refused)
    end_binding(ui);
}

}  // namespace hada::ui
