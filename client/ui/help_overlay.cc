#include <imgui_internal.h>

#include <algorithm>
#include <vector>

#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

struct Line {
  const char* keys;  // as printed on the keys; empty: `spoken`
  Text what;
  Text spoken = Text::Help;
};

constexpr Line kReading[] = {
    {"D", Text::HelpDiagnosis},         {"↑ ↓  Enter", Text::HelpPick},   {"↑ ↓", Text::HelpSelectRow},
    {"1 – 5", Text::HelpConfidence},    {"Alt+↑  Alt+↓", Text::HelpMove}, {"T", Text::HelpTie},
    {"Delete", Text::HelpDelete},       {"G", Text::HelpGradable},        {"N", Text::HelpNote},
    {"Ctrl+Z  Ctrl+Y", Text::HelpUndo}, {"Ctrl+Enter", Text::HelpSubmit}, {"Ctrl+Enter", Text::HelpNext}};
constexpr Line kViewer[] = {{"", Text::HelpPan, Text::HelpPanKeys},
                            {"", Text::HelpSideways, Text::HelpSidewaysKeys},
                            {"", Text::HelpZoom, Text::HelpZoomKeys},
                            {"", Text::HelpZoomIn, Text::HelpDoubleClick},
                            {"F", Text::HelpFit},
                            {"1", Text::HelpOneToOne},
                            {"Alt+1 … Alt+6", Text::HelpPresets},
                            {"R  Shift+R", Text::HelpTurn},
                            {"", Text::HelpTurnFree, Text::HelpTurnKeys},
                            {"X", Text::ViewerMirror},
                            {"0", Text::ViewerUpright},
                            {"M", Text::HelpLens},
                            {"#", Text::ViewerGrid},
                            {"Ctrl+C  Ctrl+S", Text::HelpCopySave},
                            {"C", Text::AdjustTitle},
                            {"H", Text::ViewerImagesOnly},
                            {"F11", Text::ViewerFullScreen}};
constexpr Line kImages[] = {{"PageUp  PageDown", Text::HelpPane}, {"L  Shift+L", Text::HelpLinkKeys},
                            {"P", Text::ViewerRegister},          {"Enter", Text::HelpMark},
                            {"BackSpace", Text::HelpMarkUndo},    {"B", Text::ViewerCompare},
                            {"Shift+← →", Text::HelpSplit}};
constexpr Line kGeneral[] = {{"↑ ↓  Enter", Text::HelpList},
                             {"Esc", Text::HelpEscape},
                             {"Alt+←", Text::HelpBack},
                             {"?", Text::HelpHelp}};

// A group of lines in a column; returns the height.
float group(Ui& ui, ImVec2 at, float width, Text title, const Line* lines, size_t count) {
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  float y = at.y;
  draw_text(list, ui.strong(), {at.x, y}, p.accent, ui.t(title));
  y += ui.strong()->FontSize + ui.px(8);
  float key_width = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::string_view keys = lines[i].keys[0] ? lines[i].keys : ui.t(lines[i].spoken);
    key_width = std::max(key_width, text_size(ui.small(), keys).x);
  }
  key_width += ui.px(16);
  for (size_t i = 0; i < count; ++i) {
    const std::string_view keys = lines[i].keys[0] ? lines[i].keys : ui.t(lines[i].spoken);
    const float box = text_size(ui.small(), keys).x + ui.px(14), text_width = width - key_width - ui.px(10);
    const float height = std::max(ui.px(24), wrapped_size(ui.body(), ui.t(lines[i].what), text_width).y);
    list->AddRectFilled({at.x, y + 1}, {at.x + box, y + ui.px(23)}, p.raised, ui.px(4));
    list->AddRect({at.x, y + 1}, {at.x + box, y + ui.px(23)}, p.line_strong, ui.px(4));
    draw_text(list, ui.small(), {at.x + ui.px(7), y + ui.px(12) - ui.small()->FontSize / 2}, p.text, keys);
    draw_wrapped(list, ui.body(), {at.x + key_width + ui.px(10), y + ui.px(12) - ui.body()->FontSize / 2},
                 p.text, ui.t(lines[i].what), text_width);
    y += height + ui.px(6);
  }
  return y - at.y;
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
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());  // a message that comes now stays behind
  // Three columns; in a small window two, and the rest by scrolling.
  const float padding = ui.px(28), width = std::min(ui.px(1240), size.x - ui.px(32));
  const int columns = width >= ui.px(1000) ? 3 : 2;
  const float height = std::min(ui.px(720), size.y - ui.px(32));
  const ImVec2 min{std::round(origin.x + (size.x - width) / 2), std::round(origin.y + (size.y - height) / 2)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, {min.x + width, min.y + height}, ui.palette.panel, ui.px(12));
  list->AddRect(min, {min.x + width, min.y + height}, ui.palette.line_strong, ui.px(12));

  draw_text(list, ui.heading(), {min.x + padding, min.y + padding - ui.px(4)}, ui.palette.text,
            ui.t(Text::HelpTitle));
  const float side = button_height(ui, false);
  ImGui::SetCursorScreenPos({min.x + width - padding - side + ui.px(8), min.y + padding - ui.px(10)});
  if (icon_button(ui, "help.close", Icon::Cross, ui.t(Text::Close))) ui.state.help_open = false;

  const float top = min.y + padding + ui.px(40), low = min.y + height - padding - ui.px(14);
  ImGui::SetCursorScreenPos({min.x + padding, top});
  ImGui::BeginChild("keys", {width - 2 * padding, low - top});
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float count = static_cast<float>(columns), between = ui.px(26);
  const float column = (width - 2 * padding - ui.px(14) - (count - 1) * between) / count;
  const auto x_of = [&](int i) { return start.x + static_cast<float>(i) * (column + between); };
  float reading = group(ui, start, column, Text::HelpGroupRead, kReading, std::size(kReading));
  const float viewer =
      group(ui, {x_of(1), start.y}, column, Text::HelpGroupViewer, kViewer, std::size(kViewer));
  float last = 0;
  const auto below = [&](int i, float& used, Text title, const Line* lines, size_t number) {
    if (used > 0) used += ui.px(14);
    used += group(ui, {x_of(i), start.y + used}, column, title, lines, number);
  };
  float& images = columns == 3 ? last : reading;
  const int images_column = columns == 3 ? 2 : 0;
  below(images_column, images, Text::HelpGroupImages, kImages, std::size(kImages));
  below(images_column, images, Text::HelpGroupGeneral, kGeneral, std::size(kGeneral));
  ImGui::SetCursorScreenPos(start);
  ImGui::Dummy({1, std::max({reading, viewer, last})});
  ImGui::EndChild();

  std::string versions = ui.f(Text::VersionClient, {ui.resources.version});
  if (!ui.model.session.server_version.empty())
    versions += "   ·   " + ui.f(Text::VersionServer, {ui.model.session.server_version});
  draw_text(list, ui.small(), {min.x + padding, min.y + height - padding - ui.px(2)}, ui.palette.text_faint,
            versions);

  const bool outside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
                       !ImGui::IsMouseHoveringRect(min, {min.x + width, min.y + height}, false);
  if (outside || key_pressed(ImGuiKey_Escape)) ui.state.help_open = false;
  ImGui::End();
}

}  // namespace hada::ui
