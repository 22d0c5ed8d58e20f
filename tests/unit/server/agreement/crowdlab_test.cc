#include "server/agreement/crowdlab.h"

#include "tests/unit/server/agreement/golden.h"

namespace hada::agreement {
namespace {

struct Golden {
  Votes votes;
  Predictions predictions;
  std::vector<std::pair<size_t, size_t>> place;  // of each vote its row and column
};
Golden read(const nlohmann::json& file) {
  Golden data;
  data.votes.terms = file["K"];
  data.votes.readers = static_cast<int32_t>(file["labels"][0].size());
  for (const auto& row : file["labels"]) {
    for (size_t reader = 0; reader < row.size(); ++reader)
      if (!row[reader].is_null()) {
        data.place.emplace_back(data.votes.cases, reader);
        data.votes.list.push_back({data.votes.cases, static_cast<int32_t>(reader), row[reader]});
      }
    ++data.votes.cases;
  }
  for (const auto& row : file["pred_probs"])
    for (const auto& p : row) data.predictions.push_back(p);
  return data;
}

void check_run(const Golden& data, const Predictions& predictions, const nlohmann::json& theirs) {
  const auto ours = crowdlab(data.votes, predictions);
  REQUIRE(ours);
  CHECK(ours->consensus == theirs["consensus_label"].get<std::vector<int32_t>>());
  check_all_near(ours->consensus_quality, theirs["consensus_quality_score"]);
  check_all_near(ours->agreement, theirs["annotator_agreement"]);
  check_near(ours->model_weight, theirs["model_weight"]);
  check_all_near(ours->reader_weight, theirs["annotator_weight"]);
  for (size_t v = 0; v < data.place.size(); ++v)
    check_near(ours->vote_quality[v], theirs["detailed"][data.place[v].first][data.place[v].second]);
  for (size_t reader = 0; reader < ours->reader_quality.size(); ++reader)
    check_near(ours->reader_quality[reader], theirs["annotator_quality"][std::to_string(reader)]);
}

TEST_CASE("CROWDLAB equals the golden runs, as predicted and at the temperature that cleanlab took") {
  const auto file = golden("crowdlab.json");
  if (file.is_null()) return;
  const Golden data = read(file);
  check_run(data, data.predictions, file["crowdlab"]);
  check_run(data, at_temperature(data.predictions, data.votes.terms, 7.25), file["crowdlab_temp_calibrated"]);
}

TEST_CASE("The majority vote equals the golden ones, with and without predictions") {
  const auto file = golden("crowdlab.json");
  if (file.is_null()) return;
  const Golden data = read(file);
  CHECK(majority_vote(data.votes, &data.predictions) ==
        file["majority_vote_with_pred_probs"].get<std::vector<int32_t>>());
  CHECK(majority_vote(data.votes) == file["majority_vote_no_model"].get<std::vector<int32_t>>());
}

TEST_CASE("The best temperature is the one that the votes were drawn at") {
  // 1000 cases of two terms; of each hundred, as many votes for the first as the model says at temperature 2.
  Votes votes{0, 1, 2, {}};
  Predictions predictions;
  for (const double p : {0.1, 0.3, 0.5, 0.7, 0.9}) {
    const Predictions drawn = at_temperature({p, 1 - p}, 2, 2);
    for (int n = 0; n < 200; ++n) {
      votes.list.push_back({votes.cases++, 0, n < 200 * drawn[0] ? 0 : 1});
      predictions.insert(predictions.end(), {p, 1 - p});
    }
  }
  CHECK(best_temperature(votes, predictions) == doctest::Approx(2).epsilon(0.02));
  CHECK(best_temperature(votes, at_temperature(predictions, 2, 2)) == doctest::Approx(1).epsilon(0.02));
}

TEST_CASE("CROWDLAB lets a good reader and a good model outweigh a bad reader") {
  // Reader 2 always says 0; readers 0 and 1 and the model know. In the last case reader 2 stands against the
  // model.
  Votes votes{11, 3, 2, {}};
  Predictions predictions;
  for (int32_t i = 0; i < 10; ++i) {
    const int32_t truth = i % 2;
    for (int32_t reader = 0; reader < 3; ++reader) votes.list.push_back({i, reader, reader == 2 ? 0 : truth});
    predictions.insert(predictions.end(), {truth == 0 ? 0.9 : 0.1, truth == 0 ? 0.1 : 0.9});
  }
  votes.list.push_back({10, 2, 0});
  predictions.insert(predictions.end(), {0.2, 0.8});
  const auto result = crowdlab(votes, predictions);
  REQUIRE(result);
  CHECK(result->consensus[10] == 1);
  CHECK(result->reader_weight[2] < result->reader_weight[0]);
  CHECK(result->consensus_quality[10] > 0.5);
}

TEST_CASE("CROWDLAB has no value where no case has two votes") {
  CHECK_FALSE(crowdlab(Votes{1, 1, 2, {{0, 0, 1}}}, {0.5, 0.5}));
}

}  // namespace
}  // namespace hada::agreement
