#pragma once

// What the forms of QA's decisions are made of. They keep what is typed in ApprovalState.

#include <string>
#include <string_view>

#include "client/ui/frame.h"
#include "client/ui/widgets.h"
#include "contract/reason_codes.h"

namespace hada::ui {

struct ActionLook {
  ButtonKind kind = ButtonKind::Primary;
  bool ready = true;
  bool may_cancel = false;
};
// What is lacking (empty: nothing), a button that leaves the form, and the one that acts; true when it was
// pressed.
bool action_row(Ui& ui, std::string_view name, std::string_view label, std::string_view problem,
                const ActionLook& look = {});
// The same for a decision, which it sends.
void send_row(Ui& ui, std::string_view name, Text label, const model::intent::Decide& decision,
              ButtonKind kind, bool may_cancel);
// The diagnosis of a decision or of an answer to a panel: from the reads by a click, or by search.
void term_field(Ui& ui, const model::OpenCase& open);
void rationale_field(Ui& ui, Text hint);
void comment_field(Ui& ui, Text hint);
// One of the codes that fit; chips are named name + the code's number.
void code_chips(Ui& ui, const std::string& name, Text title, contract::CodeUse use);

// Sends the case back to readers or its site.
void return_form(Ui& ui, const model::OpenCase& open, bool may_cancel);

}  // namespace hada::ui
