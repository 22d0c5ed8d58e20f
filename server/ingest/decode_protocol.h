#pragma once

// What the server and its decoder child say to each other: the child's arguments and its one answer.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/ingest/decode_runner.h"

namespace hada::ingest {

// The descriptor the child writes its answer to.
inline constexpr int kAnswerFd = 3;

struct ChildArguments {
  int parent = 0;         // process id of the server
  std::string job_dir;    // with in/, out/ and tmp/
  std::string main_path;  // in the bundle
  DecodeLimits limits;
};

// "decode-child" and what follows.
std::vector<std::string> to_arguments(const ChildArguments& child);
std::optional<ChildArguments> from_arguments(int argc, char** argv);

std::string to_answer(const DecodeOutcome& outcome);
// nullopt for anything to_answer did not write, a blob that is neither kMainFile nor a plain file name
// included.
std::optional<DecodeOutcome> from_answer(std::string_view answer);

}  // namespace hada::ingest
