#include "client/ingest/ingest_run.h"

#include <sodium.h>

#include <map>
#include <thread>

#include "contract/sha256.h"
#include "contract/text.h"

namespace hada::ingest {
namespace {

using contract::ManifestRow;

// Calls fn(0) ... fn(count - 1) on up to `jobs` threads; returns when all are done.
void in_parallel(int jobs, size_t count, const std::function<void(size_t)>& fn) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) fn(i);
  };
  std::vector<std::jthread> threads;
  for (size_t i = 1; i < std::min(static_cast<size_t>(std::max(jobs, 1)), count); ++i)
    threads.emplace_back(work);
  work();
}

// No other row would fare better.
bool is_fatal(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::Unauthenticated:
    case ErrorCode::Unimplemented:
      return true;
    case ErrorCode::PermissionDenied:
      return error.reason == "ROLE_REQUIRED" || error.reason == "NO_SESSION";
    default:
      return false;
  }
}

bool is_final(ImageState state) {
  return state == ImageState::Ready || state == ImageState::Quarantined || state == ImageState::Corrupt ||
         state == ImageState::DeidCheck;
}

std::string random_uuid() {
  std::string bytes(32, '\0');
  if (sodium_init() >= 0) randombytes_buf(bytes.data(), bytes.size());
  return derived_uuid(bytes);
}

class Run {
 public:
  Run(const std::vector<ManifestRow>& rows, const IngestOptions& options, Transport* transport,
      Progress& progress, const std::atomic<bool>& stop)
      : rows_(rows), options_(options), transport_(transport), progress_(progress), stop_(&stop) {}

  IngestReport run() {
    report_.rows.resize(rows_.size());
    look_at_files();
    if (transport_ && anything_to_send()) {
      auto batch = with_retries<std::string>(
          options_.retry, stop_, [&, id = random_uuid()] { return transport_->create_batch(id); });
      if (batch) {
        report_.batch = *batch;
      } else {
        lost(batch.error());
      }
    }
    if (!stop_) bring_files();
    if (transport_ && options_.wait_for_checks && !stop_) wait_for_checks();
    report_.stopped = stop_.asked_from_outside();
    report_.bytes_sent = progress_.bytes_sent;
    return std::move(report_);
  }

 private:
  void look_at_files() {
    sizes_.resize(rows_.size());
    in_parallel(options_.jobs, rows_.size(), [&](size_t i) {
      const ManifestRow& row = rows_[i];
      RowReport& report = report_.rows[i];
      report.line = row.line;
      report.file = row.row.file;
      if (!row.errors.empty()) {
        report.outcome = Outcome::Refused;
        report.reason = "BAD_FIELD";
        report.errors = row.errors;
        return;
      }
      if (stop_) return;
      const auto bundle = find_bundle(options_.folder, row.row.file);
      if (!bundle) return refuse_file(i, bundle.error());
      sizes_[i] = static_cast<int64_t>(bundle->size());
      progress_.bytes_total += sizes_[i];
      ++progress_.rows_total;
    });
  }

  bool anything_to_send() const {
    return std::any_of(report_.rows.begin(), report_.rows.end(),
                       [](const RowReport& row) { return row.outcome == Outcome::NotTried; });
  }

  void bring_files() {
    if (transport_) uploader_.emplace(*transport_, report_.batch, options_.retry, progress_, stop_);
    in_parallel(options_.jobs, rows_.size(), [&](size_t i) {
      if (stop_ || report_.rows[i].outcome != Outcome::NotTried) return;
      if (const Status status = bring(i); !status) failed(i, status.error());
      ++progress_.rows_done;
    });
  }

  Status bring(size_t i) {
    ASSIGN_OR_RETURN(const Bundle bundle, find_bundle(options_.folder, rows_[i].row.file));
    ASSIGN_OR_RETURN(const PreparedImage image, deidentify(bundle, options_.deidentify, stop_));
    int64_t size = 0;
    for (const PreparedFile& file : image.files) size += static_cast<int64_t>(file.size);
    progress_.bytes_total += size - sizes_[i];  // stripped files are a little smaller
    sizes_[i] = size;
    if (!transport_) {
      progress_.bytes_done += size;
      report_.rows[i].outcome = Outcome::Acceptable;
      return {};
    }
    return send(i, image);
  }

  Status send(size_t i, const PreparedImage& image) {
    const auto by_server = [](Error error) {
      if (!error.metadata.contains("field"))
        error.message = "an image that the server takes (" + error.message + ")";
      return Unexpected(std::move(error));
    };
    for (const PreparedFile& file : image.files)
      if (Status status = uploader_->upload(file); !status) return by_server(std::move(status).error());
    const Commit commit = commit_of(rows_[i].row, image);
    Result<Committed> answer = send_commit(commit);
    if (!answer) return by_server(std::move(answer).error());
    const Committed& committed = *answer;
    report_.rows[i].was_there = committed.already_present;
    settle(i, committed.status);
    if (report_.rows[i].outcome == Outcome::Pending && report_.rows[i].was_there) {
      const std::lock_guard lock(mutex_);
      earlier_[i] = commit;
    }
    return {};
  }

  Commit commit_of(const contract::Row& row, const PreparedImage& image) const {
    Commit commit;
    commit.patient_key = pseudonym(options_.key, KeyUse::Patient, row.patient_id);
    commit.case_key = pseudonym(options_.key, KeyUse::Case, row.case_id);
    if (!row.lesion_id.empty()) commit.lesion_key = pseudonym(options_.key, KeyUse::Lesion, row.lesion_id);
    commit.kind = row.kind;
    commit.fields = row.fields;
    commit.fields["deidentification"] = image.deidentification;
    for (const PreparedFile& file : image.files) commit.files.push_back({file.path, file.sha256, file.size});
    // Everything that the request says, but not the batch: a second run is answered from the first one's
    // answer, and a row that was corrected meanwhile is a new request.
    std::string content = "hada/v1/commit\n" + options_.site + '\n' + commit.patient_key + '\n' +
                          commit.case_key + '\n' + commit.lesion_key + '\n' +
                          std::string(contract::kind_word(commit.kind)) + '\n' + bundle_hash(image.files) +
                          '\n';
    for (const auto& [name, value] : commit.fields) content += name + '=' + value + '\0';
    commit.request_id = derived_uuid(content);
    return commit;
  }

  Result<Committed> send_commit(const Commit& commit) {
    return with_retries<Committed>(options_.retry, stop_,
                                   [&] { return transport_->commit(report_.batch, commit); });
  }

  // What the state of an image on the server means for its row.
  void settle(size_t i, const ImageStatus& status) {
    RowReport& report = report_.rows[i];
    report.image = status.image;
    if (status.state == ImageState::Quarantined || status.state == ImageState::Corrupt) {
      report.outcome = Outcome::Refused;
      report.reason = status.reason;
      report.errors = {
          {"file", contract::printable(report.file),
           "an image that passes the server's check" +
               (status.detail.empty() ? std::string() : ": " + contract::printable(status.detail, 300))}};
    } else if (!is_final(status.state)) {
      report.outcome = Outcome::Pending;
    } else {
      report.outcome = report.was_there ? Outcome::AlreadyThere : Outcome::Ingested;
    }
  }

  void wait_for_checks() {
    std::multimap<std::string, size_t> waiting;
    for (size_t i = 0; i < report_.rows.size(); ++i)
      if (report_.rows[i].outcome == Outcome::Pending) waiting.emplace(report_.rows[i].image, i);
    progress_.checks_total = static_cast<int64_t>(waiting.size());
    while (!waiting.empty() && !stop_) {
      if (const Status status = ask_for_checks(waiting); !status) {
        if (status.error().code != ErrorCode::Cancelled) lost(status.error());
        return;
      }
      if (!waiting.empty()) sleep_unless(options_.poll, stop_);
    }
  }

  Status ask_for_checks(std::multimap<std::string, size_t>& waiting) {
    ASSIGN_OR_RETURN(const auto images, with_retries<std::vector<ImageStatus>>(options_.retry, stop_, [&] {
                       return transport_->list_images(report_.batch);
                     }));
    for (const ImageStatus& status : images) {
      if (!is_final(status.state)) continue;
      const auto [begin, end] = waiting.equal_range(status.image);
      for (auto at = begin; at != end; ++at) {
        settle(at->second, status);
        ++progress_.checks_done;
      }
      waiting.erase(begin, end);
    }
    // Images of an earlier run are in its batch; the same commit again says how they stand.
    for (auto at = earlier_.begin(); at != earlier_.end();) {
      ASSIGN_OR_RETURN(const Committed committed, send_commit(at->second));
      if (!is_final(committed.status.state)) {
        ++at;
        continue;
      }
      settle(at->first, committed.status);
      ++progress_.checks_done;
      std::erase_if(waiting, [&](const auto& pair) { return pair.second == at->first; });
      at = earlier_.erase(at);
    }
    return {};
  }

  void failed(size_t i, const Error& error) {
    if (error.code == ErrorCode::Cancelled && error.reason == "STOPPED") return;
    if (is_fatal(error)) return lost(error);
    if (error.reason == "BAD_FIELD" && error.metadata.contains("field")) {
      RowReport& report = report_.rows[i];
      report.outcome = Outcome::Refused;
      report.reason = error.reason;
      const auto expected = error.metadata.find("expected");
      report.errors = {
          {error.metadata.at("field"), "",
           contract::printable(expected == error.metadata.end() ? error.message : expected->second, 300)}};
      return;
    }
    refuse_file(i, error);
  }

  void refuse_file(size_t i, const Error& error) {
    RowReport& report = report_.rows[i];
    report.outcome = Outcome::Refused;
    report.reason = error.reason;
    report.errors = {{"file", contract::printable(report.file), contract::printable(error.message, 300)}};
  }

  void lost(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!report_.fatal) report_.fatal = error;
    stop_.set();
  }

  const std::vector<ManifestRow>& rows_;
  const IngestOptions& options_;
  Transport* transport_;
  Progress& progress_;
  Stop stop_;  // also set by a fatal error

  std::optional<Uploader> uploader_;
  std::vector<int64_t> sizes_;
  std::mutex mutex_;  // guards report_.fatal and earlier_ while workers run
  IngestReport report_;
  std::map<size_t, Commit>
      earlier_;  // rows whose image an earlier run brought and whose check is not finished
};

}  // namespace

int IngestReport::count(Outcome outcome) const {
  return static_cast<int>(
      std::count_if(rows.begin(), rows.end(), [&](const RowReport& row) { return row.outcome == outcome; }));
}

std::string derived_uuid(const std::string& text) {
  std::string hex = contract::sha256_hex(text).substr(0, 32);
  hex[12] = '5';
  hex[16] = "89ab"[(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) & 3];
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

IngestReport run_ingest(const std::vector<ManifestRow>& rows, const IngestOptions& options,
                        Transport* transport, Progress& progress, const std::atomic<bool>& stop) {
  return Run(rows, options, transport, progress, stop).run();
}

}  // namespace hada::ingest
