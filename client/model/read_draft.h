#pragma once

// Edits of a read's content, and what keeps it from being submitted. Each edit returns the changed content
// with ranks that start at 1 and leave no gap.

#include <cstddef>
#include <optional>
#include <string>

#include "client/model/types.h"

namespace hada::model {

inline constexpr size_t kMaxDifferential = 5;
inline constexpr size_t kMaxNoteCharacters = 4000;

ReadContent with_gradable(ReadContent content, bool gradable);
ReadContent with_reason(ReadContent content, UngradableReason reason);
ReadContent with_diagnosis(ReadContent content, const std::string& term);
ReadContent without_diagnosis(ReadContent content, size_t index);
ReadContent with_moved(ReadContent content, size_t from, size_t to);
// Just below `with`, at its rank.
ReadContent with_tied_to(ReadContent content, size_t index, size_t with);
ReadContent with_tied(ReadContent content, size_t index, bool tied);
ReadContent with_confidence(ReadContent content, size_t index, int confidence);
ReadContent with_flag(ReadContent content, const std::string& image, ImageFlag flag, bool on);
ReadContent with_adjustments(ReadContent content, const std::string& image, const ImageAdjustments& a);
// Unspecified: not recorded.
ReadContent with_finding(ReadContent content, DermoscopyFeature feature, Finding finding);
ReadContent with_note(ReadContent content, std::string note);

bool has_flag(const ReadContent& content, const std::string& image, ImageFlag flag);
// Same rank as the diagnosis above.
bool is_tied(const ReadContent& content, size_t index);

// As it is sent: an ungradable read carries no differential, a gradable one no reason.
ReadContent to_submit(ReadContent content);

enum class ReadProblem : int32_t {
  NoDiagnosis,
  NoUngradableReason,
  NoteTooLong,
  NoAmendReason,
  NothingChanged,
  AmendedElsewhere,  // the caller must choose first: intent::SettleConflict
};
std::optional<ReadProblem> problem_of(const ReadContent& content);

// Code points of a UTF-8 text.
size_t character_count(const std::string& text);

}  // namespace hada::model
