#include "server/images/vips_image.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace hada::images {
namespace {

// More threads than this gain nothing for one image and cost address space, which is limited.
constexpr int kMaxThreads = 4;

bool says(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != std::string::npos; });
}

}  // namespace

bool start_vips() {
  static const bool started = [] {
    // Debian's plug-in modules (ImageMagick, Poppler, ...) read formats that are not ours and take 40 ms to
    // load.
    ::setenv("VIPSHOME", "/nonexistent", 1);
    if (VIPS_INIT("hada-server") != 0) return false;
    vips_cache_set_max(0);
    vips_concurrency_set(std::min(vips_concurrency_get(), kMaxThreads));
    return true;
  }();
  return started;
}

Unexpected vips_failure() {
  std::string text = vips_error_buffer();
  vips_error_clear();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  if (says(text, {"out of memory", "unable to allocate", "cannot allocate", "insufficient memory"}))
    return Unexpected(ErrorCode::ResourceExhausted, "MEMORY_LIMIT",
                      "the file needs more memory than is allowed");
  if (says(text, {"truncated", "premature end", "unexpected end", "end of file", "eof", "read error",
                  "not enough data", "input file read"}))
    return Unexpected(ErrorCode::DataLoss, "TRUNCATED", "the file ends before its picture does");
  if (says(text, {"unsupported", "not supported", "unimplemented", "not implemented"}))
    return Unexpected(ErrorCode::InvalidArgument, "UNSUPPORTED_FORMAT",
                      "the file codes its pixels in an unusual way");
  return Unexpected(ErrorCode::DataLoss, "DECODE_FAILED", "the file's pixels cannot be decoded");
}

}  // namespace hada::images
