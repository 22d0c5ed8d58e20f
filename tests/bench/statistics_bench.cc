// GetAgreement and GetReaderStatistics over a registry with 500,000 votes of 200 readers and 400 terms:
// seconds of CPU, called directly, with the most votes a request may ask for and with what it asks for by
// itself.
//
//   statistics_bench [cases]

#define DOCTEST_CONFIG_IMPLEMENT
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "server/handlers/statistics.h"
#include "tests/bench/bench_table.h"
#include "tests/unit/server/handlers/review_world.h"

namespace {

using namespace hada;
using namespace hada::review_test;

constexpr double kLimitSeconds = 2;  // of the one thread that statistics have

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Two votes a case; in six of ten both say the same. Terms are as uneven as real ones: the square of an even
// draw.
Status fill(store::Tx& tx, int64_t cases) {
  const std::string numbers =
      "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :count) ";
  const std::string hash = "((n * 2654435761 / 64) % 1000003)";
  const store::Params count = {{"count", cases}};
  for (const std::string& sql :
       {"INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, state, read_limit, votes, "
        "decided_term, "
        "created_us, updated_us) " +
            numbers + "SELECT 'c' || n, n, 'a', 'k' || n, 'p', 4, 2, 2, 't1', n, n FROM n",
        "INSERT INTO reads (read_id, case_id, case_seq, user_id, shown_state, created_us) " + numbers +
            "SELECT 'ra' || n, 'c' || n, n, 'u' || (n % 100), 2, n FROM n",
        "INSERT INTO reads (read_id, case_id, case_seq, user_id, shown_state, created_us) " + numbers +
            "SELECT 'rb' || n, 'c' || n, n, 'u' || (100 + n / 7 % 100), 2, n FROM n",
        "INSERT INTO read_revisions (read_id, revision, content, created_us) " + numbers +
            "SELECT 'ra' || n, 1, '{\"gradable\":true,\"differential\":[{\"term\":\"terms/t' || (" + hash +
            " % 20 * (" + hash + " % 20)) || '\",\"rank\":1,\"confidence\":4}]}', n FROM n",
        "INSERT INTO read_revisions (read_id, revision, content, created_us) " + numbers +
            "SELECT 'rb' || n, 1, '{\"gradable\":true,\"differential\":[{\"term\":\"terms/t' || ((" + hash +
            " + (n % 10 > 5)) % 20 * (" + hash + " % 20)) || '\",\"rank\":1,\"confidence\":4}]}', n FROM n",
        std::string("INSERT INTO users (user_id, display_name, password_hash, created_us) VALUES ('u1', "
                    "'u1', '-', 0)")})
    RETURN_IF_ERROR(tx.exec(sql, sql.find(":count") == std::string::npos ? store::Params{} : count));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  const int64_t cases = argc > 1 ? std::atoll(argv[1]) : 250'000;
  World world;
  if (const Status made = world.store().write([&](store::Tx& tx) { return fill(tx, cases); }); !made) {
    std::printf("cannot make the votes: %s\n", made.error().message.c_str());
    return 1;
  }
  double most = 0;
  for (const int votes : {4000, 20'000}) {
    v1::GetAgreementRequest request;
    request.set_max_votes(votes);
    const double start = cpu_seconds();
    const auto result = world.call(get_agreement, qa(), request);
    most = cpu_seconds() - start;
    if (!result) {
      std::printf("failed: %s\n", result.error().message.c_str());
      return 1;
    }
    const v1::LevelAgreement& term = result->levels(0);
    std::printf(
        "GetAgreement, %d votes: %.2f s CPU, %d cases, %d readers, %d pairs, alpha %.3f (%.3f to %.3f), %zu "
        "bytes\n",
        votes, most, result->cases(), result->readers_size(), term.pairs_size(), term.alpha().value(),
        term.alpha().low(), term.alpha().high(), result->ByteSizeLong());
  }
  v1::GetReaderStatisticsRequest request;
  request.set_reader("users/u1");
  const double start = cpu_seconds();
  const auto reader = world.call(get_reader_statistics, qa(), request);
  if (!reader) return 1;
  std::printf("GetReaderStatistics: %.3f s CPU, %d reads\n", cpu_seconds() - start, reader->reads());
  bench::print_row(
      {"GetAgreement over 20,000 votes, s of CPU (limit)", most, kLimitSeconds, bench::ratio_at_most(1)});
  return 0;
}
