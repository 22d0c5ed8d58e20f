// 64 readers at one queue for a minute, against a server of its own:
//   reader_load [seconds] [readers] [seed]
// Exit code 1 when a vote was lost or too many, or a slot was given to two people.

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/load/reader_load.h"

int main(int argc, char** argv) {
  using namespace hada::support;
  ReaderLoad load;
  load.seconds = argc > 1 ? std::atoi(argv[1]) : 60;
  load.readers = argc > 2 ? std::atoi(argv[2]) : 64;
  load.seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  load.cases = 100'000;
  try {
    ServerProcess server;
    const ReaderLoadReport report = run_readers(server, load);
    std::printf("%s\n", report_text(load, report).c_str());
    for (const std::string& violation : report.violations) std::printf("  %s\n", violation.c_str());
    return report.violations.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reader_load: %s\n", error.what());
    return 2;
  }
}
