// Dawid-Skene over a million cases with 3 reads each, from 200 readers and 400 terms: seconds on one core and
// the peak of memory, beside the limits of a minute and 2 GiB, and how many truths it finds beside the plain
// majority vote of the same reads.
//
//   dawid_skene_bench [cases]
//
// The readers are made: terms are as common as their number allows (a term's rank to the power of -1), each
// reader has a skill between 0.4 and 0.9, and errs within a group of ten terms that look alike, mostly to the
// same neighbours (0.7), else to any term.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "server/agreement/bootstrap.h"
#include "server/agreement/dawid_skene.h"
#include "server/agreement/one_coin.h"
#include "tests/bench/bench_table.h"

namespace {

using namespace hada;
using namespace hada::agreement;

constexpr int32_t kReaders = 200, kTerms = 400, kReads = 3, kGroup = 10;
constexpr double kLimitSeconds = 60, kLimitMib = 2048;

struct Made {
  Votes votes;
  std::vector<int32_t> truth;
};

// What a reader says instead of the truth: within its group the next term or the one after, by reader.
int32_t mistaken(int32_t truth, int32_t reader, Random& random) {
  if (random.uniform() >= 0.7) return static_cast<int32_t>(random.below(kTerms));
  const int32_t group = truth / kGroup * kGroup;
  const int32_t shift = 1 + (reader + truth) % 3 + static_cast<int32_t>(random.below(2));
  return group + (truth - group + shift) % kGroup;
}

Made make(int32_t cases) {
  Made made{{cases, kReaders, kTerms, {}}, {}};
  made.votes.list.reserve(static_cast<size_t>(cases) * kReads);
  std::vector<double> up_to;
  double sum = 0;
  for (int32_t term = 0; term < kTerms; ++term) up_to.push_back(sum += 1.0 / (term + 1));
  Random random(20261126);
  std::vector<double> skill;
  for (int32_t reader = 0; reader < kReaders; ++reader) skill.push_back(0.4 + 0.5 * random.uniform());
  for (int32_t i = 0; i < cases; ++i) {
    const auto at = std::lower_bound(up_to.begin(), up_to.end(), random.uniform() * sum);
    // Common terms are spread over the groups.
    const auto truth = static_cast<int32_t>((at - up_to.begin()) * 37 % kTerms);
    made.truth.push_back(truth);
    int32_t readers[kReads];
    for (int32_t n = 0; n < kReads; ++n) {
      do {
        readers[n] = static_cast<int32_t>(random.below(kReaders));
      } while (std::find(readers, readers + n, readers[n]) != readers + n);
      const bool right = random.uniform() < skill[static_cast<size_t>(readers[n])];
      made.votes.list.push_back({i, readers[n], right ? truth : mistaken(truth, readers[n], random)});
    }
  }
  return made;
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// In percent. A tie is broken as best() does, by the lowest term, which says nothing about the truth.
double accuracy(const Posterior& posterior, const std::vector<int32_t>& truth) {
  int64_t right = 0;
  for (size_t i = 0; i < truth.size(); ++i) right += posterior.best(i) == truth[i];
  return 100.0 * static_cast<double>(right) / static_cast<double>(truth.size());
}

}  // namespace

int main(int argc, char** argv) {
  const int32_t cases = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  const Made made = make(cases);
  std::printf("%d cases, %d reads each, %d readers, %d terms; %.0f MiB before\n", cases, kReads, kReaders,
              kTerms, peak_mib());

  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const DawidSkene model = dawid_skene(made.votes, {.pooled_votes = 20});
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double used = cpu_seconds() - cpu, peak = peak_mib();

  const double majority = accuracy(vote_shares(made.votes, Candidates::Named), made.truth);
  const double found = accuracy(model.posterior, made.truth);
  std::printf(
      "Dawid-Skene, 20 pooled votes: %zu iterations, %zu confusion cells, %.1f s wall, %.1f s CPU, %.0f "
      "MiB\n",
      model.log_likelihood.size(), model.confusion.size(), wall, used, peak);
  std::printf(
      "truths found: majority %.2f %%, Dawid-Skene %.2f %%, one-coin %.2f %%, Dawid-Skene unpooled %.2f %%\n",
      majority, found, accuracy(one_coin(made.votes).posterior, made.truth),
      accuracy(dawid_skene(made.votes).posterior, made.truth));

  const std::string over = "Dawid-Skene over " + std::to_string(cases) + " cases, ";
  bench::print_row({over + "s (limit)", used, kLimitSeconds, bench::ratio_at_most(1)});
  bench::print_row({over + "MiB (limit)", peak, kLimitMib, bench::ratio_at_most(1)});
  bench::print_row(
      {"Dawid-Skene, truths found, % (majority vote)", found, majority, bench::ratio_at_least(1)});
  return 0;
}
