#include "server/store/jobs.h"

namespace hada::store {
namespace {

Result<Rows> next_job(Tx& tx, int64_t state, int64_t now_us) {
  return tx.query(
      "SELECT job_id, kind, subject, attempts FROM jobs "
      "WHERE state = :state AND state < 2 AND lease_until_us <= :now_us ORDER BY created_us LIMIT 1",
      {{"state", state}, {"now_us", now_us}});
}

}  // namespace

Status insert_job(Tx& tx, const JobRecord& job, int64_t now_us, int64_t not_before_us) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO jobs (job_id, kind, subject, state, attempts, lease_until_us, created_us) "
              "VALUES (:job_id, :kind, :subject, 0, 0, :not_before_us, :created_us)",
              {{"job_id", job.job_id},
               {"kind", job.kind},
               {"subject", job.subject},
               {"not_before_us", not_before_us},
               {"created_us", now_us}}));
  return {};
}

Result<std::optional<JobRecord>> take_job(Tx& tx, int64_t now_us, int64_t lease_until_us) {
  ASSIGN_OR_RETURN(Rows rows, next_job(tx, 0, now_us));
  if (rows.empty()) {
    ASSIGN_OR_RETURN(rows, next_job(tx, 1, now_us));
  }
  if (rows.empty()) return std::optional<JobRecord>();
  JobRecord job{rows[0].text(0), rows[0].text(1), rows[0].text(2), rows[0].integer(3) + 1};
  RETURN_IF_ERROR(
      tx.exec("UPDATE jobs SET state = 1, attempts = :attempts, lease_until_us = :lease_until_us "
              "WHERE job_id = :job_id",
              {{"attempts", job.attempts}, {"lease_until_us", lease_until_us}, {"job_id", job.job_id}}));
  return std::optional<JobRecord>(std::move(job));
}

Status extend_job(Tx& tx, const std::string& job_id, int64_t lease_until_us) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE jobs SET lease_until_us = :lease_until_us WHERE job_id = :job_id AND state = 1",
              {{"lease_until_us", lease_until_us}, {"job_id", job_id}}));
  return {};
}

Status finish_job(Tx& tx, const std::string& job_id) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE jobs SET state = 2, error = '' WHERE job_id = :job_id", {{"job_id", job_id}}));
  return {};
}

Status retry_job(Tx& tx, const std::string& job_id, int64_t not_before_us, const std::string& error) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE jobs SET state = 0, lease_until_us = :not_before_us, error = :error "
              "WHERE job_id = :job_id",
              {{"not_before_us", not_before_us}, {"error", error}, {"job_id", job_id}}));
  return {};
}

Status fail_job(Tx& tx, const std::string& job_id, const std::string& error) {
  RETURN_IF_ERROR(tx.exec("UPDATE jobs SET state = 3, error = :error WHERE job_id = :job_id",
                          {{"error", error}, {"job_id", job_id}}));
  return {};
}

Status release_running_jobs(Tx& tx) {
  RETURN_IF_ERROR(
      tx.exec("UPDATE jobs SET state = 0, attempts = attempts - 1, lease_until_us = 0 WHERE state = 1"));
  return {};
}

Result<int64_t> count_open_jobs(Tx& tx) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT COUNT(*) FROM jobs WHERE state < 2"));
  return rows[0].integer(0);
}

}  // namespace hada::store
