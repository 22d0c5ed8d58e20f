#pragma once

// Undo and redo of the read being written. An edit is {before, after}, so each direction is an assignment and
// history stays whole: undoing sends the reverse as a new edit to the server like any other.

#include <cstdint>
#include <optional>
#include <vector>

#include "client/model/types.h"

namespace hada::model {

// Edits of one kind that follow each other within kMergeWindowUs become one step, so that undo takes back
// words and not letters. `Single` never merges; `Adjust` merges as long as the gesture (a drag of a slider)
// is the same.
enum class EditKind : int32_t { Single, Note, Adjust };

struct ReadEdit {
  ReadContent before, after;
  EditKind kind = EditKind::Single;
  int64_t at_us = 0;
  uint64_t gesture = 0;  // 0: none
};

// The versions of a submitted read, as undo and redo go through them: a revision that brings back the version
// before or after the one that stood is a step, any other forgets what had been undone.
struct VersionLine {
  std::vector<ReadContent> versions;  // oldest first
  size_t at = 0;                      // which one stands
};
VersionLine line_of(const std::vector<ReadRevision>& revisions);  // at least one

class ReadHistory {
 public:
  static constexpr int64_t kMergeWindowUs = 1'000'000;
  // To the start of any read; beyond, the oldest are forgotten. Contents share their annotations.
  static constexpr size_t kMaxEdits = 2'000;

  ReadHistory() = default;
  // As if the versions had been edits.
  explicit ReadHistory(const VersionLine& line);

  // Forgets what had been undone. An edit that changes nothing is not kept.
  void push(ReadEdit edit);

  bool can_undo() const { return !done_.empty(); }
  bool can_redo() const { return !undone_.empty(); }
  // The content to show after the step; nothing when there is none.
  std::optional<ReadContent> undo();
  std::optional<ReadContent> redo();
  void clear();

 private:
  std::vector<ReadEdit> done_, undone_;
};

}  // namespace hada::model
