#include "client/net/convert_annotations.h"

#include <limits>
#include <utility>

#include "contract/path_steps.h"

namespace hada::net {
namespace {

template <typename Proto>
constexpr bool same(AnnotationKind kind, Proto proto) {
  return static_cast<int>(kind) == static_cast<int>(proto);
}
static_assert(same(AnnotationKind::Unspecified, v1::ANNOTATION_KIND_UNSPECIFIED));
static_assert(same(AnnotationKind::Point, v1::ANNOTATION_KIND_POINT));
static_assert(same(AnnotationKind::Rectangle, v1::ANNOTATION_KIND_RECTANGLE));
static_assert(same(AnnotationKind::Ellipse, v1::ANNOTATION_KIND_ELLIPSE));
static_assert(same(AnnotationKind::Polygon, v1::ANNOTATION_KIND_POLYGON));
static_assert(same(AnnotationKind::Freehand, v1::ANNOTATION_KIND_FREEHAND));
static_assert(same(AnnotationKind::Brush, v1::ANNOTATION_KIND_BRUSH));
static_assert(same(AnnotationKind::Length, v1::ANNOTATION_KIND_LENGTH));
static_assert(same(AnnotationKind::Angle, v1::ANNOTATION_KIND_ANGLE));
static_assert(same(AnnotationKind::Area, v1::ANNOTATION_KIND_AREA));
static_assert(v1::AnnotationKind_ARRAYSIZE == kAnnotationKindCount);

std::optional<contract::Shape> shape_of(const v1::Annotation& annotation) {
  contract::Shape shape{static_cast<AnnotationKind>(annotation.kind()), {}};
  for (const v1::AnnotationPath& sent : annotation.paths()) {
    auto path = contract::path_of_steps({sent.steps().data(), static_cast<size_t>(sent.steps_size())});
    if (!path) return std::nullopt;
    shape.paths.push_back(std::move(*path));
  }
  // The server knows the image's size and has compared.
  constexpr double kAnySize = std::numeric_limits<double>::infinity();
  if (contract::problem_of(shape, kAnySize, kAnySize)) return std::nullopt;
  return shape;
}

}  // namespace

model::Annotations to_model(const AnnotationMessages& annotations) {
  model::Annotations out;
  for (const v1::Annotation& a : annotations)
    if (auto shape = shape_of(a))
      out.list.push_back(std::make_shared<const model::Annotation>(
          model::Annotation{a.id(), a.image(), std::move(*shape), a.term(), a.note()}));
  return out;
}

AnnotationMessages to_proto(const model::Annotations& annotations) {
  AnnotationMessages out;
  for (const model::SharedAnnotation& a : annotations.list) {
    v1::Annotation* added = out.Add();
    added->set_id(a->id);
    added->set_image(a->image);
    added->set_kind(static_cast<v1::AnnotationKind>(a->shape.kind));
    for (const contract::Path& path : a->shape.paths) {
      const std::vector<int32_t> steps = contract::steps_of(path);
      added->add_paths()->mutable_steps()->Add(steps.begin(), steps.end());
    }
    added->set_term(a->term);
    added->set_note(a->note);
  }
  return out;
}

}  // namespace hada::net
