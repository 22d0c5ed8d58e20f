// The list of keys, where each that is not fixed can be changed, by mouse or keyboard.

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "client/ui/key_binding.h"
#include "client/ui/key_list.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

// What can be done now, or the versions; and the way back to the defaults.
void footer(Ui& ui, ImVec2 min, ImVec2 max) {
  const HelpState& help = ui.state.help;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool any = !ui.model.settings.keys.empty(), chosen = help.selected == reset_index();
  const ButtonLook look{.icon = Icon::Undo, .enabled = any, .small = true};
  const float width = button_width(ui, ui.t(Text::KeysReset), look), low = button_height(ui, true);
  const ImVec2 at{max.x - width, std::round((min.y + max.y - low) / 2)};
  ImGui::SetCursorScreenPos(at);
  const bool pressed = button(ui, "help.reset", ui.t(Text::KeysReset), look);
  if (chosen)
    list->AddRect({at.x - 2, at.y - 2}, {at.x + width + 2, at.y + low + 2}, ui.palette.accent, ui.px(8));
  const bool entered = chosen && any && !asks_about_keys(ui) && !help.capturing && enter_pressed();
  if (pressed || entered) {
    end_binding(ui);
    ui.state.help.ask_reset = true;
    ui.state.animating = true;
  }

  std::string text = ui.f(Text::VersionClient, {ui.resources.version});
  ImU32 colour = ui.palette.text_faint;
  if (!ui.model.session.server_version.empty())
    text += "   ·   " + ui.f(Text::VersionServer, {ui.model.session.server_version});
  if (help.capturing) {
    text = help.refused.empty() ? ui.t(Text::KeysPressHint) : help.refused;
    colour = help.refused.empty() ? ui.palette.text : ui.palette.warn;
  }
  draw_ellipsized(list, ui.small(), {min.x, (min.y + max.y - ui.small()->FontSize) / 2}, colour, text,
                  at.x - min.x - ui.px(16));
  ui.log("help.footer", min, {at.x - ui.px(16), max.y}, true, text);
}

}  // namespace

void help_overlay(Ui& ui) {
  if (!ui.state.help_open) return;
  const ImVec2 size = ImGui::GetMainViewport()->Size, origin = ImGui::GetMainViewport()->Pos;
  ImGui::SetNextWindowPos(origin);
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32(5, 7, 10, 150));
  ImGui::Begin("help", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoNav);
  ImGui::PopStyleColor();
  if (ImGui::IsWindowAppearing()) {
    ImGui::SetWindowFocus();
    ui.state.help = {};
  }
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());  // a message that comes now stays behind
  const float padding = ui.px(26), width = std::min(ui.px(1240), size.x - ui.px(32));
  const float height = std::min(ui.px(790), size.y - ui.px(8));
  const ImVec2 min{std::round(origin.x + (size.x - width) / 2), std::round(origin.y + (size.y - height) / 2)};
  const ImVec2 max{min.x + width, min.y + height};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, ui.palette.panel, ui.px(12));
  list->AddRect(min, max, ui.palette.line_strong, ui.px(12));

  const float side = button_height(ui, false), top = min.y + ui.px(14);
  const float left = min.x + padding, right = max.x - padding, middle = top + side / 2;
  const std::string_view title = ui.t(Text::HelpTitle);
  draw_text(list, ui.heading(), {left, middle - ui.heading()->FontSize / 2}, ui.palette.text, title);
  const float hint = left + text_size(ui.heading(), title).x + ui.px(18);
  draw_ellipsized(list, ui.small(), {hint, middle - ui.small()->FontSize / 2 + ui.px(1)},
                  ui.palette.text_soft, ui.t(Text::KeysHint), right - side - hint - ui.px(10));
  ImGui::SetCursorScreenPos({right - side + ui.px(8), top});
  const bool closed = icon_button(ui, "help.close", Icon::Cross, ui.t(Text::Close));

  const bool busy = ui.state.help.busy();
  list_of_keys(ui, {left - ui.px(6), top + side + ui.px(8)}, {right + ui.px(12), max.y - ui.px(46)});
  footer(ui, {left, max.y - ui.px(42)}, {right, max.y - ui.px(8)});
  const bool clicked = ImGui::IsMouseClicked(ImGuiMouseButton_Left);
  const bool outside = clicked && !ImGui::IsMouseHoveringRect(min, max, false);
  if (busy) {
    key_question(ui, min, max);
    take_chord(ui);
  }
  if (closed || (!busy && (outside || key_pressed(ImGuiKey_Escape)))) ui.state.help_open = false;
  if (busy && outside) end_binding(ui);
  if (!ui.state.help_open) end_binding(ui);
  ImGui::End();
}

}  // namespace hada::ui
