#include "server/handlers/event_sight.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/handlers/case_sight.h"
#include "server/handlers/independent_qa.h"
#include "server/store/panels.h"

namespace hada::handlers {
namespace {

template <size_t N>
bool among(std::string_view verb, const std::array<std::string_view, N>& verbs) {
  return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
}

constexpr std::array<std::string_view, 2> kUnseen = {"save_draft", "reveal_case"};
constexpr std::array<std::string_view, 3> kReads = {"submit_read", "submit_late_read", "amend_read"};
// What asks readers to look at their reads again: a return, and data that came after them.
constexpr std::string_view kReturnToSite = "return_to_site";
constexpr std::array<std::string_view, 2> kAsks = {"return_to_reader", "supply_data"};
// What moves a case into another list of QA's.
constexpr std::array<std::string_view, 6> kMoves = {"settle_case", "adjudicate_case", "declare_no_consensus",
                                                    "reopen_case", "void_approval",   "void_decision"};

constexpr std::array<std::string_view, 2> kPanel = {"convene_panel", "answer_panel"};
// What only those who may decide about the case are shown.
constexpr std::array<std::string_view, 8> kAmongReviewers = {
    "convene_panel",  "answer_panel", "withdraw_panel_answer", "dissolve_panel",
    "create_comment", "edit_comment", "resolve_comment",       "reopen_comment"};

// The list in which the case now waits for this person, who is staff and sees its true state.
v1::WorklistView waits_in(std::string_view verb, const EventCase& about, const core::Caller& caller,
                          const store::Involvement& person) {
  if (among(verb, kPanel))
    return about.panel_awaits.contains(caller.user_id) ? v1::WORKLIST_VIEW_PANELS
                                                       : v1::WORKLIST_VIEW_UNSPECIFIED;
  // Who may not decide it has no such list.
  if (!among(verb, kMoves) || !independent_qa(caller, about.place.site_id, person.has_read))
    return v1::WORKLIST_VIEW_UNSPECIFIED;
  if (contract::allows(about.place.state, contract::Verb::Adjudicate, Role::QaReviewer))
    return v1::WORKLIST_VIEW_TO_ADJUDICATE;
  if (contract::allows(about.place.state, contract::Verb::Approve, Role::QaReviewer))
    return v1::WORKLIST_VIEW_TO_APPROVE;
  return v1::WORKLIST_VIEW_UNSPECIFIED;
}

// Whether the event asks this person for something that only they can give. They are listed the case for it,
// blind or not.
bool hands_back(std::string_view verb, const EventCase& about, const core::Caller& caller,
                const store::Involvement& person) {
  if (person.returned) return among(verb, kAsks);
  return verb == kReturnToSite && about.place.state == CaseState::Returned &&
         about.place.returned_to == ReturnTo::Site && caller.has(Role::SiteCoordinator, about.place.site_id);
}

}  // namespace

bool is_followed(const store::EventRow& event) {
  return !event.case_id.empty() && !among(event.verb, kUnseen);
}

Result<std::optional<EventCase>> event_case(store::Tx& tx, const std::string& case_id) {
  std::optional<EventCase> about;
  ASSIGN_OR_RETURN(const auto place, store::cases::place(tx, case_id));
  if (!place) return about;
  about.emplace();
  about->place = *place;
  ASSIGN_OR_RETURN(about->people, store::reads::involvements(tx, case_id));
  if (!contract::allows(place->state, contract::Verb::Adjudicate, Role::QaReviewer)) return about;
  ASSIGN_OR_RETURN(const auto panel, store::panels::open_of_case(tx, case_id));
  if (!panel) return about;
  for (const store::PanelMemberRow& member : panel->members)
    if (panel->awaits(member)) about->panel_awaits.insert(member.user_id);
  return about;
}

std::optional<v1::Hint> hint_for(const store::EventRow& event, const EventCase& about,
                                 const core::Caller& caller) {
  if (!is_followed(event)) return std::nullopt;
  store::Involvement person;
  if (const auto it = about.people.find(caller.user_id); it != about.people.end()) person = it->second;
  const Standing standing = standing_of(caller, about.place, person);
  if (standing.sight == Sight::None) return std::nullopt;
  const bool by_caller = event.actor == caller.user_id;
  if (among(event.verb, kAmongReviewers) && !independent_qa(caller, about.place.site_id, person.has_read))
    return std::nullopt;
  // A reader who has not opened the outcome is shown the case as it was, and might still change their vote.
  const bool sees_state =
      standing.sight == Sight::Full || (standing.staff && standing.sight == Sight::Unopened);
  const bool handed = !by_caller && hands_back(event.verb, about, caller, person);
  if (!by_caller && !sees_state && !handed) return std::nullopt;

  v1::Hint hint;
  hint.set_kind(among(event.verb, kReads) ? v1::HINT_KIND_READ : v1::HINT_KIND_CASE);
  hint.set_case_(contract::case_name(event.case_id));
  hint.set_by_caller(by_caller);
  if (handed)
    hint.set_arrived_in(v1::WORKLIST_VIEW_RETURNED);
  else if (!by_caller)
    hint.set_arrived_in(waits_in(event.verb, about, caller, person));
  return hint;
}

}  // namespace hada::handlers
