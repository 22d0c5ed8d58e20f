#include "client/ui/worklist_tools.h"

#include "client/ui/standing.h"
#include "client/ui/widgets.h"

namespace hada::ui {

void order_button(Ui& ui) {
  const model::WorklistFilter& now = ui.model.worklist.filter;
  const auto text_of = [](WorklistOrder order) {
    return order == WorklistOrder::Doubt ? Text::OrderDoubt : Text::OrderAge;
  };
  const std::string text = std::string(ui.t(Text::OrderTitle)) +
                           (ui.language == Language::Japanese ? "：" : ": ") +
                           std::string(ui.t(text_of(now.order)));
  if (button(ui, "worklist.order", text,
             {.icon = Icon::ChevronDown,
              .small = true,
              .pressed = now.order == WorklistOrder::Doubt,
              .tooltip = ui.t(Text::OrderHint)}))
    ImGui::OpenPopup("orders");
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(8), ui.px(8)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(2)});
  if (ImGui::BeginPopup("orders")) {
    for (const WorklistOrder order : {WorklistOrder::Age, WorklistOrder::Doubt}) {
      const std::string item = "worklist.order." + std::to_string(static_cast<int>(order));
      if (check_row(ui, item, ui.t(text_of(order)), now.order == order, true)) {
        model::WorklistFilter filter = now;
        filter.order = order;
        ui.wish(model::intent::SetFilter{std::move(filter)});
        ImGui::CloseCurrentPopup();
      }
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

float standing_band(Ui& ui, ImVec2 at, float width) {
  const auto& standing = ui.model.session.standing;
  if (!standing) return 0;
  const ButtonLook look{.icon = Icon::Chart, .small = true};
  const float beside = button_width(ui, ui.t(Text::StandingOpen), look);
  ImGui::SetCursorScreenPos(at);
  if (!standing_notice(ui, "worklist.standing", *standing, true, width - beside - ui.px(12))) return 0;
  const float height = ImGui::GetItemRectSize().y;
  ImGui::SetCursorScreenPos({at.x + width - beside, at.y + (height - button_height(ui, true)) / 2});
  if (button(ui, "worklist.statistics", ui.t(Text::StandingOpen), look))
    ui.wish(model::intent::ShowStatistics{});
  return height + ui.px(12);
}

}  // namespace hada::ui
