#pragma once

// The job "check_image": what arrived becomes READY, or is refused with a reason. Also the store's side of
// TileSource.

#include <string>
#include <vector>

#include "contract/result.h"
#include "server/blobs/blob_store.h"
#include "server/core/clock.h"
#include "server/images/tile_source.h"
#include "server/ingest/decode_runner.h"
#include "server/store/images.h"
#include "server/store/store.h"

namespace hada::ingest {

inline constexpr const char* kCheckImageJob = "check_image";

struct CheckOptions {
  std::string program = "/proc/self/exe";  // the hada-server binary
  std::string tmp_dir;                     // DIR/tmp of the server, on the blobs' file system
  DecodeLimits limits;
};

class ImageChecker {
 public:
  ImageChecker(store::Store& store, blobs::BlobStore& blobs, const core::Clock& clock, CheckOptions options);

  // The job's handler. Lays the bundle out, decodes it in a child, takes the derived files in, and in one
  // transaction changes the image, its case's and batch's counters and appends the event. Safe to repeat at
  // any point; does nothing for an image that is already final. Blocks for as long as the child runs. Any
  // thread; one call for one image at a time.
  Status check(const std::string& image_id);

  // The job's last word when check() failed three times: the image becomes QUARANTINED / CHECK_FAILED.
  void gave_up(const std::string& image_id, const Error& error);

  // Removes job folders that a killed process left. Before the jobs start.
  void clean_up();

 private:
  Result<DecodeOutcome> decode(const std::string& image_id, const std::vector<store::ImageFile>& files);
  Status finish(const std::string& image_id, const DecodeOutcome& outcome);

  store::Store& store_;
  blobs::BlobStore& blobs_;
  const core::Clock& clock_;
  const CheckOptions options_;
};

// The Loader of the server's TileSource: one read transaction an open.
images::TileSource::Loader store_loader(store::Store& store);

}  // namespace hada::ingest
