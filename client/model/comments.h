#pragma once

// What reviewers say to each other about the open case.

#include <string>
#include <vector>

#include "client/model/types.h"

namespace hada::model {

// A comment that begins a thread, and its answers, oldest first. Points into the list it was made of.
struct CommentThread {
  const Comment* first;
  int number;  // from 1, in the order they were begun: what the pins say
  std::vector<const Comment*> answers;
};
std::vector<CommentThread> threads_of(const std::vector<Comment>& comments);

// Threads that are not resolved.
int open_threads(const std::vector<Comment>& comments);

}  // namespace hada::model
