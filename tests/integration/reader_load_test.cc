// A short form of tests/load: a minute of it is `build/tests/reader_load`.

#include "tests/load/reader_load.h"

#include <doctest/doctest.h>

using namespace hada::support;

TEST_CASE("64 readers at once: no vote too many, none lost, no slot given to two people") {
  ServerProcess server;
  const ReaderLoad load{.readers = 64, .seconds = 8, .cases = 10'000, .seed = 1};
  const ReaderLoadReport report = run_readers(server, load);
  MESSAGE(report_text(load, report));
  for (const std::string& violation : report.violations) MESSAGE(violation);
  CHECK(report.violations.empty());
  CHECK(report.late == 0);
  // It was a load: most readers read, some gave back, some sent twice, and hidden reads were among them.
  CHECK(report.submits > load.readers);
  CHECK(report.releases > 0);
  CHECK(report.resent > 0);
  CHECK(report.hidden > 0);
}
