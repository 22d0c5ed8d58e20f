#include "client/net/convert_statistics.h"

namespace hada::net {
namespace {

model::Proportion to_model(const v1::Proportion& p) { return {p.hits(), p.total(), p.low(), p.high()}; }

std::optional<model::Estimate> to_model(bool has, const v1::Estimate& e) {
  if (!has) return std::nullopt;
  model::Estimate estimate{e.value(), std::nullopt, std::nullopt};
  if (e.has_low()) estimate.low = e.low();
  if (e.has_high()) estimate.high = e.high();
  return estimate;
}

template <typename List>
std::vector<model::LevelProportion> shares(const List& list) {
  std::vector<model::LevelProportion> result;
  for (const v1::LevelProportion& share : list)
    result.push_back({static_cast<model::AgreementLevel>(share.level()), to_model(share.proportion())});
  return result;
}

}  // namespace

model::ReaderStanding to_model(const v1::ReaderStanding& s) {
  return {static_cast<ReadingStanding>(s.standing()),
          to_model(s.gold()),
          s.warn_percent(),
          s.pause_percent(),
          s.judged_from(),
          s.has_resume_time(),
          s.etag()};
}

model::ReaderRecord to_model(const v1::ReaderStatistics& s) {
  model::ReaderRecord record;
  record.reader = s.reader();
  record.display_name = s.display_name();
  record.reads = s.reads();
  record.truncated = s.truncated();
  record.ungradable = s.ungradable();
  record.gold = shares(s.gold());
  record.repeats = shares(s.repeats());
  record.outcomes = shares(s.outcomes());
  for (const v1::Confusion& c : s.confusions())
    record.confusions.push_back({{c.said().begin(), c.said().end()}, c.outcome(), c.count()});
  record.quarter_seconds = s.quarter_seconds();
  record.median_seconds = s.median_seconds();
  record.three_quarters_seconds = s.three_quarters_seconds();
  record.standing = to_model(s.standing());
  return record;
}

model::ReaderAgreement to_model(const v1::Agreement& a) {
  model::ReaderAgreement agreement;
  for (const v1::AgreementReader& reader : a.readers())
    agreement.readers.push_back({reader.reader(), reader.display_name(), reader.votes()});
  for (const v1::LevelAgreement& l : a.levels()) {
    model::LevelAgreement level;
    level.level = static_cast<model::AgreementLevel>(l.level());
    level.cases = l.cases();
    level.agreed = to_model(l.agreed());
    level.fleiss_kappa = to_model(l.has_fleiss_kappa(), l.fleiss_kappa());
    level.alpha = to_model(l.has_alpha(), l.alpha());
    level.tree_alpha = to_model(l.has_tree_alpha(), l.tree_alpha());
    for (const v1::ReaderPair& p : l.pairs()) {
      if (p.first() < 0 || p.second() <= p.first() || p.second() >= a.readers_size()) continue;
      model::ReaderPair pair{static_cast<size_t>(p.first()), static_cast<size_t>(p.second()), p.common(),
                             p.agreed(), std::nullopt};
      if (p.has_kappa()) pair.kappa = p.kappa();
      level.pairs.push_back(pair);
    }
    agreement.levels.push_back(std::move(level));
  }
  agreement.cases = a.cases();
  agreement.truncated = a.truncated();
  return agreement;
}

}  // namespace hada::net
