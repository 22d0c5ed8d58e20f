#include "client/ui/key_list.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "client/ui/key_binding.h"
#include "client/ui/keys.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kCap = 22, kPitch = 26;
constexpr size_t kMaxColumns = 3;

Text title_of(CommandGroup group) {
  switch (group) {
    case CommandGroup::Reading:
      return Text::HelpGroupRead;
    case CommandGroup::Viewer:
      return Text::HelpGroupViewer;
    case CommandGroup::Images:
      return Text::HelpGroupImages;
    case CommandGroup::Tools:
      return Text::HelpGroupTools;
    case CommandGroup::General:
      break;
  }
  return Text::HelpGroupGeneral;
}

// Groups by column, in three columns or in two.
std::vector<std::vector<CommandGroup>> columns_for(size_t count) {
  using enum CommandGroup;
  if (count == kMaxColumns) return {{Reading, General}, {Viewer}, {Tools, Images}};
  return {{Reading, Tools, General}, {Viewer, Images}};
}

class KeyList {
 public:
  KeyList(Ui& ui, float column_width) : ui_(ui), width_(column_width) {}

  // Draws a group; returns its height.
  float group(ImVec2 at, size_t column, CommandGroup group) {
    const std::vector<size_t> shown = lines_of(group);
    if (shown.empty()) return 0;
    draw_text(ImGui::GetWindowDrawList(), ui_.strong(), at, ui_.palette.accent, ui_.t(title_of(group)));
    float y = at.y + ui_.strong()->FontSize + ui_.px(6);
    float key_width = 0;
    for (const size_t i : shown)
      key_width = std::max(key_width, indent(key_lines()[i]) + cap_width(keys_of(i)));
    for (const size_t i : shown) y += row(i, {at.x, y}, column, key_width + ui_.px(10));
    return y - at.y;
  }

  // After all groups: arrows, Home, End, Enter.
  void navigate() {
    if (ui_.state.help.capturing || asks_about_keys(ui_)) return;
    const int step = key_pressed(ImGuiKey_DownArrow, true) ? 1 : key_pressed(ImGuiKey_UpArrow, true) ? -1 : 0;
    const int aside = key_pressed(ImGuiKey_RightArrow, true)  ? 1
                      : key_pressed(ImGuiKey_LeftArrow, true) ? -1
                                                              : 0;
    if (key_pressed(ImGuiKey_Home)) select(rows_.front().line);
    if (key_pressed(ImGuiKey_End)) select(reset_index());
    if (step != 0) select(neighbour(step));
    if (aside != 0) select(beside(aside));
    const int selected = ui_.state.help.selected;
    if (enter_pressed() && selected >= 0 && selected < reset_index()) activate(static_cast<size_t>(selected));
  }

 private:
  struct Row {
    int line;
    size_t column;
    float y;
  };

  std::vector<size_t> lines_of(CommandGroup group) const {
    std::vector<size_t> shown;
    bool unfolded = true;
    for (size_t i = 0; i < key_lines().size(); ++i) {
      const KeyLine& line = key_lines()[i];
      if (line.group != group) continue;
      if (line.kind == KeyLine::Kind::Family) unfolded = ui_.state.help.unfolded.contains(line.text);
      if (line.kind != KeyLine::Kind::Numbered || unfolded) shown.push_back(i);
    }
    return shown;
  }

  // The members of the family at `family`.
  static std::vector<Command> members_of(size_t family) {
    std::vector<Command> members;
    for (size_t i = family + 1; i < key_lines().size() && key_lines()[i].kind == KeyLine::Kind::Numbered; ++i)
      members.push_back(key_lines()[i].command);
    return members;
  }

  std::string keys_of(size_t index) const {
    const KeyLine& line = key_lines()[index];
    if (line.kind == KeyLine::Kind::Family) {
      const std::vector<Command> members = members_of(index);
      return chord_text(ui_, members.front()) + " … " + chord_text(ui_, members.back());
    }
    if (line.changeable()) return chord_text(ui_, line.command);
    return line.printed.empty() ? ui_.t(line.spoken) : std::string(line.printed);
  }

  bool changed(size_t index) const {
    const KeyLine& line = key_lines()[index];
    if (line.changeable()) return is_changed(ui_.model.settings, line.command);
    if (line.kind != KeyLine::Kind::Family) return false;
    const std::vector<Command> members = members_of(index);
    return std::any_of(members.begin(), members.end(),
                       [&](Command command) { return is_changed(ui_.model.settings, command); });
  }

  float indent(const KeyLine& line) const { return line.kind == KeyLine::Kind::Numbered ? ui_.px(12) : 0; }
  float cap_width(std::string_view keys) const { return text_size(ui_.small(), keys).x + ui_.px(14); }

  void cap(ImVec2 at, std::string_view keys, const KeyLine& line, bool changed, bool capturing) const {
    const Palette& p = ui_.palette;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + cap_width(keys), at.y + ui_.px(kCap)};
    ImU32 text = p.text;
    if (capturing) {
      list->AddRectFilled(at, end, p.accent, ui_.px(4));
      text = p.on_accent;
    } else if (line.kind == KeyLine::Kind::Fixed) {
      list->AddRectFilled(at, end, with_alpha(p.raised, 0.6f), ui_.px(4));
      text = p.text_soft;
    } else {
      list->AddRectFilled(at, end, changed ? p.accent_soft : p.raised, ui_.px(4));
      list->AddRect(at, end, changed ? p.accent : p.line_strong, ui_.px(4));
    }
    draw_text(list, ui_.small(), {at.x + ui_.px(7), (at.y + end.y - ui_.small()->FontSize) / 2}, text, keys);
  }

  // Returns the height.
  float row(size_t index, ImVec2 at, size_t column, float key_width) {
    const Palette& p = ui_.palette;
    const KeyLine& line = key_lines()[index];
    ImDrawList* list = ImGui::GetWindowDrawList();
    const bool family = line.kind == KeyLine::Kind::Family, fixed = line.kind == KeyLine::Kind::Fixed;
    const bool capturing = line.changeable() && ui_.state.help.capturing == line.command;
    const bool is_changed = changed(index);
    const std::string keys = capturing ? ui_.t(Text::KeysPress) : keys_of(index);
    const float left = indent(line), text_left = std::max(key_width, left + cap_width(keys) + ui_.px(10));

    std::string note;
    if (is_changed && !family) note = ui_.f(Text::KeysDefault, {model::printed(line.chords.front())});
    const float mark = family ? ui_.px(18) : note.empty() ? 0 : text_size(ui_.small(), note).x + ui_.px(10);
    const float room = std::max(ui_.px(40), width_ - text_left - mark);
    const std::string words = words_of(line, ui_.language);
    const float text_height = wrapped_size(ui_.body(), words, room).y;
    const float height = std::max(ui_.px(kPitch), text_height + ui_.px(kPitch) - ui_.body()->FontSize);

    const ImVec2 min{at.x - ui_.px(6), at.y}, max{at.x + width_ + ui_.px(6), at.y + height};
    if (!fixed) press(index, min, max, column, keys);
    const float middle = at.y + ui_.px(kPitch) / 2;
    cap({at.x + left, std::round(middle - ui_.px(kCap) / 2)}, keys, line, is_changed, capturing);
    draw_wrapped(list, ui_.body(), {at.x + text_left, std::round(middle - ui_.body()->FontSize / 2)},
                 fixed ? p.text_soft : p.text, words, room);
    const float end = at.x + width_;
    if (family)
      draw_icon(list, ui_.state.help.unfolded.contains(line.text) ? Icon::Minus : Icon::Plus,
                {end - ui_.px(7), middle}, ui_.px(11), p.text_soft);
    else if (!note.empty())
      draw_text(list, ui_.small(), {end - mark + ui_.px(10), middle - ui_.small()->FontSize / 2}, p.text_soft,
                note);
    return height;
  }

  // The row as a button.
  void press(size_t index, ImVec2 min, ImVec2 max, size_t column, std::string_view keys) {
    const KeyLine& line = key_lines()[index];
    HelpState& help = ui_.state.help;
    rows_.push_back({static_cast<int>(index), column, min.y});
    ImGui::SetCursorScreenPos(min);
    ImGui::PushID(static_cast<int>(index));
    const bool clicked = ImGui::InvisibleButton("row", {max.x - min.x, max.y - min.y});
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered(), selected = help.selected == static_cast<int>(index);
    const std::string name = line.changeable() ? "help.key." + std::string(line.id)
                                               : "help.family." + std::string(i18n::key_of(line.text));
    ui_.log(name, min, max, true, keys);
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (hovered || selected) list->AddRectFilled(min, max, ui_.palette.hover, ui_.px(6));
    if (selected) {
      list->AddRect(min, max, ui_.palette.accent, ui_.px(6));
      if (help.reveal) ImGui::ScrollToItem();
      help.reveal = false;
    }
    if (!clicked) return;
    help.selected = static_cast<int>(index);
    activate(index);
  }

  void activate(size_t index) {
    const KeyLine& line = key_lines()[index];
    if (line.changeable()) return begin_binding(ui_, line.command);
    auto& unfolded = ui_.state.help.unfolded;
    if (unfolded.erase(line.text) == 0) unfolded.insert(line.text);
    end_binding(ui_);
    ui_.state.animating = true;
  }

  void select(int line) {
    ui_.state.help.selected = line;
    ui_.state.help.reveal = true;
    ui_.state.animating = true;
  }

  // Rows are in the order they were drawn; "reset all" follows the last.
  int neighbour(int step) const {
    const auto count = static_cast<int>(rows_.size());
    int at = step > 0 ? -1 : count;
    for (int i = 0; i < count; ++i)
      if (rows_[static_cast<size_t>(i)].line == ui_.state.help.selected) at = i;
    if (ui_.state.help.selected == reset_index()) at = count;
    at = std::clamp(at + step, 0, count);
    return at == count ? reset_index() : rows_[static_cast<size_t>(at)].line;
  }

  int beside(int step) const {
    const Row* from = &rows_.front();
    for (const Row& row : rows_)
      if (row.line == ui_.state.help.selected) from = &row;
    const Row* best = from;
    for (const Row& row : rows_) {
      if (static_cast<int>(row.column) != static_cast<int>(from->column) + step) continue;
      if (best == from || std::abs(row.y - from->y) < std::abs(best->y - from->y)) best = &row;
    }
    return best->line;
  }

  Ui& ui_;
  float width_;
  std::vector<Row> rows_;
};

}  // namespace

int reset_index() { return static_cast<int>(key_lines().size()); }

void list_of_keys(Ui& ui, ImVec2 min, ImVec2 max) {
  ImGui::SetCursorScreenPos(min);
  ImGui::BeginChild("keys", {max.x - min.x, max.y - min.y});
  // Three columns; in a small window two, and the rest by scrolling.
  const size_t count = max.x - min.x >= ui.px(940) ? kMaxColumns : kMaxColumns - 1;
  const ImVec2 start{ImGui::GetCursorScreenPos().x + ui.px(6), ImGui::GetCursorScreenPos().y};
  const float between = ui.px(28), columns = static_cast<float>(count);
  const float width = std::floor((max.x - min.x - ui.px(24) - (columns - 1) * between) / columns);
  KeyList keys(ui, width);
  float lowest = 0;
  const auto groups = columns_for(count);
  for (size_t column = 0; column < groups.size(); ++column) {
    const float x = start.x + static_cast<float>(column) * (width + between);
    float used = 0;
    for (const CommandGroup group : groups[column]) {
      const float height = keys.group({x, start.y + used}, column, group);
      if (height > 0) used += height + ui.px(12);
    }
    lowest = std::max(lowest, used - ui.px(12));
  }
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, lowest});
  keys.navigate();
  ui.log("help.keys", min, max, true, ImGui::GetScrollMaxY() > 0 ? "scrolls" : "fits");
  ImGui::EndChild();
}

}  // namespace hada::ui
