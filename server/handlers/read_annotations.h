#pragma once

// What a reader draws on a case's images, checked on the way in.

#include <vector>

#include "contract/result.h"
#include "contract/vocabulary.h"
#include "hada/v1/read.pb.h"
#include "server/store/images.h"

namespace hada::handlers {

// INVALID_ARGUMENT / BAD_FIELD naming the field, for example "content.annotations.paths", and in `expected`
// which annotation, counted from 1. `images` are the case's.
Status check_annotations(const contract::Vocabulary& vocabulary, const std::vector<store::ImageRow>& images,
                         const v1::ReadContent& content);

}  // namespace hada::handlers
