#include "server/core/errors.h"

#include <string>

namespace hada::core {
namespace {

Unexpected make(ErrorCode code, std::string_view reason, std::string message,
                std::map<std::string, std::string> metadata = {}) {
  return Unexpected(Error{code, std::string(reason), std::move(message), std::move(metadata)});
}

}  // namespace

Unexpected not_found(std::string_view resource) {
  return make(ErrorCode::NotFound, "NO_SUCH_RESOURCE", "no such resource: " + std::string(resource),
              {{"resource", std::string(resource)}});
}

Unexpected queue_empty() {
  return make(ErrorCode::NotFound, "QUEUE_EMPTY", "no case is waiting for this reader");
}

Unexpected bad_field(std::string_view field, std::string_view expected) {
  return make(ErrorCode::InvalidArgument, "BAD_FIELD",
              "field " + std::string(field) + ": expected " + std::string(expected),
              {{"field", std::string(field)}, {"expected", std::string(expected)}});
}

Unexpected etag_mismatch(std::string_view current_etag) {
  return make(ErrorCode::Aborted, "ETAG_MISMATCH", "the resource has changed since it was read",
              {{"current_etag", std::string(current_etag)}});
}

Unexpected etag_missing() {
  return make(ErrorCode::InvalidArgument, "ETAG_MISSING", "an etag is required", {{"field", "etag"}});
}

Unexpected wrong_state(std::string_view message) { return failed_precondition("WRONG_STATE", message); }

Unexpected failed_precondition(std::string_view reason, std::string_view message) {
  return make(ErrorCode::FailedPrecondition, reason, std::string(message));
}

Unexpected denied(std::string_view reason, std::string_view message) {
  return make(ErrorCode::PermissionDenied, reason, std::string(message));
}

Unexpected role_required() { return denied("ROLE_REQUIRED", "the caller's roles do not allow this"); }

Unexpected already_exists(std::string_view reason, std::string_view message) {
  return make(ErrorCode::AlreadyExists, reason, std::string(message));
}

Unexpected bad_page_token() {
  return make(ErrorCode::InvalidArgument, "BAD_PAGE_TOKEN", "the page token does not belong to this list",
              {{"field", "page_token"}});
}

Unexpected request_id_reused() {
  return make(ErrorCode::InvalidArgument, "REQUEST_ID_REUSED", "this request_id was used for another request",
              {{"field", "request_id"}});
}

Unexpected no_session() {
  return make(ErrorCode::Unauthenticated, "NO_SESSION", "log in first: the session is missing or over");
}

Unexpected bad_credentials() {
  return make(ErrorCode::Unauthenticated, "BAD_CREDENTIALS", "the user or the password is wrong");
}

Unexpected too_many_attempts(int64_t retry_after_us) {
  const std::string seconds = std::to_string((retry_after_us + 999'999) / 1'000'000);
  return make(ErrorCode::ResourceExhausted, "TOO_MANY_ATTEMPTS",
              "too many wrong passwords; try again in " + seconds + " s", {{"retry_after_seconds", seconds}});
}

Unexpected queue_full() {
  return make(ErrorCode::Unavailable, "QUEUE_FULL", "the server is busy; try again shortly");
}

Unexpected deadline_exceeded() {
  return make(ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED",
              "the deadline passed before the call was served");
}

Unexpected cancelled() { return make(ErrorCode::Cancelled, "CANCELLED", "the call was cancelled"); }

Unexpected internal(std::string_view what) {
  return make(ErrorCode::Internal, "INTERNAL", std::string(what));
}

}  // namespace hada::core
