#pragma once

// One line per event to standard error, as key=value pairs:
//   2024-05-01T09:30:12.123456Z level=info event=listening port=50051
// Never a patient, a person, a file name of a photograph, or anything a user typed. Any thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace hada::core {

enum class LogLevel { Debug, Info, Warning, Error };

struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, int64_t v) : key(k), value(std::to_string(v)) {}
  LogField(std::string_view k, int v) : key(k), value(std::to_string(v)) {}
  std::string_view key;
  std::string value;
};

// Lines below this are dropped; Info until set. Call before threads start.
void set_log_level(LogLevel level);

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace hada::core
