#include "client/ui/side_panel.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "client/ui/widgets.h"

namespace hada::ui {

void side_panel(Ui& ui, const char* id, const Rect& rect, float& footer_height,
                const std::function<void()>& content, const std::function<void()>& footer) {
  const Region region(ui, id, rect.min, rect.max, ui.palette.panel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float margin = ui.px(16);
  // The content always keeps a part, however long the footer's form is; then the footer scrolls.
  const float most = rect.height() * 0.62f;
  const float low = std::min(footer_height, most);
  const float split = rect.max.y - low;

  ImGui::SetCursorScreenPos(rect.min);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {margin, margin});
  ImGui::BeginChild("content", {rect.width(), split - rect.min.y}, false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding);
  content();
  ImGui::EndChild();

  // While the footer is empty it is measured in a strip that takes no mouse; one of no height would not be
  // laid out.
  const float strip = std::max(low, ui.px(40));
  ImGui::SetCursorScreenPos({rect.min.x, rect.max.y - strip});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {margin, ui.px(12)});
  ImGui::BeginChild("footer", {rect.width(), strip}, false,
                    ImGuiWindowFlags_AlwaysUseWindowPadding | (low > 0 ? 0 : ImGuiWindowFlags_NoInputs));
  // Its right edge stands where the content's does, left of the scroll bar. While a form grows it has a bar
  // of its own for a frame; were it narrower by that, its height would be measured wrong and stay so.
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (!window->ScrollbarY) window->ContentRegionRect.Max.x -= ImGui::GetStyle().ScrollbarSize;
  const float top = ImGui::GetCursorScreenPos().y;
  footer();
  const float used = ImGui::GetCursorScreenPos().y - top;
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  if (low > 0) list->AddLine({rect.min.x, split}, {rect.max.x, split}, ui.palette.line);
  list->AddLine(rect.min, {rect.min.x, rect.max.y}, ui.palette.line);

  const float needed = used > 1 ? std::round(used - ImGui::GetStyle().ItemSpacing.y + ui.px(24)) : 0;
  if (needed != footer_height) {
    footer_height = needed;
    ui.state.animating = true;  // shown right in the next frame
  }
}

}  // namespace hada::ui
