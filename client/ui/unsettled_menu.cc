// Reads and amendments that the server refused: what was written, why it was refused, and what to do.

#include "client/ui/format.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

void one(Ui& ui, const model::Unsettled& unsettled) {
  const std::string number = std::to_string(unsettled.id);
  hairline(ui);
  gap(ui, 10);
  const std::string id = model::id_of(unsettled.case_name);
  std::string title(ui.t(unsettled.amendment ? Text::UnsettledAmendment : Text::UnsettledRead));
  title += " · " + (id.size() > 10 ? id.substr(id.size() - 8) : id);
  label(ui, title, {ui.strong(), 0});
  for (const model::Diagnosis& diagnosis : unsettled.work.content.differential)
    label(ui, std::to_string(diagnosis.rank) + ". " + std::string(names_of(ui, diagnosis.term).first));
  if (!unsettled.work.content.gradable)
    label(ui, ui.t(i18n::text_of(unsettled.work.content.ungradable_reason)));
  const Text why = i18n::text_of_error(unsettled.error.code, unsettled.error.reason);
  paragraph(ui, ui.f(why, {"–"}), {ui.small(), ui.palette.warn});
  gap(ui, 8);
  if (button(ui, "unsettled.open." + number, ui.t(Text::ToastOpen), {.small = true})) {
    ui.wish(model::intent::TakeUpUnsettled{unsettled.id});
    ImGui::CloseCurrentPopup();
  }
  ImGui::SameLine(0, ui.px(8));
  // The only copy of what somebody wrote: asked twice.
  const bool sure = ui.state.discarding == unsettled.id;
  if (button(ui, "unsettled.discard." + number, ui.t(sure ? Text::UnsettledConfirm : Text::UnsettledDiscard),
             {.kind = sure ? ButtonKind::Danger : ButtonKind::Quiet, .small = true})) {
    if (sure) ui.wish(model::intent::DiscardUnsettled{unsettled.id});
    ui.state.discarding = sure ? 0 : unsettled.id;
  }
}

}  // namespace

void unsettled_menu(Ui& ui) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(14)});
  if (ImGui::BeginPopup("unsettled_menu")) {
    ImGui::Dummy({ui.px(380), 0});
    label(ui, ui.t(Text::UnsettledTitle), {ui.strong(), 0});
    paragraph(ui, ui.t(Text::UnsettledHint), {ui.small(), ui.palette.text_soft});
    for (const model::Unsettled& unsettled : ui.model.unsettled) {
      gap(ui, 12);
      one(ui, unsettled);
    }
    if (ui.model.unsettled.empty()) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  } else {
    ui.state.discarding = 0;
  }
  ImGui::PopStyleVar();
}

}  // namespace hada::ui
