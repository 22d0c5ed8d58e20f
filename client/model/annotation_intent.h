#pragma once

// Wishes about annotations (intent.h). Where a read is written they change it, each as one step of its undo;
// where one only looks, measures are kept until the case is closed, and everything else is refused. "The
// selected" are those of OpenCase::panes.marks.

#include <string>
#include <vector>

#include "client/model/annotations.h"

namespace hada::model::intent {

// Adds what has no id yet (and selects it), puts the others in the place of their namesakes. All or nothing:
// a shape that cannot be (contract::problem_of) or one too many changes nothing.
struct PutAnnotations {
  std::vector<Annotation> annotations;
};
// Names of annotations that can be changed now; others are left out.
struct SelectAnnotations {
  std::vector<std::string> ids;
};
struct RemoveSelected {};
// Two or more regions of one image become one, with the first one's term and note.
struct MergeSelected {};
// The selected regions of the image that the line parts become several.
struct SplitSelected {
  std::string image;
  contract::Path cut;
};
// The outlines and lines get as few points as the tolerance (level-0 pixels) allows.
struct SimplifySelected {
  double tolerance;
};
// Paints to the selected region of the image, or a new one, or rubs out of it. Radius in level-0 pixels.
struct Paint {
  std::string image;
  contract::Path way;
  double radius;
  bool erase;
  std::string term;  // of a new region
  double tolerance;  // level-0 pixels: as few points as this allows
};
// Of the selected; the empty term takes it away.
struct SetAnnotationTerm {
  std::string term;
};
struct SetAnnotationNote {
  std::string note;
};

// Which annotations are shown. A reader is "users/sato"; a term "terms/psoriasis", or empty for those
// without.
struct ShowAnnotations {
  bool on;
};
struct ShowReader {
  std::string reader;
  bool on;
};
struct ShowTerm {
  std::string term;
  bool on;
};

}  // namespace hada::model::intent
