#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

std::string text_of(const Ui& ui, const model::Toast& toast) {
  using model::ToastKind;
  switch (toast.kind) {
    case ToastKind::Failed: {
      const Text text = i18n::text_of_error(toast.error.code, toast.error.reason);
      const auto field = toast.error.metadata.find("field");
      return ui.f(text, {field == toast.error.metadata.end() ? std::string_view("–")
                                                             : std::string_view(field->second)});
    }
    case ToastKind::Reconnected:
      return ui.t(Text::ToastReconnected);
    case ToastKind::ReadSubmitted:
      return ui.t(Text::ToastReadSubmitted);
    case ToastKind::EarlierSent:
      return ui.f(Text::ToastEarlierSent, {toast.text});
    case ToastKind::ReadLate:
      return ui.t(Text::ToastReadLate);
    case ToastKind::ReadAmended:
      return ui.t(Text::ToastReadAmended);
    case ToastKind::CaseChanged:
      return ui.t(Text::ToastCaseChanged);
    case ToastKind::LeaseLost:
      return ui.t(Text::ToastLeaseLost);
    case ToastKind::QueueEmpty:
      return ui.t(Text::ToastQueueEmpty);
    case ToastKind::NoneHeld:
      return ui.t(Text::ToastNoneHeld);
    case ToastKind::SessionExpired:
      return ui.t(Text::ToastSessionExpired);
    case ToastKind::Copied:
      return ui.t(Text::ToastCopied);
    case ToastKind::ViewSaved:
      return ui.f(Text::ToastViewSaved, {toast.text});
    case ToastKind::ViewCopied:
      return ui.t(Text::ToastViewCopied);
    case ToastKind::ExportFailed:
      return ui.t(Text::ToastExportFailed);
    case ToastKind::Registered:
      return ui.f(Text::ToastRegistered, {toast.text});
    case ToastKind::TooManyAnnotations:
      return ui.t(Text::ToastTooManyAnnotations);
    case ToastKind::RestApproved:
      return ui.f(Text::ToastRestApproved, {toast.text});
    case ToastKind::AdjustmentsNotShown:
      return ui.t(Text::ToastAdjustmentsNotShown);
    case ToastKind::CaseArrived:
      return ui.f(toast.text == "1" ? Text::LiveArrivedOne : Text::LiveArrivedMany,
                  {ui.t(i18n::text_of(toast.view)), toast.text});
    case ToastKind::Decided:
      break;
  }
  switch (toast.decision) {
    case DecisionKind::Adjudicate:
      return ui.t(Text::ToastDecidedAdjudicate);
    case DecisionKind::NoConsensus:
      return ui.t(Text::ToastDecidedNoConsensus);
    case DecisionKind::MoreReads:
      return ui.t(Text::ToastDecidedMoreReads);
    case DecisionKind::Approve:
      return ui.t(Text::ToastDecidedApprove);
    case DecisionKind::Reject:
      return ui.t(Text::ToastDecidedReject);
    case DecisionKind::Return:
      return ui.t(Text::ToastDecidedReturn);
    case DecisionKind::Reopen:
      return ui.t(Text::ToastDecidedReopen);
    case DecisionKind::Unspecified:
      break;
  }
  return ui.t(Text::DecisionUnspecified);
}

std::string_view action_text(const Ui& ui, model::ToastAction action) {
  switch (action) {
    case model::ToastAction::NextCase:
      return ui.t(Text::NextCase);
    case model::ToastAction::UndoDecision:
      return ui.t(Text::ToastUndo);
    case model::ToastAction::OpenCase:
      return ui.t(Text::ToastOpen);
    case model::ToastAction::None:
      break;
  }
  return {};
}

Icon icon_of(model::ToastLevel level) {
  switch (level) {
    case model::ToastLevel::Success:
      return Icon::Check;
    case model::ToastLevel::Info:
      return Icon::Info;
    case model::ToastLevel::Warning:
    case model::ToastLevel::Error:
      break;
  }
  return Icon::Warning;
}

}  // namespace

void toasts_panel(Ui& ui, const Rect& rect) {
  const auto& toasts = ui.model.toasts.list();
  const Palette& p = ui.palette;
  const float width = std::min(ui.px(460), rect.width() - ui.px(24));
  float bottom = rect.max.y - ui.px(16);
  const float left = std::round((rect.min.x + rect.max.x - width) / 2);
  for (size_t i = toasts.size(); i-- > 0;) {
    const model::Toast& toast = toasts[i];
    const std::string text = text_of(ui, toast);
    const std::string_view action = action_text(ui, toast.action);
    const ButtonLook look{.small = true};
    const float low = button_height(ui, true), padding = ui.px(12), inset = ui.px(40);
    const float action_width = action.empty() ? 0 : button_width(ui, action, look) + ui.px(10);
    const float text_width = width - inset - action_width - low - ui.px(14);
    const float text_height = wrapped_size(ui.body(), ui.shown(text), text_width).y;
    const float height = std::max(text_height, low) + 2 * padding;
    const ImVec2 max{left + width, bottom}, min{left, bottom - height};
    bottom = min.y - ui.px(8);

    const std::string id = "toast." + std::to_string(toast.id);
    ImGui::SetNextWindowPos(min);
    ImGui::SetNextWindowSize({width, height});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, p.dark ? p.hover : IM_COL32_WHITE);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(8));
    ImGui::Begin(id.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    // Above whatever was clicked last; only the help lies over it.
    if (!ui.state.help_open) ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 colour = colour_of(p, toast.level);
    list->AddRect(min, max, p.line_strong, ui.px(8));
    list->AddRectFilled(min, {min.x + ui.px(4), max.y}, colour, ui.px(8), ImDrawFlags_RoundCornersLeft);
    draw_icon(list, icon_of(toast.level), {min.x + ui.px(22), (min.y + max.y) / 2}, ui.px(16), colour);
    draw_wrapped(list, ui.body(), {min.x + inset, (min.y + max.y - text_height) / 2}, p.text, text,
                 text_width);
    const float y = std::round((min.y + max.y - low) / 2);
    if (!action.empty()) {
      ImGui::SetCursorScreenPos({max.x - low - ui.px(8) - action_width, y});
      if (button(ui, "toast.action." + std::to_string(i), action, look))
        ui.wish(model::intent::TakeToastAction{toast.id});
    }
    ImGui::SetCursorScreenPos({max.x - low - ui.px(8), y});
    if (icon_button(ui, "toast.close." + std::to_string(i), Icon::Cross, {}, {.small = true}))
      ui.wish(model::intent::DismissToast{toast.id});
    ui.log("toast." + std::to_string(i), min, max, true, text);
    ImGui::End();
  }
}

}  // namespace hada::ui
