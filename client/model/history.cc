#include "client/model/history.h"

#include <utility>

namespace hada::model {

void ReadHistory::push(ReadEdit edit) {
  if (edit.before == edit.after) return;
  undone_.clear();
  if (edit.kind != EditKind::Single && !done_.empty()) {
    ReadEdit& last = done_.back();
    const bool together = edit.kind == EditKind::Adjust ? edit.gesture != 0 && edit.gesture == last.gesture
                                                        : edit.at_us - last.at_us <= kMergeWindowUs;
    if (last.kind == edit.kind && together) {
      last.after = std::move(edit.after);
      last.at_us = edit.at_us;
      if (last.before == last.after) done_.pop_back();
      return;
    }
  }
  done_.push_back(std::move(edit));
  if (done_.size() > kMaxEdits) done_.erase(done_.begin());
}

std::optional<ReadContent> ReadHistory::undo() {
  if (done_.empty()) return std::nullopt;
  undone_.push_back(std::move(done_.back()));
  done_.pop_back();
  return undone_.back().before;
}

std::optional<ReadContent> ReadHistory::redo() {
  if (undone_.empty()) return std::nullopt;
  done_.push_back(std::move(undone_.back()));
  undone_.pop_back();
  // What is typed after a redo starts a step of its own.
  done_.back().kind = EditKind::Single;
  return done_.back().after;
}

void ReadHistory::clear() {
  done_.clear();
  undone_.clear();
}

}  // namespace hada::model
