#include "client/model/read_draft.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace hada::model {
namespace {

// tied[i]: same rank as the one above.
std::vector<bool> ties_of(const ReadContent& content) {
  std::vector<bool> tied(content.differential.size(), false);
  for (size_t i = 1; i < tied.size(); ++i) tied[i] = is_tied(content, i);
  return tied;
}

void set_ranks(ReadContent& content, const std::vector<bool>& tied) {
  int rank = 0;
  for (size_t i = 0; i < content.differential.size(); ++i) {
    if (i == 0 || !tied[i]) ++rank;
    content.differential[i].rank = rank;
  }
}

// Two neighbours are tied afterwards if they had one rank before.
void place(ReadContent& content, size_t from, size_t to) {
  auto& list = content.differential;
  Diagnosis moved = list[from];
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(from));
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(to), std::move(moved));
  set_ranks(content, ties_of(content));
}

constexpr int kFirstConfidence = 3;

}  // namespace

ReadContent with_gradable(ReadContent content, bool gradable) {
  // The differential stays in the draft, so that a slip of the finger costs nothing; to_submit drops it.
  content.gradable = gradable;
  if (gradable) content.ungradable_reason = UngradableReason::Unspecified;
  return content;
}

ReadContent with_reason(ReadContent content, UngradableReason reason) {
  content.gradable = false;
  content.ungradable_reason = reason;
  return content;
}

ReadContent with_diagnosis(ReadContent content, const std::string& term) {
  auto& list = content.differential;
  const bool known =
      std::any_of(list.begin(), list.end(), [&](const Diagnosis& d) { return d.term == term; });
  if (term.empty() || known || list.size() >= kMaxDifferential) return content;
  const int rank = list.empty() ? 1 : list.back().rank + 1;
  list.push_back({term, rank, kFirstConfidence});
  content.gradable = true;
  content.ungradable_reason = UngradableReason::Unspecified;
  return content;
}

ReadContent without_diagnosis(ReadContent content, size_t index) {
  auto& list = content.differential;
  if (index >= list.size()) return content;
  std::vector<bool> tied = ties_of(content);
  // The one below a tie's head becomes the head.
  if (index + 1 < tied.size() && !tied[index]) tied[index + 1] = false;
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  tied.erase(tied.begin() + static_cast<std::ptrdiff_t>(index));
  set_ranks(content, tied);
  return content;
}

ReadContent with_moved(ReadContent content, size_t from, size_t to) {
  if (from >= content.differential.size() || to >= content.differential.size() || from == to) return content;
  place(content, from, to);
  return content;
}

ReadContent with_tied_to(ReadContent content, size_t index, size_t with) {
  auto& list = content.differential;
  if (index >= list.size() || with >= list.size() || index == with) return content;
  list[index].rank = list[with].rank;
  place(content, index, index < with ? with : with + 1);
  return content;
}

ReadContent with_tied(ReadContent content, size_t index, bool tied) {
  if (index == 0 || index >= content.differential.size()) return content;
  std::vector<bool> ties = ties_of(content);
  ties[index] = tied;
  set_ranks(content, ties);
  return content;
}

ReadContent with_confidence(ReadContent content, size_t index, int confidence) {
  if (index < content.differential.size() && confidence >= 1 && confidence <= 5)
    content.differential[index].confidence = confidence;
  return content;
}

ReadContent with_flag(ReadContent content, const std::string& image, ImageFlag flag, bool on) {
  auto& flags = content.image_flags[image];
  std::erase(flags, flag);
  if (on) {
    flags.push_back(flag);
    std::sort(flags.begin(), flags.end());
  }
  if (flags.empty()) content.image_flags.erase(image);
  return content;
}

ReadContent with_adjustments(ReadContent content, const std::string& image, const ImageAdjustments& a) {
  const ImageAdjustments kept = clamped(a);
  if (is_neutral(kept))
    content.adjustments.erase(image);
  else
    content.adjustments[image] = kept;
  return content;
}

ReadContent with_finding(ReadContent content, DermoscopyFeature feature, Finding finding) {
  if (finding == Finding::Unspecified)
    content.dermoscopy.erase(feature);
  else
    content.dermoscopy[feature] = finding;
  return content;
}

ReadContent with_note(ReadContent content, std::string note) {
  content.note = std::move(note);
  return content;
}

bool has_flag(const ReadContent& content, const std::string& image, ImageFlag flag) {
  const auto it = content.image_flags.find(image);
  return it != content.image_flags.end() &&
         std::find(it->second.begin(), it->second.end(), flag) != it->second.end();
}

bool is_tied(const ReadContent& content, size_t index) {
  return index > 0 && index < content.differential.size() &&
         content.differential[index].rank == content.differential[index - 1].rank;
}

ReadContent to_submit(ReadContent content) {
  if (content.gradable)
    content.ungradable_reason = UngradableReason::Unspecified;
  else
    content.differential.clear();
  return content;
}

std::optional<ReadProblem> problem_of(const ReadContent& content) {
  if (content.gradable && content.differential.empty()) return ReadProblem::NoDiagnosis;
  if (!content.gradable && content.ungradable_reason == UngradableReason::Unspecified)
    return ReadProblem::NoUngradableReason;
  if (character_count(content.note) > kMaxNoteCharacters) return ReadProblem::NoteTooLong;
  return std::nullopt;
}

size_t character_count(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace hada::model
