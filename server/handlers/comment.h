#pragma once

// The part of ReadService that is about comments.

#include "contract/result.h"
#include "hada/v1/comment.pb.h"
#include "server/core/context.h"

namespace hada::handlers {

Result<v1::ListCommentsResponse> list_comments(core::Context& context,
                                               const v1::ListCommentsRequest& request);
Result<v1::Comment> create_comment(core::Context& context, const v1::CreateCommentRequest& request);
Result<v1::Comment> edit_comment(core::Context& context, const v1::EditCommentRequest& request);
Result<v1::Comment> resolve_comment(core::Context& context, const v1::ResolveCommentRequest& request);
Result<v1::Comment> reopen_comment(core::Context& context, const v1::ReopenCommentRequest& request);

}  // namespace hada::handlers
