#pragma once

// QA's panel on the open case: what is shown of it, and what it wants of the user.

#include "client/ui/frame.h"

namespace hada::ui {

// The open panel as it stands; nothing where the case has none.
void panel_card(Ui& ui, const model::OpenCase& open);
// What each member said, below a decision.
void panel_answers(Ui& ui, const model::Panel& panel);

// In the footer: convene a panel, answer the open one, or decide as it says.
void panel_form(Ui& ui, const model::OpenCase& open);

}  // namespace hada::ui
