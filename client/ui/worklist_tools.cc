#include "client/ui/worklist_tools.h"

#include "client/ui/standing.h"
#include "client/ui/widgets.h"

namespace hada::ui {

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
