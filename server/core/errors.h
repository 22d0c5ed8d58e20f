#pragma once

// Every error the server answers with is built here, so that codes, reasons and words stay the same
// everywhere. Reasons are listed in docs/errors.md. Messages name fields and resources, never what a user
// typed.

#include <string_view>

#include "contract/result.h"

namespace hada::core {

// NOT_FOUND / QUEUE_EMPTY: nothing is waiting for this reader.
Unexpected queue_empty();
// NOT_FOUND / NO_SUCH_RESOURCE. `resource` is a resource name or a kind ("case").
Unexpected not_found(std::string_view resource);
// INVALID_ARGUMENT / BAD_FIELD with metadata field and expected. The value itself is never repeated.
Unexpected bad_field(std::string_view field, std::string_view expected);
// ABORTED / ETAG_MISMATCH with metadata current_etag.
Unexpected etag_mismatch(std::string_view current_etag);
// INVALID_ARGUMENT / ETAG_MISSING.
Unexpected etag_missing();
// FAILED_PRECONDITION / WRONG_STATE.
Unexpected wrong_state(std::string_view message);
// FAILED_PRECONDITION with a reason of its own.
Unexpected failed_precondition(std::string_view reason, std::string_view message);
// PERMISSION_DENIED with a reason of its own.
Unexpected denied(std::string_view reason, std::string_view message);
// PERMISSION_DENIED / ROLE_REQUIRED.
Unexpected role_required();
// ALREADY_EXISTS with a reason of its own.
Unexpected already_exists(std::string_view reason, std::string_view message);
// INVALID_ARGUMENT / BAD_PAGE_TOKEN.
Unexpected bad_page_token();
// INVALID_ARGUMENT / REQUEST_ID_REUSED.
Unexpected request_id_reused();
// UNAUTHENTICATED / NO_SESSION.
Unexpected no_session();
// UNAUTHENTICATED / BAD_CREDENTIALS, the same for an unknown user and a wrong password.
Unexpected bad_credentials();
// RESOURCE_EXHAUSTED / TOO_MANY_ATTEMPTS with metadata retry_after_seconds.
Unexpected too_many_attempts(int64_t retry_after_us);
// UNAVAILABLE / QUEUE_FULL.
Unexpected queue_full();
// DEADLINE_EXCEEDED / DEADLINE_EXCEEDED and CANCELLED / CANCELLED.
Unexpected deadline_exceeded();
Unexpected cancelled();
// INTERNAL / INTERNAL. `what` must be safe to show.
Unexpected internal(std::string_view what);

}  // namespace hada::core
