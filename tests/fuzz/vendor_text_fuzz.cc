// The cleaners of scanner makers' texts: the length stays, and what is clean stays as it is.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "contract/vendor_text.h"

using namespace hada::contract;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> blanked;
  const auto check = [&](const auto& clean) {
    const std::string once = clean(text);
    if (once.size() != text.size() || clean(once) != once) std::abort();
  };
  check([&](const std::string& t) { return clean_aperio_description(t, blanked); });
  check([&](const std::string& t) { return clean_trestle_description(t, blanked); });
  check([&](const std::string& t) { return clean_ventana_description(t, blanked); });
  check(clean_philips_xml);
  check(clean_leica_xml);
  check(clean_ventana_xml);
  (void)leica_specimen_directories(text);
  return 0;
}
