// IngestService.CommitImage: one row of the unified format becomes an image of a case.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/metadata_schema.h"
#include "contract/names.h"
#include "contract/sha256.h"
#include "server/blobs/blob_store.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/ids.h"
#include "server/core/jobs.h"
#include "server/core/mutation.h"
#include "server/handlers/ingest.h"
#include "server/handlers/ingest_access.h"
#include "server/handlers/settle.h"
#include "server/ingest/check_image.h"
#include "server/store/cases.h"
#include "server/store/events.h"
#include "server/store/images.h"

namespace hada::handlers {
namespace {

constexpr int kMaxFiles = 4096;
constexpr size_t kMaxPath = 512, kMaxPathPart = 128;
constexpr const char* kPathExpected = "a relative path without empty, '.' or '..' parts";

// The columns of the row by whom they describe.
struct Columns {
  std::map<std::string, std::string> patient, case_and_lesion, image;
};

Result<Columns> check_row(const v1::ImageRow& row) {
  if (!contract::is_sha256_hex(row.patient_key()))
    return core::bad_field("patient_id", "a key made with the site's secret");
  if (!contract::is_sha256_hex(row.case_key()))
    return core::bad_field("case_id", "a key made with the site's secret");
  if (!row.lesion_key().empty() && !contract::is_sha256_hex(row.lesion_key()))
    return core::bad_field("lesion_id", "a key made with the site's secret");
  if (!v1::ImageKind_IsValid(row.kind()) || row.kind() == v1::IMAGE_KIND_UNSPECIFIED)
    return core::bad_field("kind", "a kind of image");
  const contract::Columns given(row.fields().begin(), row.fields().end());
  const auto errors = contract::check_fields(static_cast<ImageKind>(row.kind()), given);
  if (!errors.empty()) return core::bad_field(errors.front().field, errors.front().expected);

  Columns columns;
  for (const auto& [name, value] : given) {
    const contract::Field* field = contract::find_field(name);
    if (field == nullptr || value.empty()) continue;
    switch (field->group) {
      case contract::FieldGroup::Patient:
        columns.patient[name] = value;
        break;
      case contract::FieldGroup::Case:
      case contract::FieldGroup::Lesion:
        columns.case_and_lesion[name] = value;
        break;
      case contract::FieldGroup::Image:
        columns.image[name] = value;
        break;
      case contract::FieldGroup::Row:
        break;
    }
  }
  return columns;
}

bool good_path(std::string_view path) {
  if (path.empty() || path.size() > kMaxPath) return false;
  while (true) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == ".." || part.size() > kMaxPathPart) return false;
    for (const char c : part)
      if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Result<std::vector<store::ImageFile>> check_files(const v1::CommitImageRequest& request,
                                                  blobs::BlobStore& blobs) {
  if (request.files().empty() || request.files_size() > kMaxFiles)
    return core::bad_field("files", "1 to 4096 files");
  std::vector<store::ImageFile> files;
  std::set<std::string> paths;
  for (const v1::BundleFile& file : request.files()) {
    if (!good_path(file.path()) || !paths.insert(file.path()).second)
      return core::bad_field("path", kPathExpected);
    if (!contract::is_sha256_hex(file.sha256()))
      return core::bad_field("sha256", "64 lower-case hexadecimal digits");
    ASSIGN_OR_RETURN(const bool there, blobs.contains(file.sha256()));
    if (!there) return core::failed_precondition("BLOB_MISSING", "a file of the image was not uploaded");
    ASSIGN_OR_RETURN(const auto blob, blobs.open(file.sha256()));
    if (std::cmp_not_equal(blob->size(), file.size()))
      return core::bad_field("size", "the uploaded file's bytes");
    files.push_back({file.path(), file.sha256(), file.size()});
  }
  // A file cannot also be the folder of another.
  for (const std::string& path : paths)
    for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      if (paths.contains(path.substr(0, slash))) return core::bad_field("path", kPathExpected);
  return files;
}

// The same for the same content. The name of a single file says nothing: its content decides what it is.
std::string bundle_hash(std::vector<store::ImageFile> files) {
  if (files.size() == 1) return files.front().sha256;
  // The first is the main file; the order of the others is nobody's.
  std::sort(files.begin() + 1, files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::string text;
  for (const store::ImageFile& file : files) text += file.path + '\n' + file.sha256 + '\n';
  return contract::sha256_hex(text);
}

std::string to_json(const std::map<std::string, std::string>& fields) {
  return nlohmann::json(fields).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

v1::CommitImageResponse to_response(const store::ImageRow& row, bool already_present) {
  v1::CommitImageResponse response;
  response.set_image(contract::image_name(row.image_id));
  response.set_case_(contract::case_name(row.case_id));
  response.set_already_present(already_present);
  response.set_state(static_cast<v1::ImageState>(row.state));
  response.set_state_reason(row.state_reason);
  return response;
}

// What one commit brings, all of it checked.
struct Commit {
  store::BatchRow batch;
  Columns columns;
  std::vector<store::ImageFile> files;
  std::string hash;
};

Result<v1::CommitImageResponse> insert(core::Context& context, store::Tx& tx, const v1::ImageRow& row,
                                       const Commit& commit) {
  const int64_t now = context.services.clock.now_us();
  const store::Act act = {context.caller.user_id, now};
  store::cases::Arrival arrival;
  arrival.new_case_id = core::new_id();
  arrival.site_id = commit.batch.site_id;
  arrival.patient_key = row.patient_key();
  arrival.case_key = row.case_key();
  arrival.lesion_key = row.lesion_key();
  arrival.patient_fields = commit.columns.patient;
  arrival.case_fields = commit.columns.case_and_lesion;
  ASSIGN_OR_RETURN(const store::cases::Placed placed, store::cases::create_or_get(tx, arrival, act));
  if (placed.changed) RETURN_IF_ERROR(reconsider_case(context, tx, placed.case_id));

  ASSIGN_OR_RETURN(const auto present, store::find_image_in_case(tx, placed.case_id, commit.hash));
  if (present) return to_response(*present, true);

  store::ImageRow image;
  image.image_id = core::new_id();
  image.case_id = placed.case_id;
  image.batch_id = commit.batch.batch_id;
  image.kind = static_cast<ImageKind>(row.kind());
  ASSIGN_OR_RETURN(image.ordinal, store::next_ordinal(tx, placed.case_id, image.kind));
  image.bundle_hash = commit.hash;
  image.fields = to_json(commit.columns.image);
  image.created_us = now;
  RETURN_IF_ERROR(store::insert_image(tx, image, commit.files));
  RETURN_IF_ERROR(store::cases::image_added(tx, placed.case_id, act));
  RETURN_IF_ERROR(store::batch_image_received(tx, image.batch_id));
  RETURN_IF_ERROR(context.services.jobs.enqueue(tx, ingest::kCheckImageJob, image.image_id));
  const nlohmann::json detail = {{"batch", contract::batch_name(image.batch_id)}};
  RETURN_IF_ERROR(store::record_event(tx, {act.actor, "commit_image", contract::image_name(image.image_id),
                                           image.case_id, detail.dump(), now}));
  return to_response(image, false);
}

}  // namespace

Result<v1::CommitImageResponse> commit_image(core::Context& context, const v1::CommitImageRequest& request) {
  Commit commit;
  ASSIGN_OR_RETURN(commit.batch, require_batch(context, request.batch()));
  ASSIGN_OR_RETURN(commit.columns, check_row(request.row()));
  ASSIGN_OR_RETURN(commit.files, check_files(request, context.services.blobs));
  commit.hash = bundle_hash(commit.files);

  // The request_id stands for the content within the site, whichever batch brings it.
  v1::CommitImageRequest content = request;
  content.set_batch(contract::site_name(commit.batch.site_id));
  ASSIGN_OR_RETURN(
      v1::CommitImageResponse response,
      core::mutate<v1::CommitImageResponse>(context, content, request.request_id(),
                                            [&](store::Tx& tx) -> Result<v1::CommitImageResponse> {
                                              return insert(context, tx, request.row(), commit);
                                            }));
  context.services.jobs.notify();

  // A stored response is as old as the first run: say what became of the image since.
  ASSIGN_OR_RETURN(const std::string image_id, contract::parse_image_name(response.image()));
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto row, store::find_image(tx, image_id));
    if (!row) return {};
    response = to_response(*row, response.already_present() || row->batch_id != commit.batch.batch_id);
    return {};
  }));
  return response;
}

}  // namespace hada::handlers
