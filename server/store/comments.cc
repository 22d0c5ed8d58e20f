#include "server/store/comments.h"

namespace hada::store::comments {
namespace {

constexpr std::string_view kSelect =
    "SELECT c.comment_id, c.case_id, c.seq, c.image_id, c.x, c.y, c.reply_to, c.author, a.display_name, "
    "c.resolved, c.settled_by, s.display_name, c.settled_us, c.revision, c.created_us FROM comments c "
    "LEFT JOIN users a ON a.user_id = c.author LEFT JOIN users s ON s.user_id = c.settled_by ";

Result<CommentRow> comment_of(Tx& tx, const Row& r) {
  CommentRow comment;
  comment.comment_id = r.text(0);
  comment.case_id = r.text(1);
  comment.seq = r.integer(2);
  comment.image_id = r.text(3);
  comment.x = r.real(4);
  comment.y = r.real(5);
  comment.reply_to = r.text(6);
  comment.author = r.text(7);
  comment.author_display_name = r.text(8);
  comment.resolved = r.integer(9) != 0;
  comment.settled_by = r.text(10);
  comment.settled_by_display_name = r.text(11);
  comment.settled_us = r.integer(12);
  comment.revision = r.integer(13);
  comment.created_us = r.integer(14);
  ASSIGN_OR_RETURN(const Rows texts, tx.query("SELECT text, created_us FROM comment_texts "
                                              "WHERE comment_id = :comment ORDER BY version",
                                              {{"comment", comment.comment_id}}));
  for (const Row& text : texts) comment.texts.push_back({text.text(0), text.integer(1)});
  return comment;
}

Status insert_text(Tx& tx, const CommentRow& comment) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO comment_texts (comment_id, version, text, created_us) "
              "VALUES (:comment, :version, :text, :now)",
              {{"comment", comment.comment_id},
               {"version", static_cast<int64_t>(comment.texts.size())},
               {"text", comment.texts.back().text},
               {"now", comment.texts.back().created_us}}));
  return {};
}

}  // namespace

Status insert(Tx& tx, const CommentRow& comment) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO comments (comment_id, case_id, seq, image_id, x, y, reply_to, author, created_us) "
              "VALUES (:comment, :case_id, :seq, :image, :x, :y, :reply_to, :author, :now)",
              {{"comment", comment.comment_id},
               {"case_id", comment.case_id},
               {"seq", comment.seq},
               {"image", comment.image_id},
               {"x", comment.x},
               {"y", comment.y},
               {"reply_to", comment.reply_to},
               {"author", comment.author},
               {"now", comment.created_us}}));
  return insert_text(tx, comment);
}

Result<std::optional<CommentRow>> find(Tx& tx, const std::string& comment_id) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query(std::string(kSelect) + "WHERE c.comment_id = :comment",
                                             {{"comment", comment_id}}));
  if (rows.empty()) return std::optional<CommentRow>();
  ASSIGN_OR_RETURN(CommentRow comment, comment_of(tx, rows[0]));
  return std::optional<CommentRow>(std::move(comment));
}

Result<std::vector<CommentRow>> of_case(Tx& tx, const std::string& case_id, int64_t after_seq,
                                        int32_t limit) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query(std::string(kSelect) +
                                "WHERE c.case_id = :case_id AND c.seq > :after ORDER BY c.seq LIMIT :limit",
                            {{"case_id", case_id}, {"after", after_seq}, {"limit", limit}}));
  std::vector<CommentRow> comments;
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(CommentRow comment, comment_of(tx, row));
    comments.push_back(std::move(comment));
  }
  return comments;
}

Status rewrite(Tx& tx, CommentRow& comment, const std::string& text, int64_t now_us) {
  comment.texts.push_back({text, now_us});
  RETURN_IF_ERROR(insert_text(tx, comment));
  ++comment.revision;
  RETURN_IF_ERROR(tx.exec("UPDATE comments SET revision = :revision WHERE comment_id = :comment",
                          {{"revision", comment.revision}, {"comment", comment.comment_id}}));
  return {};
}

Status settle(Tx& tx, CommentRow& comment, bool resolved, const std::string& user_id, int64_t now_us) {
  ++comment.revision;
  RETURN_IF_ERROR(
      tx.exec("UPDATE comments SET resolved = :resolved, settled_by = :user, settled_us = :now, "
              "revision = :revision WHERE comment_id = :comment",
              {{"resolved", resolved},
               {"user", user_id},
               {"now", now_us},
               {"revision", comment.revision},
               {"comment", comment.comment_id}}));
  return {};
}

}  // namespace hada::store::comments
