#pragma once

// SQL over comments and comment_texts. Functions run inside the caller's transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

struct CommentText {
  std::string text;
  int64_t created_us = 0;
};

struct CommentRow {
  std::string comment_id;
  std::string case_id;
  int64_t seq = 0;
  std::string image_id;                     // empty: the whole case
  double x = 0, y = 0;                      // level-0 pixels
  std::string reply_to;                     // id; empty: begins a thread
  std::string author, author_display_name;  // the latter read only
  bool resolved = false;
  std::string settled_by, settled_by_display_name;  // who resolved it or opened it again; read only
  int64_t settled_us = 0;
  int64_t revision = 1;
  int64_t created_us = 0;
  std::vector<CommentText> texts;  // first version first
};

namespace comments {

// With its first text.
Status insert(Tx& tx, const CommentRow& comment);
Result<std::optional<CommentRow>> find(Tx& tx, const std::string& comment_id);
// Oldest first, those after `after_seq`, at most `limit`.
Result<std::vector<CommentRow>> of_case(Tx& tx, const std::string& case_id, int64_t after_seq, int32_t limit);
// Another version of the text; raises the revision.
Status rewrite(Tx& tx, CommentRow& comment, const std::string& text, int64_t now_us);
// Resolves a thread or opens it again; raises the revision.
Status settle(Tx& tx, CommentRow& comment, bool resolved, const std::string& user_id, int64_t now_us);

}  // namespace comments
}  // namespace hada::store
