#include "client/model/history.h"

#include <cassert>
#include <utility>

namespace hada::model {

VersionLine line_of(const std::vector<ReadRevision>& revisions) {
  VersionLine line;
  std::vector<ReadContent>& versions = line.versions;
  size_t& at = line.at;
  for (const ReadRevision& revision : revisions) {
    if (!versions.empty() && versions[at] == revision.content) continue;
    if (at > 0 && versions[at - 1] == revision.content) {
      --at;
    } else if (at + 1 < versions.size() && versions[at + 1] == revision.content) {
      ++at;
    } else {
      if (!versions.empty()) versions.resize(at + 1);
      versions.push_back(revision.content);
      at = versions.size() - 1;
    }
  }
  return line;
}

ReadHistory::ReadHistory(const VersionLine& line) {
  const auto step = [&](size_t from) { return ReadEdit{line.versions[from], line.versions[from + 1]}; };
  assert(line.at < line.versions.size());
  for (size_t i = 0; i < line.at; ++i) done_.push_back(step(i));
  for (size_t i = line.versions.size() - 1; i > line.at; --i) undone_.push_back(step(i - 1));
}

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
