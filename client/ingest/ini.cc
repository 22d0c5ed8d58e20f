#include "client/ingest/ini.h"

#include <charconv>

#include "contract/text.h"

namespace hada::ingest {

IniFile parse_ini(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  IniFile ini;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = contract::trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == ';' || line.front() == '#') continue;
    if (line.front() == '[' && line.back() == ']') {
      ini.sections.push_back({std::string(line.substr(1, line.size() - 2)), {}});
      continue;
    }
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || ini.sections.empty()) continue;
    ini.sections.back().entries.push_back({std::string(contract::trim(line.substr(0, equals))),
                                           std::string(contract::trim(line.substr(equals + 1)))});
  }
  return ini;
}

IniFile::Section* IniFile::find(std::string_view section) {
  for (Section& one : sections)
    if (one.name == section) return &one;
  return nullptr;
}

std::optional<std::string> IniFile::get(std::string_view section, std::string_view key) const {
  for (const Section& one : sections) {
    if (one.name != section) continue;
    for (const Entry& entry : one.entries)
      if (entry.key == key) return entry.value;
  }
  return std::nullopt;
}

std::optional<int> IniFile::get_int(std::string_view section, std::string_view key, int limit) const {
  const auto text = get(section, key);
  if (!text) return std::nullopt;
  int value = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc() || end != text->data() + text->size() || value < 0 || value > limit)
    return std::nullopt;
  return value;
}

std::string IniFile::text() const {
  std::string out;
  for (const Section& section : sections) {
    out += "[" + section.name + "]\r\n";
    for (const Entry& entry : section.entries) out += entry.key + " = " + entry.value + "\r\n";
    out += "\r\n";
  }
  return out;
}

}  // namespace hada::ingest
