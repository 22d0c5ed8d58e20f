#include "server/agreement/dawid_skene.h"

#include "server/agreement/bootstrap.h"
#include "server/agreement/one_coin.h"
#include "tests/unit/server/agreement/anaesthetists.h"
#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

// To convergence, as the golden values are.
constexpr DawidSkeneOptions kPublished{Candidates::All, 0, 500, 1e-14};

double confusion(const DawidSkene& model, int32_t reader, int32_t truth, int32_t said) {
  for (const ConfusionCell& cell : model.confusion)
    if (cell.reader == reader && cell.truth == truth && cell.said == said) return cell.probability;
  return 0;
}

TEST_CASE("Dawid-Skene gives the figures of Dawid & Skene 1979") {
  const DawidSkene model = dawid_skene(anaesthetists(), kPublished);
  // Table 4: .40 .42 .11 .07; table 2, observer 1. (Their third row is .34 .66 of grades 2 and 3.)
  const std::vector<double> marginals = {0.40, 0.42, 0.11, 0.07};
  for (size_t k = 0; k < 4; ++k) CHECK(rounded(model.prior[k], 2) == marginals[k]);
  CHECK(rounded(confusion(model, 0, 0, 0), 2) == 0.89);
  CHECK(rounded(confusion(model, 0, 0, 1), 2) == 0.11);
  CHECK(rounded(confusion(model, 0, 1, 1), 2) == 0.88);
  CHECK(rounded(confusion(model, 0, 2, 2), 2) == 0.66);
  CHECK(rounded(confusion(model, 0, 3, 3), 2) == 0.44);
  CHECK(model.posterior.best(35) == 3);  // patient 36, whom the majority calls 3 or 4
}

TEST_CASE("Dawid-Skene equals the golden run") {
  const auto file = golden("dawid_skene_anesthesia.json");
  if (file.is_null()) return;
  const auto& em = file["em"];
  const DawidSkene model = dawid_skene(anaesthetists(), kPublished);
  check_all_near(model.prior, em["prior"]);
  for (int32_t reader = 0; reader < 5; ++reader)
    for (int32_t truth = 0; truth < 4; ++truth)
      for (int32_t said = 0; said < 4; ++said)
        check_near(confusion(model, reader, truth, said), em["error_rates_j_k_l"][reader][truth][said]);
  for (size_t i = 0; i < 45; ++i) {
    CAPTURE(i);
    const auto ours = model.posterior.of(i);
    check_all_near({ours.begin(), ours.end()}, em["posterior"][i]);
    CHECK(model.posterior.best(i) + 1 == em["labels"][i].get<int32_t>());
  }
  check_near(model.log_likelihood.back(), em["loglik"]);
  for (size_t step = 0; step < 10; ++step) check_near(model.log_likelihood[step], em["loglik_first10"][step]);
}

TEST_CASE("The one-coin model equals the golden run") {
  const auto file = golden("dawid_skene_anesthesia.json");
  if (file.is_null()) return;
  const auto& theirs = file["crowdkit_onecoin"];
  const OneCoin model = one_coin(anaesthetists(), {Candidates::All, theirs["n_iter"].get<int32_t>(), 0});
  check_all_near(model.prior, theirs["prior"]);
  check_all_near(model.skill, theirs["skills"]);
  for (size_t i = 0; i < 45; ++i) {
    CAPTURE(i);
    const auto ours = model.posterior.of(i);
    check_all_near({ours.begin(), ours.end()}, theirs["posterior"][i]);
    CHECK(model.posterior.best(i) + 1 == theirs["labels"][i].get<int32_t>());
  }
}

// 12 readers, half of them good, and one who calls every 1 a 2.
struct Simulated {
  Votes votes{600, 12, 6, {}};
  std::vector<int32_t> truth;
};
Simulated simulated(uint64_t seed) {
  Simulated made;
  Random random(seed);
  for (int32_t i = 0; i < made.votes.cases; ++i) {
    made.truth.push_back(static_cast<int32_t>(random.below(6)));
    for (int32_t n = 0; n < 3; ++n) {
      const auto reader = static_cast<int32_t>((i * 5 + n * 4 + i / 12) % 12);
      int32_t said = made.truth.back();
      if (random.uniform() > (reader < 6 ? 0.9 : 0.4)) said = static_cast<int32_t>(random.below(6));
      if (reader == 11 && made.truth.back() == 1) said = 2;
      made.votes.list.push_back({i, reader, said});
    }
  }
  return made;
}
int right(const Posterior& posterior, const std::vector<int32_t>& truth) {
  int count = 0;
  for (size_t i = 0; i < truth.size(); ++i) count += posterior.best(i) == truth[i];
  return count;
}

TEST_CASE("Both models find more truths than the majority, and who is good") {
  const Simulated made = simulated(5);
  const int majority = right(vote_shares(made.votes, Candidates::Named), made.truth);
  const DawidSkene full = dawid_skene(made.votes, {.pooled_votes = 5});
  const OneCoin coin = one_coin(made.votes);
  CHECK(right(full.posterior, made.truth) > majority + 15);
  CHECK(right(coin.posterior, made.truth) > majority + 15);
  for (size_t good = 0; good < 6; ++good)
    for (size_t bad = 6; bad < 12; ++bad) {
      CHECK(full.reader_accuracy[good] > full.reader_accuracy[bad]);
      CHECK(coin.skill[good] > coin.skill[bad]);
    }
  CHECK(confusion(full, 11, 1, 2) > 0.8);
}

TEST_CASE("The likelihood never falls as the published model iterates, over all terms and over named ones") {
  const Simulated made = simulated(6);
  for (const Candidates candidates : {Candidates::All, Candidates::Named}) {
    const DawidSkene model = dawid_skene(made.votes, {candidates, 0, 40, 0});
    for (size_t i = 1; i < model.log_likelihood.size(); ++i)
      CHECK(model.log_likelihood[i] >= model.log_likelihood[i - 1] - 1e-9);
  }
}

TEST_CASE("A confusion's rows are distributions over what occurred, a case's candidates are what was named") {
  Votes votes{3, 3, 400, {{0, 0, 7}, {0, 1, 7}, {0, 2, 9}, {2, 0, 399}}};  // nobody read case 1
  const DawidSkene model = dawid_skene(votes);
  CHECK(model.posterior.terms_of(0).size() == 2);
  CHECK(model.posterior.best(0) == 7);
  CHECK(model.posterior.best(1) == -1);
  CHECK(model.posterior.best(2) == 399);
  CHECK(model.posterior.probability_of(2, 7) == 0);
  std::vector<double> rows(3 * 400, 0.0);
  for (const ConfusionCell& cell : model.confusion)
    rows[static_cast<size_t>(cell.reader * 400 + cell.truth)] += cell.probability;
  for (const double sum : rows) CHECK((sum < 1e-12 || std::abs(sum - 1) < 1e-12));
}

}  // namespace
}  // namespace hada::agreement
