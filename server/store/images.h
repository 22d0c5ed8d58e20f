#pragma once

// SQL over `images` and `image_files`. Functions run inside the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct ImageRow {
  std::string image_id;
  std::string case_id;
  std::string site_id;  // the case's; read only
  std::string batch_id;
  int32_t ordinal = 0;
  ImageKind kind = ImageKind::Unspecified;
  ImageState state = ImageState::Received;
  std::string state_reason;
  std::string detail;
  std::string bundle_hash;
  std::string fields = "{}";  // JSON object of strings: the image's columns of the unified format
  std::string pyramid;        // images::StoredImage as JSON; empty until READY
  RejectCode exclusion = RejectCode::Unspecified;  // why QA leaves it out; Unspecified: included
  int64_t revision = 1;
  int64_t created_us = 0;
};

struct ImageFile {
  std::string path;  // in the bundle
  std::string sha256;
  int64_t size = 0;
};

// Counts toward the case's and the batch's counters are the caller's.
Status insert_image(Tx& tx, const ImageRow& row, const std::vector<ImageFile>& files);

Result<std::optional<ImageRow>> find_image(Tx& tx, const std::string& image_id);
// The image with these very files in this case.
Result<std::optional<ImageRow>> find_image_in_case(Tx& tx, const std::string& case_id,
                                                   const std::string& bundle_hash);
// In display order: overview, close-ups, dermoscopy, slides; within a kind in order of arrival.
Result<std::vector<ImageRow>> images_of_case(Tx& tx, const std::string& case_id);
// Main file first.
Result<std::vector<ImageFile>> files_of_image(Tx& tx, const std::string& image_id);
// The next ordinal for an image of this kind in this case.
Result<int32_t> next_ordinal(Tx& tx, const std::string& case_id, ImageKind kind);
// `pyramid` of any READY image with the same files; empty when there is none.
Result<std::string> ready_pyramid(Tx& tx, const std::string& bundle_hash);

// Raises the image's revision, which must still be `revision` (ABORTED / ETAG_MISMATCH).
Status set_exclusion(Tx& tx, const std::string& image_id, RejectCode exclusion, int64_t revision);

// Moves an image that is RECEIVED or CHECKED to `state`; false (and nothing changed) when it is in another
// state.
Result<bool> finish_image(Tx& tx, const std::string& image_id, ImageState state, const std::string& reason,
                          const std::string& detail, const std::string& pyramid);

// Images of a batch after `after_image_id`, by id, at most `limit`; without the copies of store/plants.
Result<std::vector<ImageRow>> images_of_batch(Tx& tx, const std::string& batch_id,
                                              const std::string& after_image_id, int32_t limit);

}  // namespace hada::store
