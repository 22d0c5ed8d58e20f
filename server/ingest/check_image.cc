#include "server/ingest/check_image.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "contract/names.h"
#include "server/core/errors.h"
#include "server/images/jpeg_splice.h"
#include "server/store/batches.h"
#include "server/store/cases.h"
#include "server/store/events.h"
#include "server/store/images.h"

namespace hada::ingest {
namespace {

namespace fs = std::filesystem;
using images::StoredImage;
using images::StoredLevel;

constexpr const char* kJobPrefix = "check-";

// Damage to the file itself; everything else is a file that may be whole but is not taken.
ImageState state_for(const DecodeOutcome& outcome) {
  if (outcome.ok) return ImageState::Ready;
  for (const char* damage : {"TRUNCATED", "DECODE_FAILED", "DECODER_CRASHED"})
    if (outcome.reason == damage) return ImageState::Corrupt;
  return ImageState::Quarantined;
}

Unexpected job_folder_failed() { return core::internal("a job folder cannot be prepared"); }

// Removes the job's folder when the check ends, however it ends.
class JobFolder {
 public:
  explicit JobFolder(std::string path) : path_(std::move(path)) { clear(); }
  ~JobFolder() { clear(); }
  JobFolder(const JobFolder&) = delete;
  JobFolder& operator=(const JobFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  void clear() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string path_;
};

// Puts a blob where the bundle has it: a hard link, or a copy where the file systems differ.
Status place(const std::string& blob_path, const std::string& target) {
  std::error_code error;
  fs::create_directories(fs::path(target).parent_path(), error);
  if (error) return job_folder_failed();
  if (::link(blob_path.c_str(), target.c_str()) == 0) return {};
  if (errno == EEXIST) return job_folder_failed();
  fs::copy_file(blob_path, target, error);
  if (error) return job_folder_failed();
  return {};
}

Status lay_out(blobs::BlobStore& blobs, const std::vector<store::ImageFile>& files, const std::string& job) {
  std::error_code error;
  for (const char* folder : {"/in", "/out", "/tmp"}) {
    fs::create_directories(job + folder, error);
    if (error) return job_folder_failed();
  }
  for (const store::ImageFile& file : files) {
    ASSIGN_OR_RETURN(const std::string path, blobs.local_path(file.sha256));
    RETURN_IF_ERROR(place(path, job + "/in/" + file.path));
  }
  return {};
}

// The child's file names become hashes; its files become blobs.
Status adopt(blobs::BlobStore& blobs, const std::string& main_hash, const std::string& out_dir,
             StoredImage& image) {
  std::map<std::string, std::string> hashes = {{std::string(images::kMainFile), main_hash}};
  const auto take = [&](std::string& name) -> Status {
    if (name.empty()) return {};
    auto& hash = hashes[name];
    if (hash.empty()) {
      ASSIGN_OR_RETURN(hash, blobs.adopt(out_dir + "/" + name));
    }
    name = hash;
    return {};
  };
  for (StoredLevel& level : image.levels) RETURN_IF_ERROR(take(level.blob));
  RETURN_IF_ERROR(take(image.icc_blob));
  return take(image.thumbnail_blob);
}

// What the child made is not believed either: every level's index must load, and one tile of each must be the
// JPEG that the record promises.
bool serves(blobs::BlobStore& blobs, const StoredImage& image) {
  images::ImageRecord record;
  record.ready = true;
  record.image = image;
  const auto open = images::OpenImage::load(blobs, std::move(record));
  if (!open) return false;
  for (int32_t level = 0; std::cmp_less(level, image.levels.size()); ++level) {
    const contract::PyramidLevel& geometry = image.levels[static_cast<size_t>(level)].geometry;
    const auto found = images::find_tile(*open, {level, 0, 0});
    if (!found) return false;
    const auto tile = found->read();
    if (!tile) return false;
    const auto header = images::read_jpeg_header(*tile);
    if (!header || !header->baseline() || header->width != geometry.tile_width ||
        header->height != geometry.tile_height)
      return false;
  }
  const contract::PyramidLevel& last = image.levels.back().geometry;
  return last.columns() == 1 && last.rows() == 1;
}

// What a manifest says about the scale goes before what the file says: a person wrote it for this image.
void apply_fields(const std::string& fields_json, StoredImage& image) {
  image.mpp_x = image.file_mpp_x;
  image.mpp_y = image.file_mpp_y;
  const auto fields = nlohmann::json::parse(fields_json, nullptr, false);
  if (!fields.is_object() || !fields.contains("mpp") || !fields["mpp"].is_string()) return;
  const std::string text = fields["mpp"].get<std::string>();
  char* end = nullptr;
  const double mpp = std::strtod(text.c_str(), &end);
  if (end != text.c_str() && mpp > 0 && mpp < 1e6) image.mpp_x = image.mpp_y = mpp;
}

}  // namespace

ImageChecker::ImageChecker(store::Store& store, blobs::BlobStore& blobs, const core::Clock& clock,
                           CheckOptions options)
    : store_(store), blobs_(blobs), clock_(clock), options_(std::move(options)) {}

Status ImageChecker::check(const std::string& image_id) {
  std::optional<store::ImageRow> row;
  std::vector<store::ImageFile> files;
  std::string known;
  RETURN_IF_ERROR(store_.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(row, store::find_image(tx, image_id));
    if (!row) return {};
    ASSIGN_OR_RETURN(files, store::files_of_image(tx, image_id));
    ASSIGN_OR_RETURN(known, store::ready_pyramid(tx, row->bundle_hash));
    return {};
  }));
  if (!row || files.empty()) return {};
  if (row->state != ImageState::Received && row->state != ImageState::Checked) return {};

  DecodeOutcome outcome;
  if (!known.empty()) {
    // The same files were decoded for another case.
    ASSIGN_OR_RETURN(outcome.image, images::stored_image_from_json(known));
    outcome.ok = true;
  } else {
    ASSIGN_OR_RETURN(outcome, decode(image_id, files));
  }
  if (outcome.ok) apply_fields(row->fields, outcome.image);
  return finish(image_id, outcome);
}

Result<DecodeOutcome> ImageChecker::decode(const std::string& image_id,
                                           const std::vector<store::ImageFile>& files) {
  const JobFolder job(options_.tmp_dir + "/" + kJobPrefix + image_id);
  RETURN_IF_ERROR(lay_out(blobs_, files, job.path()));
  ASSIGN_OR_RETURN(DecodeOutcome outcome,
                   run_decoder(options_.program, job.path(), files.front().path, options_.limits));
  if (!outcome.ok) return outcome;
  RETURN_IF_ERROR(adopt(blobs_, files.front().sha256, job.path() + "/out", outcome.image));
  if (!serves(blobs_, outcome.image)) {
    outcome = {};
    outcome.reason = "DECODE_FAILED";
    outcome.detail = "the pyramid that was built does not hold together";
  }
  return outcome;
}

Status ImageChecker::finish(const std::string& image_id, const DecodeOutcome& outcome) {
  const ImageState state = state_for(outcome);
  const std::string pyramid = outcome.ok ? images::to_json(outcome.image) : std::string();
  return store_.write([&](store::Tx& tx) -> Status {
    const int64_t now = clock_.now_us();
    ASSIGN_OR_RETURN(const auto row, store::find_image(tx, image_id));
    if (!row) return {};
    ASSIGN_OR_RETURN(const bool changed,
                     store::finish_image(tx, image_id, state, outcome.reason, outcome.detail, pyramid));
    if (!changed) return {};  // an earlier run of this job got here before it was killed
    RETURN_IF_ERROR(store::batch_image_finished(tx, row->batch_id, outcome.ok));
    RETURN_IF_ERROR(store::cases::image_finished(tx, row->case_id, row->kind, state, {"system", now}));
    nlohmann::json detail = {{"batch", contract::batch_name(row->batch_id)}};
    if (!outcome.ok) detail["reason"] = outcome.reason;
    RETURN_IF_ERROR(
        store::record_event(tx, {"system", outcome.ok ? "image_ready" : "image_refused",
                                 contract::image_name(image_id), row->case_id, detail.dump(), now}));
    return {};
  });
}

void ImageChecker::gave_up(const std::string& image_id, const Error&) {
  DecodeOutcome outcome;
  outcome.reason = "CHECK_FAILED";
  outcome.detail = "the server could not check the image; an administrator has to look";
  // Where even this cannot be written, the image stays RECEIVED: nothing false is recorded about it.
  (void)finish(image_id, outcome);
}

void ImageChecker::clean_up() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options_.tmp_dir, error)) {
    if (!entry.path().filename().string().starts_with(kJobPrefix)) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

images::TileSource::Loader store_loader(store::Store& store) {
  return [&store](const std::string& image_id) -> Result<images::ImageRecord> {
    std::optional<store::ImageRow> row;
    RETURN_IF_ERROR(store.read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(row, store::find_image(tx, image_id));
      return {};
    }));
    if (!row) return core::not_found(contract::image_name(image_id));
    images::ImageRecord record;
    record.site_id = row->site_id;
    record.case_id = row->case_id;
    record.ready = row->state == ImageState::Ready;
    if (record.ready) {
      ASSIGN_OR_RETURN(record.image, images::stored_image_from_json(row->pyramid));
    }
    return record;
  };
}

}  // namespace hada::ingest
