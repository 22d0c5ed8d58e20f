#include "server/store/images.h"

namespace hada::store {
namespace {

constexpr const char* kColumns =
    "SELECT i.image_id, i.case_id, c.site_id, i.batch_id, i.ordinal, i.kind, i.state, i.state_reason, "
    "i.detail,"
    " i.bundle_hash, i.fields, i.pyramid, i.revision, i.created_us, i.exclusion"
    " FROM images i JOIN cases c ON c.case_id = i.case_id ";

// Room between the kinds' ordinals, so that a case shows its kinds in order however its images arrive.
constexpr int32_t kOrdinalsPerKind = 100'000;

ImageRow to_row(const Row& row) {
  ImageRow image;
  image.image_id = row.text(0);
  image.case_id = row.text(1);
  image.site_id = row.text(2);
  image.batch_id = row.text(3);
  image.ordinal = static_cast<int32_t>(row.integer(4));
  image.kind = static_cast<ImageKind>(row.integer(5));
  image.state = static_cast<ImageState>(row.integer(6));
  image.state_reason = row.text(7);
  image.detail = row.text(8);
  image.bundle_hash = row.text(9);
  image.fields = row.text(10);
  image.pyramid = row.text(11);
  image.revision = row.integer(12);
  image.created_us = row.integer(13);
  image.exclusion = static_cast<RejectCode>(row.integer(14));
  return image;
}

Result<std::vector<ImageRow>> select(Tx& tx, const std::string& where, const Params& params) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query(kColumns + where, params));
  std::vector<ImageRow> images;
  images.reserve(rows.size());
  for (const Row& row : rows) images.push_back(to_row(row));
  return images;
}

Result<std::optional<ImageRow>> select_one(Tx& tx, const std::string& where, const Params& params) {
  ASSIGN_OR_RETURN(std::vector<ImageRow> images, select(tx, where, params));
  if (images.empty()) return std::optional<ImageRow>();
  return std::optional<ImageRow>(std::move(images.front()));
}

}  // namespace

Status insert_image(Tx& tx, const ImageRow& row, const std::vector<ImageFile>& files) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO images (image_id, case_id, batch_id, ordinal, kind, state, state_reason, detail,"
              " bundle_hash, fields, pyramid, revision, created_us) VALUES (:image_id, :case_id,"
              " :batch_id, :ordinal, :kind, :state, :state_reason, :detail, :bundle_hash, :fields,"
              " :pyramid, :revision, :created_us)",
              {{"image_id", row.image_id},
               {"case_id", row.case_id},
               {"batch_id", row.batch_id},
               {"ordinal", row.ordinal},
               {"kind", static_cast<int32_t>(row.kind)},
               {"state", static_cast<int32_t>(row.state)},
               {"state_reason", row.state_reason},
               {"detail", row.detail},
               {"bundle_hash", row.bundle_hash},
               {"fields", row.fields},
               {"pyramid", row.pyramid},
               {"revision", row.revision},
               {"created_us", row.created_us}}));
  int32_t ordinal = 0;
  for (const ImageFile& file : files) {
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO image_files (image_id, ordinal, path, sha256, size)"
                " VALUES (:image_id, :ordinal, :path, :sha256, :size)",
                {{"image_id", row.image_id},
                 {"ordinal", ordinal++},
                 {"path", file.path},
                 {"sha256", file.sha256},
                 {"size", file.size}}));
  }
  return {};
}

Result<std::optional<ImageRow>> find_image(Tx& tx, const std::string& image_id) {
  return select_one(tx, "WHERE i.image_id = :image_id", {{"image_id", image_id}});
}

Result<std::optional<ImageRow>> find_image_in_case(Tx& tx, const std::string& case_id,
                                                   const std::string& bundle_hash) {
  return select_one(tx, "WHERE i.case_id = :case_id AND i.bundle_hash = :bundle_hash",
                    {{"case_id", case_id}, {"bundle_hash", bundle_hash}});
}

Result<std::vector<ImageRow>> images_of_case(Tx& tx, const std::string& case_id) {
  return select(tx, "WHERE i.case_id = :case_id ORDER BY i.ordinal, i.image_id", {{"case_id", case_id}});
}

Result<std::vector<ImageFile>> files_of_image(Tx& tx, const std::string& image_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT path, sha256, size FROM image_files WHERE image_id = :image_id ORDER BY ordinal",
               {{"image_id", image_id}}));
  std::vector<ImageFile> files;
  for (const Row& row : rows) files.push_back({row.text(0), row.text(1), row.integer(2)});
  return files;
}

Result<int32_t> next_ordinal(Tx& tx, const std::string& case_id, ImageKind kind) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT COALESCE(MAX(ordinal), -1) FROM images WHERE case_id = :case_id AND kind = :kind",
               {{"case_id", case_id}, {"kind", static_cast<int32_t>(kind)}}));
  const auto last = static_cast<int32_t>(rows.at(0).integer(0));
  return last < 0 ? static_cast<int32_t>(kind) * kOrdinalsPerKind : last + 1;
}

Result<std::string> ready_pyramid(Tx& tx, const std::string& bundle_hash) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT pyramid FROM images WHERE bundle_hash = :bundle_hash"
                                             " AND state = :state LIMIT 1",
                                             {{"bundle_hash", bundle_hash},
                                              {"state", static_cast<int32_t>(ImageState::Ready)}}));
  return rows.empty() ? std::string() : rows.front().text(0);
}

Status set_exclusion(Tx& tx, const std::string& image_id, RejectCode exclusion, int64_t revision) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.exec(
          "UPDATE images SET exclusion = :exclusion, revision = revision + 1"
          " WHERE image_id = :image_id AND revision = :revision",
          {{"exclusion", static_cast<int32_t>(exclusion)}, {"image_id", image_id}, {"revision", revision}}));
  if (changed != 1)
    return Unexpected(ErrorCode::Aborted, "ETAG_MISMATCH", "the image has changed since it was read");
  return {};
}

Result<bool> finish_image(Tx& tx, const std::string& image_id, ImageState state, const std::string& reason,
                          const std::string& detail, const std::string& pyramid) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   tx.exec("UPDATE images SET state = :state, state_reason = :reason, detail = :detail,"
                           " pyramid = :pyramid, revision = revision + 1"
                           " WHERE image_id = :image_id AND state IN (:received, :checked)",
                           {{"state", static_cast<int32_t>(state)},
                            {"reason", reason},
                            {"detail", detail},
                            {"pyramid", pyramid},
                            {"image_id", image_id},
                            {"received", static_cast<int32_t>(ImageState::Received)},
                            {"checked", static_cast<int32_t>(ImageState::Checked)}}));
  return changed == 1;
}

Result<std::vector<ImageRow>> images_of_batch(Tx& tx, const std::string& batch_id,
                                              const std::string& after_image_id, int32_t limit) {
  return select(tx,
                "WHERE i.batch_id = :batch_id AND i.image_id > :after AND c.planted_for = '' "
                "ORDER BY i.image_id LIMIT :limit",
                {{"batch_id", batch_id}, {"after", after_image_id}, {"limit", limit}});
}

}  // namespace hada::store
