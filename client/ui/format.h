#pragma once

// Times, numbers and terms as they are shown.

#include <cstdint>
#include <string>
#include <string_view>

#include "client/ui/frame.h"

namespace hada::ui {

std::string clock_time(int64_t at_us);         // 14:05, local time
std::string date_time(int64_t at_us);          // 2025-11-22 14:05, local time
std::string ago(const Ui& ui, int64_t at_us);  // "3 min ago"; a date when older than a day
std::string with_thousands(size_t number);     // 12,345
std::string percent(double share);             // "83%"

// Names of "terms/psoriasis": first in the interface's language, then in the other. An unknown term shows its
// id.
struct TermNames {
  std::string_view first, second;
  int risk = 0;
};
TermNames names_of(const Ui& ui, const std::string& term);

// "65 y · Female · Face (left)": what a row of the worklist says about the patient.
std::string patient_line(const Ui& ui, int age, const std::string& sex, const std::string& anatom_site);

// As shown of a person: the name, or the id where there is none.
std::string_view reader_name(const Ui& ui, const model::Read& read);

// 1 to 5 as a word.
Text confidence_text(int confidence);

}  // namespace hada::ui
