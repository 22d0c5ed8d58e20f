#include "client/ui/format.h"

#include <array>
#include <cmath>
#include <ctime>

namespace hada::ui {
namespace {

std::string local(int64_t at_us, const char* pattern) {
  const auto seconds = static_cast<std::time_t>(at_us / 1'000'000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const size_t length = std::strftime(text.data(), text.size(), pattern, &parts);
  return {text.data(), length};
}

}  // namespace

std::string clock_time(int64_t at_us) { return local(at_us, "%H:%M"); }
std::string date_time(int64_t at_us) { return local(at_us, "%Y-%m-%d %H:%M"); }

std::string ago(const Ui& ui, int64_t at_us) {
  if (at_us == 0) return {};
  const int64_t minutes = (ui.model.now_us - at_us) / 60'000'000;
  if (minutes < 1) return ui.t(Text::AgoNow);
  if (minutes < 60) return ui.f(Text::AgoMinutes, {std::to_string(minutes)});
  if (minutes < 24 * 60) return ui.f(Text::AgoHours, {std::to_string(minutes / 60)});
  return date_time(at_us);
}

std::string with_thousands(size_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

TermNames names_of(const Ui& ui, const std::string& term) {
  const contract::Term* found = model::find_term(ui.model, term);
  if (!found) {
    const size_t slash = term.rfind('/');
    return {std::string_view(term).substr(slash == std::string::npos ? 0 : slash + 1), {}, 0};
  }
  if (ui.language == Language::Japanese && !found->ja.empty()) return {found->ja, found->en, found->risk};
  return {found->en, found->ja, found->risk};
}

std::string patient_line(const Ui& ui, int age, const std::string& sex, const std::string& anatom_site) {
  std::string line;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!line.empty()) line += " · ";
    line += part;
  };
  if (age >= 0) add(ui.f(Text::ContextAge, {std::to_string(age)}));
  if (!sex.empty()) add(i18n::word(sex, ui.language));
  if (!anatom_site.empty()) add(i18n::body_site(anatom_site, ui.language));
  return line;
}

Text confidence_text(int confidence) {
  switch (confidence) {
    case 1:
      return Text::ReadConfidence1;
    case 2:
      return Text::ReadConfidence2;
    case 4:
      return Text::ReadConfidence4;
    case 5:
      return Text::ReadConfidence5;
    default:
      return Text::ReadConfidence3;
  }
}

std::string percent(double share) { return std::to_string(std::lround(share * 100)) + "%"; }

std::string_view reader_name(const Ui& ui, const model::Read& read) {
  return ui.shown(read.reader_display_name.empty() ? std::string_view(read.reader)
                                                   : std::string_view(read.reader_display_name));
}

}  // namespace hada::ui
