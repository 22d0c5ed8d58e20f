#pragma once

// The viewer's wishes beyond moving about (intent.h): direction, panes that go together, comparison, export.
// `pane` is an index into Panes::panes.

#include <cstddef>
#include <cstdint>
#include <string>

#include "client/model/viewport.h"

namespace hada::model {

enum class ExportTarget : int32_t { File, Clipboard };

namespace intent {

struct TurnBy {
  size_t pane;
  double degrees;  // clockwise on the screen
};
struct Mirror {
  size_t pane;
};
// Neither turned nor mirrored.
struct Upright {
  size_t pane;
};
struct ZoomTo {
  size_t pane;
  double zoom;  // display pixels per level-0 pixel
};

// A pane goes with the other linked ones.
struct SetLinked {
  size_t pane;
  bool on;
};
struct LinkAll {
  bool on;
};

// Begins to register the active pane's image with the next pane's, or gives up when that is going on.
struct ToggleRegistration {};
// A point of the pair that is wanted; in the pane that has just got one: puts that one elsewhere.
struct MarkPoint {
  size_t pane;
  PointD image;  // level-0 pixels
};
struct UndoPoint {};
// Forgets the registration of the two images that are being registered.
struct ForgetRegistration {};

// Another image over the active pane's, parted by a line.
struct Compare {
  bool on;
};
struct CompareWith {
  std::string image;
};
struct SetSplit {
  double part;  // of the pane's width that shows its own image; 0 to 1
};

// The pane's picture as shown, with its scale bar, without any label.
struct ExportView {
  size_t pane;
  ExportTarget target;
};
// The app's answer to effect::ExportView; not a user's wish.
struct ViewExported {
  ExportTarget target;
  bool ok;
  std::string path;  // of the file
};
struct ToggleFullScreen {};
struct SetReducedMotion {
  bool on;
};

}  // namespace intent
}  // namespace hada::model
