#include "server/handlers/comment.h"

#include <charconv>
#include <cmath>

#include "contract/names.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/read_content.h"
#include "server/images/stored_image.h"
#include "server/store/comments.h"
#include "server/store/images.h"

namespace hada::handlers {
namespace {

constexpr size_t kMaxText = 4000;

v1::Comment comment_message(const store::CommentRow& row) {
  v1::Comment out;
  out.set_name(contract::comment_name(row.case_id, row.comment_id));
  out.set_author(contract::user_name(row.author));
  out.set_author_display_name(row.author_display_name);
  for (const store::CommentText& version : row.texts) {
    v1::CommentText* text = out.add_texts();
    text->set_text(version.text);
    set_time(text->mutable_create_time(), version.created_us);
  }
  if (!row.image_id.empty()) out.set_image(contract::image_name(row.image_id));
  out.set_x(row.x);
  out.set_y(row.y);
  if (!row.reply_to.empty()) out.set_reply_to(contract::comment_name(row.case_id, row.reply_to));
  out.set_resolved(row.resolved);
  if (!row.settled_by.empty()) {
    out.set_settled_by(contract::user_name(row.settled_by));
    out.set_settled_by_display_name(row.settled_by_display_name);
    set_time(out.mutable_settle_time(), row.settled_us);
  }
  set_time(out.mutable_create_time(), row.created_us);
  out.set_etag(core::make_etag(row.revision));
  return out;
}

Status check_comment_text(const std::string& text) {
  RETURN_IF_ERROR(check_text("text", text, kMaxText));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return core::bad_field("text", "a text");
  return {};
}

// Who changes a comment may see it; whoever has not opened the case opens it with that.
Result<CaseView> find_discussed(const core::Context& context, store::Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
  RETURN_IF_ERROR(require_discussant(context, view));
  if (view.row.state == CaseState::Withdrawn) return core::wrong_state("the case has been withdrawn");
  RETURN_IF_ERROR(reveal(context, tx, view));
  return view;
}

// The place a new comment is pinned to.
Status pin(store::Tx& tx, const v1::CreateCommentRequest& request, store::CommentRow& comment) {
  if (request.image().empty()) return {};
  ASSIGN_OR_RETURN(comment.image_id, contract::parse_image_name(request.image()));
  ASSIGN_OR_RETURN(const auto image, store::find_image(tx, comment.image_id));
  if (!image || image->case_id != comment.case_id || image->state != ImageState::Ready)
    return core::bad_field("image", "an image of the case");
  ASSIGN_OR_RETURN(const images::StoredImage stored, images::stored_image_from_json(image->pyramid));
  const contract::Pyramid levels = stored.pyramid();
  const bool inside = std::isfinite(request.x()) && std::isfinite(request.y()) && request.x() >= 0 &&
                      request.y() >= 0 && request.x() <= static_cast<double>(levels.front().width) &&
                      request.y() <= static_cast<double>(levels.front().height);
  if (!inside) return core::bad_field("x", "a place in the image, in its level-0 pixels");
  comment.x = request.x();
  comment.y = request.y();
  return {};
}

// An answer is where its thread is.
Status answer_to(store::Tx& tx, const v1::CreateCommentRequest& request, store::CommentRow& comment) {
  if (request.reply_to().empty()) return {};
  const auto named = contract::parse_comment_name(request.reply_to());
  if (named && named->case_id == comment.case_id && request.image().empty()) {
    ASSIGN_OR_RETURN(const auto first, store::comments::find(tx, named->comment_id));
    if (first && first->case_id == comment.case_id && first->reply_to.empty()) {
      comment.reply_to = first->comment_id;
      return {};
    }
  }
  return core::bad_field("reply_to", "a comment of the case that begins a thread, and no place");
}

// `change` does it and returns the verb of the event.
template <class Request, class Change>
Result<v1::Comment> change_comment(core::Context& context, const Request& request, Change change) {
  return core::mutate<v1::Comment>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Comment> {
        ASSIGN_OR_RETURN(const contract::CommentName named, contract::parse_comment_name(request.name()));
        RETURN_IF_ERROR(find_discussed(context, tx, named.case_id));
        ASSIGN_OR_RETURN(auto comment, store::comments::find(tx, named.comment_id));
        if (!comment || comment->case_id != named.case_id) return core::not_found(request.name());
        ASSIGN_OR_RETURN(const std::string verb, change(tx, *comment));
        RETURN_IF_ERROR(record(context, tx, verb, request.name(), named.case_id));
        ASSIGN_OR_RETURN(comment, store::comments::find(tx, named.comment_id));
        return comment_message(*comment);
      });
}

template <class Request>
Result<v1::Comment> settle_thread(core::Context& context, const Request& request, bool resolved) {
  return change_comment(
      context, request, [&](store::Tx& tx, store::CommentRow& comment) -> Result<std::string> {
        RETURN_IF_ERROR(core::check_etag(request.etag(), comment.revision));
        if (!comment.reply_to.empty()) return core::bad_field("name", "a comment that begins a thread");
        if (comment.resolved == resolved)
          return core::wrong_state(resolved ? "it is resolved" : "it is open");
        RETURN_IF_ERROR(store::comments::settle(tx, comment, resolved, context.caller.user_id,
                                                context.services.clock.now_us()));
        return std::string(resolved ? "resolve_comment" : "reopen_comment");
      });
}

}  // namespace

Result<v1::ListCommentsResponse> list_comments(core::Context& context,
                                               const v1::ListCommentsRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.parent()));
  const std::string fingerprint = "comments " + case_id;
  ASSIGN_OR_RETURN(const int32_t page_size, core::page_size(request.page_size(), 50, 100));
  ASSIGN_OR_RETURN(const std::string cursor, core::decode_page_token(request.page_token(), fingerprint));
  int64_t after = 0;
  if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), after).ptr !=
      cursor.data() + cursor.size())
    return core::bad_page_token();

  v1::ListCommentsResponse response;
  const auto list = [&](store::Tx& tx, const CaseView& view) -> Status {
    response.Clear();
    if (view.sight != Sight::Full || !require_discussant(context, view)) return {};
    ASSIGN_OR_RETURN(auto rows, store::comments::of_case(tx, case_id, after, page_size + 1));
    if (static_cast<int32_t>(rows.size()) > page_size) {
      rows.resize(static_cast<size_t>(page_size));
      response.set_next_page_token(core::encode_page_token(std::to_string(rows.back().seq), fingerprint));
    }
    for (const store::CommentRow& row : rows) *response.add_comments() = comment_message(row);
    return {};
  };
  bool must_reveal = false;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const CaseView view, find_case(context, tx, case_id));
    must_reveal = view.sight == Sight::Unopened && require_discussant(context, view);
    return list(tx, view);
  }));
  if (!must_reveal) return response;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(reveal(context, tx, view));
    return list(tx, view);
  }));
  return response;
}

Result<v1::Comment> create_comment(core::Context& context, const v1::CreateCommentRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.parent()));
  return core::mutate<v1::Comment>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Comment> {
        RETURN_IF_ERROR(find_discussed(context, tx, case_id));
        RETURN_IF_ERROR(check_comment_text(request.text()));
        store::CommentRow comment;
        comment.comment_id = core::new_id();
        comment.case_id = case_id;
        comment.author = context.caller.user_id;
        comment.created_us = context.services.clock.now_us();
        comment.texts = {{request.text(), comment.created_us}};
        RETURN_IF_ERROR(pin(tx, request, comment));
        RETURN_IF_ERROR(answer_to(tx, request, comment));
        ASSIGN_OR_RETURN(comment.seq, record(context, tx, "create_comment",
                                             contract::comment_name(case_id, comment.comment_id), case_id));
        RETURN_IF_ERROR(store::comments::insert(tx, comment));
        ASSIGN_OR_RETURN(const auto made, store::comments::find(tx, comment.comment_id));
        return comment_message(*made);
      });
}

Result<v1::Comment> edit_comment(core::Context& context, const v1::EditCommentRequest& request) {
  return change_comment(
      context, request, [&](store::Tx& tx, store::CommentRow& comment) -> Result<std::string> {
        if (comment.author != context.caller.user_id)
          return core::denied("NOT_AUTHOR", "a comment is edited by who wrote it");
        RETURN_IF_ERROR(check_comment_text(request.text()));
        RETURN_IF_ERROR(core::check_etag(request.etag(), comment.revision));
        RETURN_IF_ERROR(
            store::comments::rewrite(tx, comment, request.text(), context.services.clock.now_us()));
        return std::string("edit_comment");
      });
}

Result<v1::Comment> resolve_comment(core::Context& context, const v1::ResolveCommentRequest& request) {
  return settle_thread(context, request, true);
}

Result<v1::Comment> reopen_comment(core::Context& context, const v1::ReopenCommentRequest& request) {
  return settle_thread(context, request, false);
}

}  // namespace hada::handlers
