#pragma once

// Panes that go together: which map leads from one image to another, and the views that follow. Pure.

#include <optional>
#include <string>
#include <vector>

#include "client/model/panes.h"

namespace hada::model {

// Links or unlinks one pane, or all. Where the pixels' sizes are known the others take the active pane's
// physical scale; the middles of the panes correspond from now on.
void set_linked(Panes& panes, const std::vector<Image>& images, size_t pane, bool on);
void set_all_linked(Panes& panes, const std::vector<Image>& images, bool on);
// After another image came into a linked pane: the middles correspond anew.
void relink(Panes& panes, const std::vector<Image>& images);

// The other linked panes show what `leader` shows; nothing while two images are being registered. Returns the
// panes that moved.
std::vector<size_t> move_linked(Panes& panes, size_t leader);

// From one image to another, as a reader registered them.
std::optional<Affine> registered_map(const Panes& panes, const std::string& from, const std::string& to);

// --- registration, point by point ---
// With the active pane's image and the next pane's; false where there are no two.
bool start_registration(Panes& panes, const std::vector<Image>& images);
// The residual's registration once the last pair was accepted: both panes are then linked and in place.
std::optional<Registration> mark_point(Panes& panes, const std::vector<Image>& images, size_t pane,
                                       PointD image);
void undo_point(Panes& panes);
void forget_registration(Panes& panes, const std::vector<Image>& images);

// --- comparison ---
bool start_comparison(Panes& panes, const std::vector<Image>& images);
// The view of the image that lies over the compared pane, in a pane of the same size: registered, else
// linked, else with both images' middles and scales (or sizes, where a scale is unknown) on each other.
Viewport comparison_view(const Panes& panes, const std::vector<Image>& images);

}  // namespace hada::model
