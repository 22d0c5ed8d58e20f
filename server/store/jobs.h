#pragma once

// Long work, as rows. States: 0 queued, 1 running, 2 done, 3 failed. For a queued job `lease_until_us` is the
// earliest time it may be taken; for a running one, when its worker counts as dead.

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/store.h"

namespace hada::store {

struct JobRecord {
  std::string job_id;
  std::string kind;
  std::string subject;
  int64_t attempts = 0;  // including the one under way
};

// It is not taken before `not_before_us`.
Status insert_job(Tx& tx, const JobRecord& job, int64_t now_us, int64_t not_before_us = 0);

// The oldest job that may run, now marked as running; nothing when there is none.
Result<std::optional<JobRecord>> take_job(Tx& tx, int64_t now_us, int64_t lease_until_us);
Status extend_job(Tx& tx, const std::string& job_id, int64_t lease_until_us);
Status finish_job(Tx& tx, const std::string& job_id);
// Back to the queue, not to be taken before `not_before_us`.
Status retry_job(Tx& tx, const std::string& job_id, int64_t not_before_us, const std::string& error);
Status fail_job(Tx& tx, const std::string& job_id, const std::string& error);

// Back to the queue, all that are marked as running. Being killed is no fault of the job, so the attempt is
// not counted.
Status release_running_jobs(Tx& tx);

// Jobs queued or running.
Result<int64_t> count_open_jobs(Tx& tx);

}  // namespace hada::store
