#pragma once

// Comments of reviewers on the open case: their list with the one that is being written, and their pins over
// the images.

#include "client/ui/frame.h"
#include "client/ui/viewer_overlays.h"

namespace hada::ui {

// At the top of the review's panel: leads to the section below.
void comment_jump(Ui& ui, const model::OpenCase& open);
// A part of the review's panel.
void comment_section(Ui& ui, const model::OpenCase& open);

// The key: the next comment is pinned under the mouse, or in the middle of the active pane.
void comment_key(Ui& ui);

// Over an image: a numbered pin for each thread, and one for the comment that is being written.
void comment_pins(Ui& ui, const PaneView& view);
// While the place of a new comment is chosen the click belongs to it; true then. `cursor`: display pixels in
// the pane.
bool place_comment(Ui& ui, const PaneView& view, model::PointD cursor);

// The comment that is being written is another person's or case's no more. Once a frame, before the others.
void comments_begin_frame(Ui& ui);
// A thread's number in a pin whose tip is at `tip`, or as a disc around it.
void draw_comment_pin(Ui& ui, ImDrawList* list, ImVec2 tip, std::string_view number, bool resolved,
                      bool chosen);

}  // namespace hada::ui
