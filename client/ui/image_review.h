#pragma once

// QA's look at single images: which of them go into what is approved.

#include "client/ui/frame.h"
#include "client/ui/panels.h"

namespace hada::ui {

// A row for each image of the open case, with its choice while that may be made.
void image_review(Ui& ui, const model::OpenCase& open);

// The key that includes the active image or leaves it out.
void image_review_key(Ui& ui);

// The image's thumbnail with rounded corners: its middle, as wide for its height as the place is (`aspect`).
void draw_thumbnail(Ui& ui, const std::string& image, ImVec2 min, ImVec2 max, float aspect = 1);
// Over a thumbnail: QA leaves the image out.
void draw_left_out(Ui& ui, ImVec2 min, ImVec2 max);

}  // namespace hada::ui
