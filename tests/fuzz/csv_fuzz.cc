// The manifest reader: CSV and JSON Lines, and the rules of the format on whatever rows come out.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "contract/csv.h"
#include "contract/manifest.h"
#include "contract/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  int64_t last = 0;
  for (const auto& record : hada::contract::parse_csv(text)) {
    if (record.line <= last || record.cells.empty()) std::abort();
    last = record.line;
  }
  const auto rows = hada::contract::read_manifest(text);
  if (!rows) return 0;
  for (const auto& row : *rows) {
    for (const auto& error : row.errors) {
      // A report goes to a terminal: nothing in it may be obeyed there.
      for (const auto* part : {&error.field, &error.value, &error.expected})
        if (!hada::contract::is_utf8(*part) || hada::contract::has_control_characters(*part)) std::abort();
    }
    // What the sender lets through, the server accepts.
    if (row.errors.empty() && !hada::contract::check_fields(row.row.kind, row.row.fields).empty())
      std::abort();
  }
  return 0;
}
