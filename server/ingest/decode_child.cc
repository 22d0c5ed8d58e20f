#include "server/ingest/decode_child.h"

#include <glib.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "server/images/build_image.h"
#include "server/ingest/decode_protocol.h"
#include "server/ingest/sandbox.h"

namespace hada::ingest {
namespace {

void write_answer(const std::string& answer) {
  size_t written = 0;
  while (written < answer.size()) {
    const ssize_t n = ::write(kAnswerFd, answer.data() + written, answer.size() - written);
    if (n <= 0) return;
    written += static_cast<size_t>(n);
  }
}

// Said without allocating: it is what is said when nothing more can be allocated.
[[noreturn]] void out_of_memory() {
  static constexpr char kAnswer[] =
      R"({"ok":false,"reason":"MEMORY_LIMIT","detail":"the file needs more memory than is allowed"})";
  [[maybe_unused]] const ssize_t n = ::write(kAnswerFd, kAnswer, sizeof kAnswer - 1);
  ::_exit(0);
}

// GLib aborts when it gets no memory; all that it says otherwise is nobody's concern and may quote the file.
void on_glib_log(const gchar*, GLogLevelFlags, const gchar* message, gpointer) {
  if (message != nullptr && std::strstr(message, "failed to allocate") != nullptr) out_of_memory();
}

}  // namespace

int decode_child_main(int argc, char** argv) {
  const auto child = from_arguments(argc, argv);
  if (!child) return 2;
  const DecodeLimits& limits = child->limits;
  const SandboxLimits sandbox = {limits.photograph_memory, limits.slide_memory, limits.output_bytes,
                                 limits.photograph_seconds, limits.slide_seconds};
  if (!drop_everything(child->parent, kAnswerFd + 1, sandbox)) return 3;
  // Every arena reserves 64 MiB of the address space that is limited.
  ::mallopt(M_ARENA_MAX, 4);
  std::set_new_handler(out_of_memory);
  g_log_set_default_handler(on_glib_log, nullptr);
  // libvips puts what does not fit into memory there.
  ::setenv("TMPDIR", (child->job_dir + "/tmp").c_str(), 1);
  if (!lock_down(child->job_dir)) return 3;

  images::BuildOptions options;
  options.photograph_pixels = limits.photograph_pixels;
  options.slide_pixels = limits.slide_pixels;
  options.on_slide = [&] { widen(limits.slide_memory, limits.slide_seconds); };
  auto image =
      images::build_image(child->job_dir + "/in/" + child->main_path, child->job_dir + "/out", options);

  DecodeOutcome outcome;
  outcome.ok = image.has_value();
  if (image) {
    outcome.image = std::move(*image);
  } else {
    outcome.reason = image.error().reason;
    outcome.detail = image.error().message;
  }
  write_answer(to_answer(outcome));
  // Libraries' destructors have nothing to save, and their threads may still run.
  ::_exit(0);
}

}  // namespace hada::ingest
