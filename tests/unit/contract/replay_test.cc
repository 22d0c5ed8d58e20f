// The agreement rules over real disagreement: 1,947 cases, each read by up to ten dermatologists, as ranked
// differentials with ties (google-deepmind/uncertain_ground_truth, CC BY 4.0; shared/data/readers). The study
// has no confidences and no gradability: every read counts as gradable with confidence 5, each condition as a
// class of its own, without ancestors.
//
// An independent count over the reads in file order gave 866 agreed, 197 to the panel by rule 3, 374 by
// majority, 411 to the panel after three reads and 74 that lack a third. This replay gives the same five. Two
// readings of the rules decide that it does, and a count that takes them otherwise differs:
// - the order within a tie says nothing: top sets are compared as sets (rule 4);
// - in rule 7 a vote for a tie is a vote for that tie, not for each of its conditions. Where one shared
//   condition of two ties were enough for a majority, 525 cases would be majorities and 260 would go to the
//   panel.

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "contract/policy.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"
#include "tests/support/paths.h"

namespace fs = std::filesystem;
using namespace hada;
using namespace hada::contract;

namespace {

fs::path data_dir() {
  const char* set = std::getenv("HADA_TEST_DATA");
  return (set ? fs::path(set) : fs::path(support::source_dir()) / "../shared/data") / "readers";
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Condition id n is line n + 1 of both files.
Vocabulary study_vocabulary() {
  const auto names = lines_of(data_dir() / "dermatology_conditions.txt");
  const auto risks = lines_of(data_dir() / "dermatology_risks.txt");
  REQUIRE(names.size() == 419);
  REQUIRE(risks.size() == names.size());
  std::vector<Term> terms;
  std::vector<ReleaseClass> classes;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string id = "c" + std::to_string(i);
    classes.push_back({id, id, id});
    terms.push_back({id, id, id, {}, {}, {}, "", std::stoi(risks[i]), id});
  }
  auto vocabulary = Vocabulary::from(std::move(terms), std::move(classes), "study");
  REQUIRE(vocabulary);
  return std::move(vocabulary).value();
}

using Case = std::vector<Vote>;

std::vector<Case> study_cases() {
  std::ifstream in(data_dir() / "dermatology_selectors.json");
  const auto json = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  REQUIRE(json.is_array());
  std::vector<Case> cases;
  for (const auto& reads : json) {
    Case votes;
    for (const auto& differential : reads) {
      Vote vote;
      int rank = 0;
      for (const auto& tied : differential) {
        ++rank;
        for (const auto& id : tied)
          vote.differential.push_back({"c" + std::to_string(id.get<int>()), rank, /*confidence=*/5});
      }
      votes.push_back(std::move(vote));
    }
    cases.push_back(std::move(votes));
  }
  return cases;
}

struct Tally {
  int one_read = 0;      // left out
  int agreed = 0;        // rule 4
  int panel_at_two = 0;  // rule 3
  int majority = 0;      // rule 7
  int panel_at_three = 0;
  int lacks_third = 0;
  std::map<std::string, int> by_rule;
};

// The first two votes, and the third where they ask for it.
Tally replay(const std::vector<Case>& cases, const Vocabulary& vocabulary) {
  const Policy policy;
  Tally tally;
  for (const Case& all : cases) {
    if (all.size() < 2) {
      ++tally.one_read;
      continue;
    }
    Outcome outcome = evaluate({{all[0], all[1]}, "", false}, policy, vocabulary);
    if (outcome.state == CaseState::NeedsRead) {
      if (all.size() < 3) {
        ++tally.lacks_third;
        continue;
      }
      outcome = evaluate({{all[0], all[1], all[2]}, "", true}, policy, vocabulary);
      ++(outcome.state == CaseState::Majority ? tally.majority : tally.panel_at_three);
      ++tally.by_rule["third read: " + outcome.rule];
    } else {
      ++(outcome.state == CaseState::Agreed ? tally.agreed : tally.panel_at_two);
      ++tally.by_rule["two reads: " + outcome.rule];
    }
  }
  return tally;
}

// Fisher and Yates; std::shuffle's order is each library's own.
void shuffle(Case& votes, std::mt19937_64& random) {
  for (size_t i = votes.size(); i > 1; --i) std::swap(votes[i - 1], votes[random() % i]);
}

}  // namespace

TEST_CASE("1,947 cases of real readers, through the rules in their order") {
  if (!fs::exists(data_dir() / "dermatology_selectors.json")) {
    MESSAGE("SKIPPED: no HADA_TEST_DATA");
    return;
  }
  const Vocabulary vocabulary = study_vocabulary();
  const std::vector<Case> cases = study_cases();
  REQUIRE(cases.size() == 1947);

  const Tally in_file_order = replay(cases, vocabulary);
  for (const auto& rule : in_file_order.by_rule) MESSAGE(rule.first << ": " << rule.second);
  CHECK(in_file_order.one_read == 25);
  CHECK(in_file_order.agreed == 866);
  CHECK(in_file_order.panel_at_two == 197);
  CHECK(in_file_order.majority == 374);
  CHECK(in_file_order.panel_at_three == 411);
  CHECK(in_file_order.lacks_third == 74);
  CHECK(in_file_order.by_rule == std::map<std::string, int>{{"two reads: same_top", 866},
                                                            {"two reads: risk_split", 197},
                                                            {"third read: majority_term", 374},
                                                            {"third read: risk_split", 44},
                                                            {"third read: no_majority", 367}});

  constexpr int kOrders = 100;
  std::array<int, 5> sums{};
  for (int seed = 1; seed <= kOrders; ++seed) {
    std::mt19937_64 random(static_cast<uint64_t>(seed));
    std::vector<Case> shuffled = cases;
    for (Case& votes : shuffled) shuffle(votes, random);
    const Tally t = replay(shuffled, vocabulary);
    const std::array<int, 5> counts = {t.agreed, t.panel_at_two, t.majority, t.panel_at_three, t.lacks_third};
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += counts[i];
  }
  MESSAGE("mean of " << kOrders << " orders: " << sums[0] / 100.0 << " agreed, " << sums[1] / 100.0
                     << " to the panel at two, " << sums[2] / 100.0 << " majority, " << sums[3] / 100.0
                     << " to the panel at three, " << sums[4] / 100.0 << " lack a third read");
  CHECK(sums == std::array<int, 5>{84911, 18864, 38911, 42114, 7400});
}
