#pragma once

#include "client/ui/frame.h"

namespace hada::ui {

// The footer of the review: the decisions the case's state allows, and the form of the one being made.
void decision_form(Ui& ui, const model::OpenCase& open);

}  // namespace hada::ui
