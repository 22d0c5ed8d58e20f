#pragma once

// Annotations between proto/hada/v1/read.proto and client/model/annotations.h, both ways. Pure.

#include "client/model/annotations.h"
#include "hada/v1/read.pb.h"

namespace hada::net {

using AnnotationMessages = google::protobuf::RepeatedPtrField<v1::Annotation>;

// Leaves out annotations whose shape this program does not understand (a newer server's kind, steps that make
// no path): half a shape would say what its author did not. What is left can be drawn and measured without a
// second look.
model::Annotations to_model(const AnnotationMessages& annotations);

AnnotationMessages to_proto(const model::Annotations& annotations);

}  // namespace hada::net
