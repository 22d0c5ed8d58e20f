#pragma once

// Job folders and the program for tests that run the decoder child.

#include <doctest/doctest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/ingest/decode_runner.h"
#include "tests/support/paths.h"

namespace hada::ingest {

// hada-server as built; empty (and said so) where it is not built.
inline std::string server_program() {
  const std::string path = support::build_dir() + "/bin/hada-server";
  if (std::filesystem::exists(path)) return path;
  MESSAGE("SKIPPED: bin/hada-server is not built");
  return {};
}

// The shared test data, or a file of it; empty (and said so) where it is absent.
inline std::string real_path(const std::string& name) {
  const char* given = std::getenv("HADA_TEST_DATA");
  const std::string folder = given != nullptr ? given : support::source_dir() + "/../shared/data";
  if (std::filesystem::exists(folder + "/" + name)) return folder + "/" + name;
  MESSAGE("SKIPPED: " << name << " is not there");
  return {};
}

// A folder with in/, out/ and tmp/, gone at the end of the test.
struct Job {
  std::filesystem::path path;
  Job() {
    char name[] = "/tmp/hada-job-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
    for (const char* folder : {"in", "out", "tmp"}) std::filesystem::create_directory(path / folder);
  }
  ~Job() { std::filesystem::remove_all(path); }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / "in" / name, std::ios::binary) << bytes;
  }
  void copy(const std::string& name, const std::string& from) const {
    std::filesystem::copy_file(from, path / "in" / name);
  }
};

// The reason, "READY", or what could not be run.
inline std::string outcome_of(const Result<DecodeOutcome>& outcome) {
  if (!outcome) return "error " + outcome.error().reason;
  return outcome->ok ? "READY" : outcome->reason;
}

}  // namespace hada::ingest
