#pragma once

// The part of DecisionService that is about panels (docs/decisions/0010-panels.md).

#include "contract/result.h"
#include "hada/v1/decision.pb.h"
#include "server/core/context.h"
#include "server/store/panels.h"

namespace hada::handlers {

Result<v1::PanelState> get_panel(core::Context& context, const v1::GetPanelRequest& request);
Result<v1::PanelState> convene_panel(core::Context& context, const v1::ConvenePanelRequest& request);
Result<v1::PanelState> answer_panel(core::Context& context, const v1::AnswerPanelRequest& request);
Result<v1::PanelState> withdraw_panel_answer(core::Context& context,
                                             const v1::WithdrawPanelAnswerRequest& request);
Result<v1::PanelState> dissolve_panel(core::Context& context, const v1::DissolvePanelRequest& request);

// With what the caller may see of the answers: while an open panel votes, only their own.
v1::Panel panel_message(const core::Context& context, const store::PanelRow& row);

}  // namespace hada::handlers
