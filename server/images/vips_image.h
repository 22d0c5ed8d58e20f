#pragma once

// libvips with owners. Only the decoder child (and tests) run this; the serving process never decodes.

#include <vips/vips.h>

#include <memory>
#include <string>

#include "contract/result.h"

namespace hada::images {

struct VipsUnref {
  void operator()(VipsImage* image) const { g_object_unref(image); }
};
using VipsOwner = std::unique_ptr<VipsImage, VipsUnref>;

// Starts libvips once a process: no operation cache, no plug-in modules, a bounded number of threads. False
// where it cannot start.
bool start_vips();

// What libvips says went wrong, as the reason an image is refused with: TRUNCATED, MEMORY_LIMIT or
// DECODE_FAILED. Clears its error buffer; its text may quote the file and goes nowhere.
Unexpected vips_failure();

// Calls a libvips operation that fills a VipsImage**: ASSIGN_OR_RETURN(auto x, run_vips([&](VipsImage** o) {
// return vips_invert(in, o, nullptr); }));
template <class Operation>
Result<VipsOwner> run_vips(Operation&& operation) {
  VipsImage* out = nullptr;
  if (operation(&out) != 0) {
    if (out != nullptr) g_object_unref(out);
    return vips_failure();
  }
  return VipsOwner(out);
}

}  // namespace hada::images
