#include "client/model/comments.h"

#include <algorithm>

namespace hada::model {

std::vector<CommentThread> threads_of(const std::vector<Comment>& comments) {
  std::vector<CommentThread> threads;
  for (const Comment& comment : comments)
    if (comment.reply_to.empty()) threads.push_back({&comment, static_cast<int>(threads.size()) + 1, {}});
  for (const Comment& comment : comments)
    for (CommentThread& thread : threads)
      if (thread.first->name == comment.reply_to) thread.answers.push_back(&comment);
  return threads;
}

int open_threads(const std::vector<Comment>& comments) {
  return static_cast<int>(std::count_if(comments.begin(), comments.end(), [](const Comment& comment) {
    return comment.reply_to.empty() && !comment.resolved;
  }));
}

}  // namespace hada::model
