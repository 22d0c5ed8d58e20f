#include "server/handlers/sample.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "contract/sha256.h"
#include "contract/vocabulary.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/core/page_token.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/handlers/read_content.h"
#include "server/handlers/ruling.h"
#include "server/store/policies.h"
#include "server/store/reads.h"
#include "server/store/samples.h"
#include "server/store/worklist.h"

namespace hada::handlers {
namespace {

// Cases of one sample with its rest: what one transaction writes while others wait.
constexpr size_t kMaxCases = 500;
// Cases looked at for them.
constexpr int kMaxLooked = 2000;
constexpr int32_t kMaxApprovals = 200;
// Why a case is passed over: another reviewer's sample has it.
constexpr const char* kInASample = "IN_A_SAMPLE";

bool is_agreed(CaseState state) { return state == CaseState::Agreed || state == CaseState::Majority; }

// Why this case cannot be approved with others now; empty where it can.
Result<std::string> obstacle(const core::Context& context, const CaseView& view) {
  if (view.sight == Sight::None || view.sight == Sight::Blind) return std::string("ROLE_REQUIRED");
  if (const Status may = require_independent_qa(context, view); !may) return may.error().reason;
  if (!is_agreed(view.row.state)) return std::string("WRONG_STATE");
  if (view.row.pending_images > 0) return std::string("IMAGES_PENDING");
  return std::string();
}

// The sample, if it is the caller's.
Result<store::SampleRow> find_sample(const core::Context& context, store::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const std::string sample_id, contract::parse_sample_name(name));
  ASSIGN_OR_RETURN(const auto row, store::samples::find(tx, sample_id));
  if (!row || row->creator != context.caller.user_id) return core::not_found(name);
  return *row;
}

Result<v1::Sample> sample_message(store::Tx& tx, const store::SampleRow& row) {
  v1::Sample out;
  out.set_name(contract::sample_name(row.sample_id));
  out.set_creator(contract::user_name(row.creator));
  if (!row.site_id.empty()) out.set_site(contract::site_name(row.site_id));
  out.set_percent(row.percent);
  out.set_policy_version(row.policy_version);
  set_time(out.mutable_create_time(), row.created_us);
  out.set_closed(row.closed);
  ASSIGN_OR_RETURN(const auto states, store::samples::sampled_states(tx, row.sample_id));
  for (const auto& [state, cases] : states) {
    const auto more = static_cast<int32_t>(cases);
    if (is_agreed(state))
      out.set_waiting(out.waiting() + more);
    else if (state == CaseState::Approved)
      out.set_approved(out.approved() + more);
    else
      out.set_not_approved(out.not_approved() + more);
  }
  auto left_out = row.left_out;
  ASSIGN_OR_RETURN(const auto results, store::samples::rest_results(tx, row.sample_id));
  for (const auto& [result, cases] : results) {
    if (result.empty())
      out.set_rest_waiting(static_cast<int32_t>(cases));
    else if (result == store::samples::kApproved)
      out.set_rest_approved(static_cast<int32_t>(cases));
    else
      left_out[result] += cases;
  }
  for (const auto& [reason, cases] : left_out) {
    v1::LeftOut* added = out.add_left_out();
    added->set_reason(reason);
    added->set_cases(static_cast<int32_t>(cases));
  }
  return out;
}

// The cases of a new sample, those to be looked at marked; what was passed over is counted.
Result<std::vector<store::SampleCaseRow>> draw(const core::Context& context, store::Tx& tx,
                                               store::SampleRow& sample) {
  store::WorklistSource agreed{.states = {CaseState::Agreed, CaseState::Majority},
                               .user = context.caller.user_id,
                               .not_of_site = context.caller.home_site,
                               .not_read_by = context.caller.user_id};
  bool everywhere = false;
  for (const core::Grant& grant : context.caller.grants) {
    if (grant.role != Role::QaReviewer) continue;
    everywhere = everywhere || grant.site_id.empty();
    agreed.sites.push_back(grant.site_id);
  }
  if (agreed.sites.empty()) return core::role_required();
  if (everywhere) agreed.sites.clear();
  if (!sample.site_id.empty()) agreed.sites = {sample.site_id};

  std::vector<store::SampleCaseRow> cases;
  store::Worklist worklist(tx, {agreed}, 0, static_cast<int32_t>(kMaxCases));
  for (int looked = 0; looked < kMaxLooked && cases.size() < kMaxCases; ++looked) {
    ASSIGN_OR_RETURN(const auto place, worklist.next());
    if (!place) break;
    ASSIGN_OR_RETURN(auto row, store::cases::find_by_seq(tx, place->seq));
    if (!row) continue;
    ASSIGN_OR_RETURN(const CaseView view, view_case(context, tx, std::move(*row)));
    ASSIGN_OR_RETURN(std::string reason, obstacle(context, view));
    if (reason.empty()) {
      ASSIGN_OR_RETURN(const bool elsewhere, store::samples::holds(tx, view.row.case_id));
      if (elsewhere) reason = kInASample;
    }
    if (reason.empty())
      cases.push_back({place->seq, view.row.case_id, false});
    else
      ++sample.left_out[reason];
  }
  // By lot, and so that the draw can be checked: the hash of the sample's and the case's id decides.
  std::vector<std::pair<std::string, size_t>> lots;
  for (size_t i = 0; i < cases.size(); ++i)
    lots.emplace_back(contract::sha256_hex(sample.sample_id + cases[i].case_id), i);
  std::sort(lots.begin(), lots.end());
  const auto wanted = std::max<size_t>(
      1, static_cast<size_t>(std::ceil(static_cast<double>(cases.size()) * sample.percent / 100)));
  for (size_t i = 0; i < std::min(wanted, lots.size()); ++i) cases[lots[i].second].sampled = true;
  return cases;
}

// How far the votes agree with what the case is settled as.
Status fill_agreement(const core::Context& context, store::Tx& tx, const store::CaseRow& row,
                      v1::SampledCase& out) {
  const contract::Vocabulary& vocabulary = context.services.vocabulary;
  ASSIGN_OR_RETURN(const auto votes, store::reads::votes(tx, row.case_id));
  out.set_votes(static_cast<int32_t>(votes.size()));
  for (const store::VoteRow& each : votes) {
    ASSIGN_OR_RETURN(const contract::Vote vote, vote_from_json(each.json));
    int32_t confidence = 0;
    for (const contract::RankedTerm& d : vote.differential)
      if (d.rank == 1 && (d.term == row.decided_term || vocabulary.is_ancestor(row.decided_term, d.term)))
        confidence = std::max(confidence, d.confidence);
    if (confidence == 0) continue;
    out.set_agreeing(out.agreeing() + 1);
    if (out.lowest_confidence() == 0 || confidence < out.lowest_confidence())
      out.set_lowest_confidence(confidence);
  }
  return {};
}

// Approves one case of the rest; why it was left out, or kApproved.
Result<std::string> approve_one(core::Context& context, store::Tx& tx, const contract::Policy& policy,
                                const store::SampleRow& sample, const std::string& rationale,
                                const std::string& case_id) {
  ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, case_id));
  ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(row)));
  ASSIGN_OR_RETURN(const std::string reason, obstacle(context, view));
  if (!reason.empty()) return reason;
  const Status ruled = rule(context, tx, policy,
                            {.verb = contract::Verb::Approve,
                             .kind = DecisionKind::Approve,
                             .event = "approve_case",
                             .rationale = rationale,
                             .sample = sample.sample_id},
                            view);
  if (ruled) return std::string(store::samples::kApproved);
  // What was found out before anything was written; anything else undoes the whole call.
  if (ruled.error().reason == "NO_IMAGES_INCLUDED") return ruled.error().reason;
  return Unexpected(ruled.error());
}

}  // namespace

Result<v1::Sample> draw_sample(core::Context& context, const v1::DrawSampleRequest& request) {
  store::SampleRow sample;
  if (!request.site().empty()) {
    ASSIGN_OR_RETURN(sample.site_id, contract::parse_site_name(request.site()));
    if (!context.caller.has(Role::QaReviewer, sample.site_id)) return core::role_required();
  }
  sample.sample_id = core::new_id();
  return core::mutate<v1::Sample>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Sample> {
        ASSIGN_OR_RETURN(const auto open, store::samples::open_of(tx, context.caller.user_id));
        if (open) return sample_message(tx, *open);
        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        sample.creator = context.caller.user_id;
        sample.percent = policy.qa_sample_percent;
        sample.policy_version = policy.version;
        sample.created_us = context.services.clock.now_us();
        sample.left_out.clear();
        ASSIGN_OR_RETURN(const auto cases, draw(context, tx, sample));
        if (cases.empty())
          return core::failed_precondition("NOTHING_TO_SAMPLE", "no agreed case waits for this caller");
        RETURN_IF_ERROR(store::samples::insert(tx, sample, cases));
        const nlohmann::json detail = {{"cases", cases.size()}, {"percent", sample.percent}};
        RETURN_IF_ERROR(
            record(context, tx, "draw_sample", contract::sample_name(sample.sample_id), "", detail.dump()));
        return sample_message(tx, sample);
      });
}

Result<v1::Sample> get_sample(core::Context& context, const v1::GetSampleRequest& request) {
  v1::Sample out;
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const store::SampleRow row, find_sample(context, tx, request.name()));
    ASSIGN_OR_RETURN(out, sample_message(tx, row));
    return {};
  }));
  return out;
}

Result<v1::ListSampledCasesResponse> list_sampled_cases(core::Context& context,
                                                        const v1::ListSampledCasesRequest& request) {
  const std::string fingerprint = "sample " + request.parent();
  ASSIGN_OR_RETURN(const int32_t page_size, core::page_size(request.page_size(), 50, 100));
  ASSIGN_OR_RETURN(const std::string cursor, core::decode_page_token(request.page_token(), fingerprint));
  int64_t after = 0;
  if (std::from_chars(cursor.data(), cursor.data() + cursor.size(), after).ptr !=
      cursor.data() + cursor.size())
    return core::bad_page_token();

  v1::ListSampledCasesResponse response;
  bool must_reveal = false;
  const auto list = [&](store::Tx& tx, bool may_write) -> Status {
    response.Clear();
    ASSIGN_OR_RETURN(const store::SampleRow sample, find_sample(context, tx, request.parent()));
    ASSIGN_OR_RETURN(auto rows, store::samples::sampled(tx, sample.sample_id, after, page_size + 1));
    if (static_cast<int32_t>(rows.size()) > page_size) {
      rows.resize(static_cast<size_t>(page_size));
      response.set_next_page_token(
          core::encode_page_token(std::to_string(rows.back().case_seq), fingerprint));
    }
    for (const store::SampleCaseRow& each : rows) {
      ASSIGN_OR_RETURN(store::CaseRow row, store::cases::get(tx, each.case_id));
      ASSIGN_OR_RETURN(CaseView view, view_case(context, tx, std::move(row)));
      if (view.sight == Sight::Unopened && !may_write) {
        must_reveal = true;
        return {};
      }
      RETURN_IF_ERROR(reveal(context, tx, view));
      if (view.sight != Sight::Full) continue;
      v1::SampledCase* added = response.add_cases();
      ASSIGN_OR_RETURN(*added->mutable_case_(), listed_case(tx, view));
      RETURN_IF_ERROR(fill_agreement(context, tx, view.row, *added));
    }
    return {};
  };
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) { return list(tx, false); }));
  if (!must_reveal) return response;
  // Showing what a case is settled as opens it.
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) { return list(tx, true); }));
  return response;
}

Result<v1::Sample> approve_rest(core::Context& context, const v1::ApproveRestRequest& request) {
  return core::mutate<v1::Sample>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Sample> {
        ASSIGN_OR_RETURN(store::SampleRow sample, find_sample(context, tx, request.name()));
        RETURN_IF_ERROR(check_ruling(context, {.rationale = request.rationale()}));
        if (request.max_cases() < 0 || request.max_cases() > kMaxApprovals)
          return core::bad_field("max_cases", "1-200");
        if (sample.closed) return core::failed_precondition("SAMPLE_CLOSED", "the sample is closed");
        ASSIGN_OR_RETURN(const v1::Sample before, sample_message(tx, sample));
        if (before.waiting() > 0)
          return core::failed_precondition("SAMPLE_UNDECIDED", "cases of the sample are not yet decided");
        if (before.approved() != request.approved() || before.not_approved() != request.not_approved())
          return core::etag_mismatch("");
        if (before.not_approved() > 0 && request.rationale().empty())
          return core::bad_field("rationale", "why the rest may be approved all the same");

        ASSIGN_OR_RETURN(const contract::Policy policy, store::policies::current(tx));
        ASSIGN_OR_RETURN(const auto rest,
                         store::samples::rest_waiting(tx, sample.sample_id,
                                                      request.max_cases() > 0 ? request.max_cases() : 100));
        for (const store::SampleCaseRow& each : rest) {
          ASSIGN_OR_RETURN(const std::string result,
                           approve_one(context, tx, policy, sample, request.rationale(), each.case_id));
          RETURN_IF_ERROR(store::samples::set_result(tx, sample.sample_id, each.case_seq, result));
        }
        const nlohmann::json detail = {
            {"approved", before.approved()}, {"not_approved", before.not_approved()}, {"cases", rest.size()}};
        RETURN_IF_ERROR(record(context, tx, "approve_rest", request.name(), "", detail.dump()));
        ASSIGN_OR_RETURN(v1::Sample after, sample_message(tx, sample));
        if (after.rest_waiting() == 0) {
          RETURN_IF_ERROR(store::samples::close(tx, sample.sample_id, context.services.clock.now_us()));
          after.set_closed(true);
        }
        return after;
      });
}

Result<v1::Sample> close_sample(core::Context& context, const v1::CloseSampleRequest& request) {
  return core::mutate<v1::Sample>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::Sample> {
        ASSIGN_OR_RETURN(store::SampleRow sample, find_sample(context, tx, request.name()));
        RETURN_IF_ERROR(store::samples::close(tx, sample.sample_id, context.services.clock.now_us()));
        RETURN_IF_ERROR(record(context, tx, "close_sample", request.name(), ""));
        sample.closed = true;
        return sample_message(tx, sample);
      });
}

}  // namespace hada::handlers
