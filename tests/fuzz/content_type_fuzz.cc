// What decides which parser a file meets.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "client/ingest/ini.h"
#include "contract/content_type.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view head(reinterpret_cast<const char*>(data), size);
  const auto type = hada::contract::sniff(head);
  if (hada::contract::content_word(type).empty()) std::abort();
  const hada::ingest::IniFile ini = hada::ingest::parse_ini(head);
  // Written and read again, an index says the same.
  if (hada::ingest::parse_ini(ini.text()).text() != ini.text()) std::abort();
  return 0;
}
