#pragma once

// What a reader draws on the images of a case: part of a read's content. An annotation never changes; an edit
// puts another one in its place. So contents, revisions and the history of edits share those that stay the
// same.

#include <memory>
#include <string>
#include <vector>

#include "contract/geometry.h"

namespace hada::model {

struct Annotation {
  std::string id;         // unique within the read
  std::string image;      // "images/i9"
  contract::Shape shape;  // on the grid (contract::to_grid)
  std::string term;       // "terms/psoriasis", or empty
  std::string note;
  bool operator==(const Annotation&) const = default;
};
inline constexpr size_t kMaxAnnotationNoteCharacters = 500;

using SharedAnnotation = std::shared_ptr<const Annotation>;

// In the order in which they lie over each other, the lowest first. Compared by what they say.
struct Annotations {
  std::vector<SharedAnnotation> list;
  bool operator==(const Annotations& other) const;
};

}  // namespace hada::model
