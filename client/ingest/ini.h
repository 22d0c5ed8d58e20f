#pragma once

// The ini files that index slides of several files (MIRAX, VMS, VMU): sections of key = value lines, kept in
// order so that a cleaned one can be written back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hada::ingest {

struct IniFile {
  struct Entry {
    std::string key, value;
  };
  struct Section {
    std::string name;
    std::vector<Entry> entries;
  };
  std::vector<Section> sections;

  Section* find(std::string_view section);
  // The value, trimmed; nothing where it is absent.
  std::optional<std::string> get(std::string_view section, std::string_view key) const;
  // The value as a whole number from 0 to `limit`; nothing otherwise.
  std::optional<int> get_int(std::string_view section, std::string_view key, int limit) const;
  std::string text() const;  // with CRLF, as the scanners write it
};

// Comments and lines of no known shape are left out.
IniFile parse_ini(std::string_view text);

}  // namespace hada::ingest
