#include "client/ui/fields.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "client/ui/icons.h"
#include "client/ui/soft_wrap.h"
#include "client/ui/text_layout.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

struct LineContext {
  std::string* text;
  FieldEvent* event;
};

int line_callback(ImGuiInputTextCallbackData* data) {
  auto* context = static_cast<LineContext*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    context->text->resize(static_cast<size_t>(data->BufTextLen));
    data->Buf = context->text->data();
  } else if (data->EventFlag == ImGuiInputTextFlags_CallbackHistory) {
    (data->EventKey == ImGuiKey_UpArrow ? context->event->up : context->event->down) = true;
  }
  return 0;
}

struct AreaContext {
  AreaState* area;
  const WrapParagraph* wrap;
};

void replace(ImGuiInputTextCallbackData* data, const std::string& text, size_t cursor) {
  data->DeleteChars(0, data->BufTextLen);
  data->InsertChars(0, text.c_str());
  data->CursorPos = data->SelectionStart = data->SelectionEnd =
      static_cast<int>(std::min(cursor, text.size()));
}

// A deletion that hit only one half of a soft break means the letter beyond it.
void extend_deletion(const AreaState& area, std::string_view now, std::string& kept, size_t& cursor) {
  const std::string_view before = area.shown;
  if (now.size() + 1 == before.size() && kept == without_soft_breaks(before) && cursor > 0) {
    do --cursor;
    while (cursor > 0 && (static_cast<unsigned char>(kept[cursor]) & 0xC0) == 0x80);
    size_t length = 1;
    while (cursor + length < kept.size() &&
           (static_cast<unsigned char>(kept[cursor + length]) & 0xC0) == 0x80)
      ++length;
    kept.erase(cursor, length);
  } else if (now.size() + 3 == before.size() &&
             before.substr(static_cast<size_t>(area.cursor), kSoftBreak.size()) == kSoftBreak) {
    // The zero-width space went and left its line feed standing.
    size_t length = 1;
    while (cursor + length < kept.size() &&
           (static_cast<unsigned char>(kept[cursor + length]) & 0xC0) == 0x80)
      ++length;
    kept.erase(cursor, length);  // the line feed
    length = 1;
    while (cursor + length < kept.size() &&
           (static_cast<unsigned char>(kept[cursor + length]) & 0xC0) == 0x80)
      ++length;
    if (cursor < kept.size()) kept.erase(cursor, length);
  }
}

int area_callback(ImGuiInputTextCallbackData* data) {
  auto* context = static_cast<AreaContext*>(data->UserData);
  AreaState& area = *context->area;
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    area.buffer.resize(static_cast<size_t>(data->BufTextLen));
    data->Buf = area.buffer.data();
    return 0;
  }
  if (area.reload) {
    replace(data, area.shown, area.shown.size());
    area.reload = false;
  } else if (const std::string_view now(data->Buf, static_cast<size_t>(data->BufTextLen));
             now != area.shown) {
    std::string kept = without_soft_breaks(now);
    size_t cursor = kept_position(now, static_cast<size_t>(data->CursorPos));
    extend_deletion(area, now, kept, cursor);
    std::string shown = with_soft_breaks(kept, *context->wrap);
    const size_t place = shown_position(shown, cursor);
    if (shown != now) replace(data, shown, place);
    area.shown = std::move(shown);
  } else if (data->CursorPos != area.cursor) {
    // The caret does not stop inside a break.
    const auto at = static_cast<size_t>(data->CursorPos);
    const bool inside = at >= 3 && now.substr(at - 3, kSoftBreak.size()) == kSoftBreak;
    if (inside) {
      const int jump = data->CursorPos > area.cursor ? 1 : -3;
      const bool no_selection = data->SelectionStart == data->SelectionEnd;
      data->CursorPos += jump;
      if (no_selection) data->SelectionStart = data->SelectionEnd = data->CursorPos;
    }
  }
  area.cursor = data->CursorPos;
  return 0;
}

void frame_box(Ui& ui, ImVec2 min, ImVec2 max, const FieldLook& look, bool active) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Palette& p = ui.palette;
  list->AddRectFilled(min, max, !look.enabled ? p.raised : p.dark ? p.ground : IM_COL32_WHITE, ui.px(6));
  const ImU32 border = look.bad ? p.bad : active ? p.accent : look.enabled ? p.line_strong : p.line;
  list->AddRect(min, max, border, ui.px(6), 0, active ? 1.6f : 1.0f);
}

// ImGui would put the text back to what it was when the field was entered; Escape only leaves the field.
bool escape_leaves(ImGuiID id) {
  if (ImGui::GetActiveID() != id || !ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false))
    return false;
  ImGui::ClearActiveID();
  return true;
}

}  // namespace

FieldEvent text_field(Ui& ui, std::string_view name, std::string& text, const FieldLook& look) {
  FieldEvent event;
  const float width = look.width > 0 ? look.width : ImGui::GetContentRegionAvail().x;
  const float height = button_height(ui, false), inset = ui.px(look.search ? 34 : 12);
  const ImVec2 min = ImGui::GetCursorScreenPos(), max{min.x + width, min.y + height};
  ImGui::PushID(name.data(), name.data() + name.size());
  const ImGuiID id = ImGui::GetID("##text");
  const bool left = escape_leaves(id);
  const bool active = ImGui::GetActiveID() == id;
  frame_box(ui, min, max, look, active);
  if (look.search)
    draw_icon(ImGui::GetWindowDrawList(), Icon::Search, {min.x + ui.px(18), (min.y + max.y) / 2}, ui.px(15),
              ui.palette.text_soft);

  ImGui::SetCursorScreenPos({min.x + inset, min.y});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, (height - ui.body()->FontSize) / 2});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushFont(ui.body());
  ImGui::SetNextItemWidth(width - inset - ui.px(10));
  if (look.focus && !left) ImGui::SetKeyboardFocusHere();
  if (!look.enabled) ImGui::BeginDisabled();
  const std::string before = text;
  LineContext context{&text, &event};
  ImGuiInputTextFlags flags = ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_EnterReturnsTrue;
  if (look.password)
    flags |= ImGuiInputTextFlags_Password;
  else
    flags |= ImGuiInputTextFlags_CallbackHistory;
  event.entered =
      ImGui::InputText("##text", text.data(), text.capacity() + 1, flags, line_callback, &context);
  text.resize(std::strlen(text.c_str()));
  if (!look.enabled) ImGui::EndDisabled();
  event.changed = text != before;
  event.active = ImGui::IsItemActive();
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
  if (text.empty() && !look.hint.empty())
    draw_ellipsized(ImGui::GetWindowDrawList(), ui.body(),
                    {min.x + inset, min.y + (height - ui.body()->FontSize) / 2}, ui.palette.text_faint,
                    look.hint, width - inset - ui.px(10));
  ImGui::PopID();
  if (!look.password) ui.shown(text);
  ImGui::SetCursorScreenPos(min);
  ImGui::Dummy({width, height});
  ui.log(name, min, max, look.enabled, look.password ? std::string_view() : std::string_view(text));
  return event;
}

FieldEvent text_area(Ui& ui, std::string_view name, std::string& text, const FieldLook& look) {
  FieldEvent event;
  AreaState& area = ui.state.areas[std::string(name)];
  const float width = look.width > 0 ? look.width : ImGui::GetContentRegionAvail().x;
  const ImVec2 padding{ui.px(12), ui.px(8)};
  const float room = width - 2 * padding.x - ImGui::GetStyle().ScrollbarSize;
  const WrapParagraph wrap = [&](std::string_view paragraph) {
    return wrap_text(ui.body(), paragraph, room);
  };

  ImGui::PushID(name.data(), name.data() + name.size());
  const ImGuiID id = ImGui::GetID("##area");
  const bool left = escape_leaves(id);
  const bool was_active = ImGui::GetActiveID() == id;
  if (area.width != room || area.font != ui.body() || without_soft_breaks(area.shown) != text) {
    area.width = room;
    area.font = ui.body();
    area.shown = with_soft_breaks(text, wrap);
    area.buffer = area.shown;
    area.reload = was_active;
  }
  const auto lines = static_cast<int>(std::count(area.shown.begin(), area.shown.end(), '\n')) + 1;
  const float height =
      static_cast<float>(std::clamp(lines, look.min_lines, look.max_lines)) * ui.body()->FontSize +
      2 * padding.y;
  const ImVec2 min = ImGui::GetCursorScreenPos(), max{min.x + width, min.y + height};
  frame_box(ui, min, max, look, was_active);

  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, padding);
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, 0);
  ImGui::PushFont(ui.body());
  if (look.focus && !left) ImGui::SetKeyboardFocusHere();
  if (!look.enabled) ImGui::BeginDisabled();
  AreaContext context{&area, &wrap};
  const ImGuiInputTextFlags flags = ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_CallbackAlways |
                                    ImGuiInputTextFlags_NoUndoRedo;
  ImGui::InputTextMultiline("##area", area.buffer.data(), area.buffer.capacity() + 1, {width, height}, flags,
                            area_callback, &context);
  area.buffer.resize(std::strlen(area.buffer.c_str()));
  if (!look.enabled) ImGui::EndDisabled();
  event.active = ImGui::GetActiveID() == id;
  ImGui::PopFont();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(2);
  // When the field lost the keyboard in this very frame, the newer text is already in `shown`.
  if (!std::exchange(area.reload, false)) {
    std::string kept = without_soft_breaks(area.buffer);
    event.changed = kept != text;
    if (event.changed) text = std::move(kept);
  }
  if (text.empty() && !look.hint.empty())
    draw_wrapped(ImGui::GetWindowDrawList(), ui.body(), {min.x + padding.x, min.y + padding.y},
                 ui.palette.text_faint, look.hint, room);
  ImGui::PopID();
  ui.shown(text);
  ImGui::SetCursorScreenPos(min);
  ImGui::Dummy({width, height});
  ui.log(name, min, max, look.enabled, text);
  return event;
}

}  // namespace hada::ui
