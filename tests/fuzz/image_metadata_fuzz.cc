// The cleaners of JPEG, PNG and TIFF: whatever comes in, what comes out is clean already.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "contract/image_metadata.h"
#include "contract/tiff_cleaning.h"

using namespace hada;

namespace {

void check_stripper(Result<contract::StrippedImage> (*strip)(std::string_view), std::string_view file) {
  const auto once = strip(file);
  if (!once) return;
  const auto twice = strip(once->bytes);
  if (!twice || twice->bytes != once->bytes || twice->orientation != once->orientation) std::abort();
}

void check_tiff(std::string file) {
  const contract::ReadAt read = [&](uint64_t offset, uint64_t size) -> Result<std::string> {
    if (offset > file.size() || size > file.size() - offset)
      return Unexpected(ErrorCode::DataLoss, "UNREADABLE", "outside");
    return file.substr(offset, size);
  };
  const auto plan = contract::plan_tiff_cleaning(read, file.size());
  if (!plan) return;
  uint64_t last = 0;
  for (const contract::ByteEdit& edit : plan->edits) {
    const bool sound = edit.size > 0 && edit.offset >= last && edit.offset <= file.size() &&
                       edit.size <= file.size() - edit.offset &&
                       (edit.bytes.empty() || edit.bytes.size() == edit.size);
    if (!sound) std::abort();
    last = edit.offset + edit.size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  check_stripper(contract::strip_jpeg, file);
  check_stripper(contract::strip_png, file);
  check_tiff(std::string(file));
  return 0;
}
