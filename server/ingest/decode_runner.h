#pragma once

// Runs the decoder child on one image and turns whatever became of it into a value.

#include <cstdint>
#include <string>

#include "contract/result.h"
#include "server/images/stored_image.h"

namespace hada::ingest {

// Hard limits of the child. It starts with tighter ones and widens them once it knows that it reads a slide.
struct DecodeLimits {
  uint64_t slide_memory = uint64_t{6} << 30;       // bytes of address space
  uint64_t photograph_memory = uint64_t{3} << 30;  // bytes of address space, also while probing
  uint64_t output_bytes = uint64_t{64} << 30;      // of one derived file
  int photograph_seconds = 60;                     // CPU and wall, also while probing
  int slide_seconds = 6 * 3600;                    // CPU and wall
  // After slide_seconds, until the parent ends a child that has lost its own clock.
  int grace_seconds = 10;
  int64_t photograph_pixels = 400'000'000;
  int64_t slide_pixels = 100'000'000'000;
};

struct DecodeOutcome {
  // True: `image` is filled; its blobs are images::kMainFile or names of files in the job's out/ folder.
  bool ok = false;
  images::StoredImage image;
  // Otherwise an UPPER_SNAKE reason (NOT_AN_IMAGE, UNSUPPORTED_FORMAT, TRUNCATED, DECODE_FAILED,
  // DECODER_CRASHED, TIME_LIMIT, MEMORY_LIMIT, TOO_LARGE, MISSING_COMPANION) and a sentence that holds
  // nothing from the file.
  std::string reason;
  std::string detail;
};

// `program` is a hada-server binary ("/proc/self/exe" within one); `job_dir` holds in/ with the bundle and an
// empty out/. Blocks until the child ended or was killed. An Error only when no child could be run at all.
Result<DecodeOutcome> run_decoder(const std::string& program, const std::string& job_dir,
                                  const std::string& main_path, const DecodeLimits& limits);

}  // namespace hada::ingest
