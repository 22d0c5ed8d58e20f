#include "server/handlers/read_annotations.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "contract/geometry.h"
#include "contract/names.h"
#include "contract/path_steps.h"
#include "server/core/errors.h"
#include "server/handlers/read_content.h"
#include "server/images/stored_image.h"

namespace hada::handlers {
namespace {

constexpr size_t kMaxId = 32;
constexpr size_t kMaxNote = 500;

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= kMaxId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// Sizes of the case's images in level-0 pixels, by name; looked up in the stored pyramid when first asked
// for.
class ImageSizes {
 public:
  struct Size {
    double width = 0, height = 0;  // 0 while the image is being checked
  };

  explicit ImageSizes(const std::vector<store::ImageRow>& images) {
    for (const store::ImageRow& image : images) rows_[contract::image_name(image.image_id)] = &image;
  }

  // Null: not an image of the case, or not one that can be drawn on.
  Result<const Size*> find(const std::string& name) {
    if (const auto known = sizes_.find(name); known != sizes_.end()) return &known->second;
    const auto row = rows_.find(name);
    if (row == rows_.end() || row->second->pyramid.empty()) return static_cast<const Size*>(nullptr);
    ASSIGN_OR_RETURN(const images::StoredImage image, images::stored_image_from_json(row->second->pyramid));
    const contract::PyramidLevel& full = image.levels.front().geometry;
    const Size size{static_cast<double>(full.width), static_cast<double>(full.height)};
    return &(sizes_[name] = size);
  }

 private:
  std::map<std::string, const store::ImageRow*> rows_;
  std::map<std::string, Size> sizes_;
};

const char* expected_of(contract::ShapeProblem problem) {
  switch (problem) {
    case contract::ShapeProblem::Kind:
      return "a kind of the protocol";
    case contract::ShapeProblem::Paths:
      return "one path, or for an outline one or more";
    case contract::ShapeProblem::Points:
      return "as many points as its kind has, at most 50,000";
    case contract::ShapeProblem::Outside:
      return "points on the image";
    case contract::ShapeProblem::Collapsed:
      return "a shape with an extent, of a box the least corner first";
  }
  return "a shape";
}

Status check_totals(const v1::ReadContent& content) {
  size_t points = 0;
  for (const v1::Annotation& annotation : content.annotations())
    for (const v1::AnnotationPath& path : annotation.paths())
      points += static_cast<size_t>(path.steps_size()) / 2;
  if (static_cast<size_t>(content.annotations_size()) > contract::kMaxAnnotations ||
      points > contract::kMaxAnnotationPoints)
    return core::bad_field("content.annotations", "at most 2,000 with 200,000 points in all");
  return {};
}

// `which` is what the error's `expected` ends with.
Status check_shape(const v1::Annotation& annotation, const ImageSizes::Size& size, const std::string& which) {
  contract::Shape shape{static_cast<AnnotationKind>(annotation.kind()), {}};
  for (const v1::AnnotationPath& sent : annotation.paths()) {
    auto path = contract::path_of_steps({sent.steps().data(), static_cast<size_t>(sent.steps_size())});
    if (!path)
      return core::bad_field("content.annotations.paths.steps",
                             "pairs that lead to points on the image" + which);
    shape.paths.push_back(std::move(*path));
  }
  if (const auto problem = contract::problem_of(shape, size.width, size.height))
    return core::bad_field(
        *problem == contract::ShapeProblem::Kind ? "content.annotations.kind" : "content.annotations.paths",
        expected_of(*problem) + which);
  return {};
}

}  // namespace

Status check_annotations(const contract::Vocabulary& vocabulary, const std::vector<store::ImageRow>& images,
                         const v1::ReadContent& content) {
  RETURN_IF_ERROR(check_totals(content));
  ImageSizes sizes(images);
  std::unordered_set<std::string> ids;
  int number = 0;
  for (const v1::Annotation& annotation : content.annotations()) {
    const std::string which = " (annotation " + std::to_string(++number) + ")";
    if (!is_id(annotation.id()))
      return core::bad_field("content.annotations.id", "1 to 32 letters, digits and hyphens" + which);
    if (!ids.insert(annotation.id()).second)
      return core::bad_field("content.annotations.id", "each id once" + which);
    ASSIGN_OR_RETURN(const ImageSizes::Size* const size, sizes.find(annotation.image()));
    if (!size)
      return core::bad_field("content.annotations.image", "an image of the case that is ready" + which);
    RETURN_IF_ERROR(check_shape(annotation, *size, which));
    if (!annotation.term().empty()) {
      const auto term = contract::parse_term_name(annotation.term());
      if (!term || !vocabulary.find(*term))
        return core::bad_field("content.annotations.term", "a term of the vocabulary, or none" + which);
    }
    if (code_points(annotation.note()) > kMaxNote)
      return core::bad_field("content.annotations.note", "at most 500 characters" + which);
  }
  return {};
}

}  // namespace hada::handlers
