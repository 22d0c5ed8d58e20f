#include "server/handlers/settle.h"

#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/doubt.h"
#include "server/handlers/read_content.h"
#include "server/store/events.h"
#include "server/store/policies.h"
#include "server/store/reads.h"

namespace hada::handlers {

std::string term_of_text(const contract::Vocabulary& vocabulary, const std::string& text) {
  if (text.empty()) return {};
  if (const auto id = contract::parse_term_name(text)) return vocabulary.find(*id) ? *id : std::string();
  const contract::Term* term = vocabulary.match_text(text);
  return term ? term->id : std::string();
}

Status settle(const core::Context& context, store::Tx& tx, store::CaseRow& row) {
  if (!row.planted_for.empty()) return {};  // a gold or repeat read settles nothing
  RETURN_IF_ERROR(ask_for_doubt(context, tx));
  if (row.votes < row.read_limit || !contract::allows(row.state, contract::Verb::Settle, Role::Unspecified))
    return {};
  const contract::Vocabulary& vocabulary = context.services.vocabulary;
  ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
  ASSIGN_OR_RETURN(const auto votes, store::reads::votes(tx, row.case_id));

  contract::Ballot ballot;
  for (const store::VoteRow& vote : votes) {
    ASSIGN_OR_RETURN(contract::Vote counted, vote_from_json(vote.json));
    ballot.votes.push_back(std::move(counted));
  }
  // Only the pathology column itself: a site's diagnosis "by histopathology" counts once QA has mapped it.
  if (const auto it = row.fields.find("pathology_diagnosis"); it != row.fields.end())
    ballot.pathology_term = term_of_text(vocabulary, it->second);
  ballot.third_read = row.read_limit > row.first_votes;

  const contract::Outcome outcome = contract::evaluate(ballot, policy, vocabulary);
  ASSIGN_OR_RETURN(const CaseState next, contract::next_state(row.state, contract::Verb::Settle,
                                                              Role::Unspecified, {.outcome = outcome.state}));
  if (next == row.state && outcome.term == row.decided_term) return {};
  row.state = next;
  row.decided_term = outcome.term;
  if (next == CaseState::NeedsRead) {
    ++row.read_limit;
    RETURN_IF_ERROR(store::cases::add_slot(tx, row.case_id));
  }
  const store::Act act = act_of(context);
  RETURN_IF_ERROR(store::policies::keep(tx, policy, act.actor, act.now_us));
  RETURN_IF_ERROR(store::cases::save(tx, row, act));
  const nlohmann::json detail = {{"state", contract::state_text(next)},
                                 {"rule", outcome.rule},
                                 {"term", outcome.term},
                                 {"policy_version", policy.version},
                                 {"vocabulary_version", vocabulary.version()}};
  RETURN_IF_ERROR(store::record_event(tx, {"system", "settle_case", contract::case_name(row.case_id),
                                           row.case_id, detail.dump(), act.now_us}));
  return {};
}

Status reconsider_case(const core::Context& context, store::Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, case_id));
  return settle(context, tx, row);
}

Result<std::vector<std::string>> basis_of(store::Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(const auto votes, store::reads::votes(tx, case_id));
  std::vector<std::string> basis;
  for (const store::VoteRow& vote : votes)
    basis.push_back(contract::read_revision_name(case_id, vote.read_id, vote.revision));
  return basis;
}

}  // namespace hada::handlers
