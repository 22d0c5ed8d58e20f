#include "server/handlers/panel.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "contract/names.h"
#include "contract/panel_rules.h"
#include "contract/review_rules.h"
#include "contract/vocabulary.h"
#include "server/core/clock.h"
#include "server/core/errors.h"
#include "server/core/etag.h"
#include "server/core/ids.h"
#include "server/core/mutation.h"
#include "server/handlers/case_proto.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/handlers/read_content.h"

namespace hada::handlers {
namespace {

constexpr int32_t kMaxCandidates = 200;
constexpr size_t kMaxRationale = 4000;

bool may_have_panel(const CaseView& view) {
  return contract::allows(view.row.state, contract::Verb::Adjudicate, Role::QaReviewer);
}

// The case's panel, or who may be on one besides the caller.
Result<v1::PanelState> panel_state(const core::Context& context, store::Tx& tx, const CaseView& view) {
  v1::PanelState state;
  if (!may_have_panel(view)) return state;
  const store::CaseRow& row = view.row;
  ASSIGN_OR_RETURN(const auto panel, store::panels::open_of_case(tx, row.case_id));
  if (panel) {
    *state.mutable_panel() = panel_message(context, *panel);
    return state;
  }
  ASSIGN_OR_RETURN(const auto candidates,
                   store::panels::candidates(tx, row.case_id, row.site_id, {}, kMaxCandidates));
  for (const store::PanelMemberRow& each : candidates) {
    if (each.user_id == context.caller.user_id) continue;
    v1::PanelMember* added = state.add_candidates();
    added->set_user(contract::user_name(each.user_id));
    added->set_display_name(each.display_name);
  }
  return state;
}

// The caller and those named, each of whom may decide about the case.
Result<std::vector<store::PanelMemberRow>> members_of(const core::Context& context, store::Tx& tx,
                                                      const CaseView& view,
                                                      const v1::ConvenePanelRequest& request) {
  std::vector<store::PanelMemberRow> members = {{context.caller.user_id, {}, {}, {}}};
  for (const std::string& name : request.members()) {
    ASSIGN_OR_RETURN(const std::string user, contract::parse_user_name(name));
    const bool twice = std::any_of(members.begin(), members.end(),
                                   [&](const store::PanelMemberRow& m) { return m.user_id == user; });
    ASSIGN_OR_RETURN(const auto found,
                     store::panels::candidates(tx, view.row.case_id, view.row.site_id, user, 1));
    if (twice || found.empty())
      return core::bad_field("members", "QA reviewers of other sites who have not read the case, each once");
    members.push_back(found.front());
  }
  const auto count = static_cast<int>(members.size());
  if (count < contract::kMinPanel || count > contract::kMaxPanel)
    return core::bad_field("members", "one or two besides the convener");
  return members;
}

// What an answer, a withdrawal and a dissolution begin with.
struct OpenPanel {
  CaseView view;
  store::PanelRow row;
};
Result<OpenPanel> find_open(const core::Context& context, store::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const contract::PanelName named, contract::parse_panel_name(name));
  OpenPanel open;
  ASSIGN_OR_RETURN(open.view, find_case(context, tx, named.case_id));
  RETURN_IF_ERROR(require_independent_qa(context, open.view));
  ASSIGN_OR_RETURN(auto panel, store::panels::find(tx, named.panel_id));
  if (!panel || panel->case_id != named.case_id) return core::not_found(name);
  open.row = std::move(*panel);
  return open;
}

Status require_open(const store::PanelRow& panel) {
  if (panel.closed) return core::failed_precondition("PANEL_ENDED", "this panel is over");
  return {};
}

Status require_answerable(const core::Context& context, const store::PanelRow& panel) {
  if (!panel.holds(context.caller.user_id))
    return core::denied("NOT_ON_PANEL", "only the members of a panel answer it");
  RETURN_IF_ERROR(require_open(panel));
  // Votes that have been opened are final: another one would not be blind.
  if (panel.mode == PanelMode::Vote && panel.complete())
    return core::failed_precondition("PANEL_COMPLETE", "every member has voted");
  return {};
}

// Appends the event, and lets whoever looks at the case know that it has changed.
Result<int64_t> note(const core::Context& context, store::Tx& tx, CaseView& view, const std::string& verb,
                     const std::string& panel_id, const std::string& detail = {}) {
  ASSIGN_OR_RETURN(
      const int64_t seq,
      record(context, tx, verb, contract::panel_name(view.row.case_id, panel_id), view.row.case_id, detail));
  RETURN_IF_ERROR(store::cases::save(tx, view.row, act_of(context)));
  RETURN_IF_ERROR(reveal(context, tx, view));
  return seq;
}

Result<v1::PanelState> say(const core::Context& context, store::Tx& tx, OpenPanel& open,
                           const std::string& event, const std::string& term, const std::string& rationale) {
  // What a vote says is in no event.
  ASSIGN_OR_RETURN(const int64_t seq, note(context, tx, open.view, event, open.row.panel_id));
  RETURN_IF_ERROR(store::panels::answer(tx, open.row, {context.caller.user_id, {}, term, rationale}, seq,
                                        context.services.clock.now_us()));
  return panel_state(context, tx, open.view);
}

}  // namespace

v1::Panel panel_message(const core::Context& context, const store::PanelRow& row) {
  v1::Panel out;
  out.set_name(contract::panel_name(row.case_id, row.panel_id));
  out.set_mode(static_cast<v1::PanelMode>(row.mode));
  out.set_convener(contract::user_name(row.convener));
  out.set_rationale(row.rationale);
  set_time(out.mutable_create_time(), row.created_us);
  out.set_complete(row.complete());
  if (const std::string term = row.term(); !term.empty()) out.set_term(contract::term_name(term));
  const bool open_votes = row.mode == PanelMode::Consensus || row.complete() || row.closed;
  for (const store::PanelMemberRow& member : row.members) {
    v1::PanelMember* added = out.add_members();
    added->set_user(contract::user_name(member.user_id));
    added->set_display_name(member.display_name);
    added->set_answered(!member.term.empty());
    if (member.term.empty() || !(open_votes || member.user_id == context.caller.user_id)) continue;
    added->set_term(contract::term_name(member.term));
    added->set_rationale(member.rationale);
  }
  return out;
}

Result<v1::PanelState> get_panel(core::Context& context, const v1::GetPanelRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  v1::PanelState state;
  bool must_reveal = false;
  const auto look = [&](store::Tx& tx, CaseView& view) -> Status {
    state.Clear();
    // Who may not decide about the case is not told who does.
    if (view.sight != Sight::Full || !require_independent_qa(context, view)) return {};
    ASSIGN_OR_RETURN(state, panel_state(context, tx, view));
    return {};
  };
  RETURN_IF_ERROR(context.services.store.read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    must_reveal = view.sight == Sight::Unopened;
    return look(tx, view);
  }));
  if (!must_reveal) return state;
  RETURN_IF_ERROR(context.services.store.write([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
    RETURN_IF_ERROR(reveal(context, tx, view));
    return look(tx, view);
  }));
  return state;
}

Result<v1::PanelState> convene_panel(core::Context& context, const v1::ConvenePanelRequest& request) {
  ASSIGN_OR_RETURN(const std::string case_id, contract::parse_case_name(request.name()));
  return core::mutate<v1::PanelState>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::PanelState> {
        ASSIGN_OR_RETURN(CaseView view, find_case(context, tx, case_id));
        RETURN_IF_ERROR(require_independent_qa(context, view));
        RETURN_IF_ERROR(check_text("rationale", request.rationale(), kMaxRationale));
        if (request.mode() != v1::PANEL_MODE_VOTE && request.mode() != v1::PANEL_MODE_CONSENSUS)
          return core::bad_field("mode", "vote or consensus");
        RETURN_IF_ERROR(core::check_etag(request.etag(), view.row.revision));
        if (!may_have_panel(view))
          return core::wrong_state("a panel is for a case that waits for adjudication");
        ASSIGN_OR_RETURN(const auto open, store::panels::open_of_case(tx, case_id));
        if (open) return core::failed_precondition("PANEL_OPEN", "the case has a panel");
        store::PanelRow panel;
        panel.panel_id = core::new_id();
        panel.case_id = case_id;
        panel.mode = static_cast<PanelMode>(request.mode());
        panel.convener = context.caller.user_id;
        panel.rationale = request.rationale();
        panel.created_us = context.services.clock.now_us();
        ASSIGN_OR_RETURN(panel.members, members_of(context, tx, view, request));
        RETURN_IF_ERROR(store::panels::insert(tx, panel, view.row.seq));
        nlohmann::json members = nlohmann::json::array();
        for (const store::PanelMemberRow& member : panel.members)
          members.push_back(contract::user_name(member.user_id));
        const nlohmann::json detail = {{"mode", panel.mode == PanelMode::Vote ? "vote" : "consensus"},
                                       {"members", members}};
        RETURN_IF_ERROR(note(context, tx, view, "convene_panel", panel.panel_id, detail.dump()));
        return panel_state(context, tx, view);
      });
}

Result<v1::PanelState> answer_panel(core::Context& context, const v1::AnswerPanelRequest& request) {
  return core::mutate<v1::PanelState>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::PanelState> {
        ASSIGN_OR_RETURN(OpenPanel open, find_open(context, tx, request.name()));
        RETURN_IF_ERROR(check_text("rationale", request.rationale(), kMaxRationale));
        const auto term = contract::parse_term_name(request.term());
        if (!term || !context.services.vocabulary.find(*term))
          return core::bad_field("term", "a term of the vocabulary");
        if (request.rationale().empty()) return core::bad_field("rationale", "why");
        RETURN_IF_ERROR(require_answerable(context, open.row));
        return say(context, tx, open, "answer_panel", *term, request.rationale());
      });
}

Result<v1::PanelState> withdraw_panel_answer(core::Context& context,
                                             const v1::WithdrawPanelAnswerRequest& request) {
  return core::mutate<v1::PanelState>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::PanelState> {
        ASSIGN_OR_RETURN(OpenPanel open, find_open(context, tx, request.name()));
        RETURN_IF_ERROR(require_answerable(context, open.row));
        return say(context, tx, open, "withdraw_panel_answer", {}, {});
      });
}

Result<v1::PanelState> dissolve_panel(core::Context& context, const v1::DissolvePanelRequest& request) {
  return core::mutate<v1::PanelState>(
      context, request, request.request_id(), [&](store::Tx& tx) -> Result<v1::PanelState> {
        ASSIGN_OR_RETURN(OpenPanel open, find_open(context, tx, request.name()));
        RETURN_IF_ERROR(core::check_etag(request.etag(), open.view.row.revision));
        RETURN_IF_ERROR(require_open(open.row));
        RETURN_IF_ERROR(store::panels::close(tx, open.row.case_id, context.services.clock.now_us()));
        RETURN_IF_ERROR(note(context, tx, open.view, "dissolve_panel", open.row.panel_id));
        return panel_state(context, tx, open.view);
      });
}

}  // namespace hada::handlers
