#pragma once

// One run of `hadactl ingest` over the rows of a manifest, without a word of output: which rows went in,
// which did not and why. The same run again sends nothing twice.

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/ingest/deidentify.h"
#include "client/ingest/site_key.h"
#include "client/ingest/transport.h"
#include "client/ingest/upload.h"
#include "contract/manifest.h"

namespace hada::ingest {

enum class Outcome {
  Ingested,      // in, and its check passed
  AlreadyThere,  // was in before this run
  Pending,       // in, its check not finished when the run ended
  Refused,       // by the format, the file, or the server's check: see errors
  NotTried,      // the run was stopped or the server lost before its turn
  Acceptable,    // a dry run found nothing wrong
};

struct RowReport {
  int64_t line = 0;
  std::string file;  // as in the manifest; for the coordinator's eyes only
  Outcome outcome = Outcome::NotTried;
  bool was_there = false;  // an earlier run had brought it
  std::string image;       // images/{image} once it is in
  std::string reason;      // UPPER_SNAKE, for Refused: BAD_FIELD, NO_SUCH_FILE, TRUNCATED ...
  std::vector<contract::FieldError> errors;
};

struct IngestReport {
  std::string batch;            // batches/{batch}; empty for a dry run and where nothing was to send
  std::vector<RowReport> rows;  // in the manifest's order
  // Why the run ended early: the connection, the login, a right that is missing.
  std::optional<Error> fatal;
  bool stopped = false;
  int64_t bytes_sent = 0;

  int count(Outcome outcome) const;
};

struct IngestOptions {
  std::filesystem::path folder;  // of the manifest
  std::string site;              // its id
  SiteKey key;
  int jobs = 4;
  bool wait_for_checks = true;
  DeidentifyOptions deidentify;
  RetryPolicy retry;
  std::chrono::milliseconds poll{500};  // how often the checks are asked for
};

// Every row is checked, also that its file is there and of a kind that is taken, before the first byte is
// sent. `transport` null: a dry run, which also cleans and hashes the files but sends nothing. Blocks; `stop`
// ends it within a chunk. `progress` may be read meanwhile.
IngestReport run_ingest(const std::vector<contract::ManifestRow>& rows, const IngestOptions& options,
                        Transport* transport, Progress& progress, const std::atomic<bool>& stop);

// A UUID of version 5's shape that is a function of `text`.
std::string derived_uuid(const std::string& text);

}  // namespace hada::ingest
