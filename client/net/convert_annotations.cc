#include "client/net/convert_annotations.h"

#include <limits>
#include <utility>

#include "contract/path_steps.h"

namespace hada::net {
namespace {

// server/rpc/enums_check.cc compares each.
static_assert(static_cast<int>(AnnotationKind::Area) == v1::ANNOTATION_KIND_AREA);
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
