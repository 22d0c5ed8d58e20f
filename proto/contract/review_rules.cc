#include "contract/review_rules.h"

#include <array>

namespace hada::contract {
namespace {

using enum CaseState;

// What one verb does in one state.
struct Cell {
  enum class Kind { WrongState, RestsOnRead, Same, To, Outcome, Before };
  Kind kind = Kind::WrongState;
  CaseState to = Unspecified;
};

constexpr Cell ___{Cell::Kind::WrongState, Unspecified};
constexpr Cell Rst{Cell::Kind::RestsOnRead, Unspecified};
constexpr Cell Sam{Cell::Kind::Same, Unspecified};
constexpr Cell Out{Cell::Kind::Outcome, Unspecified};
constexpr Cell Bef{Cell::Kind::Before, Unspecified};
constexpr Cell to(CaseState state) { return {Cell::Kind::To, state}; }
constexpr Cell Opn = to(Open), Rdg = to(Reading), Nrd = to(NeedsRead), Pan = to(PanelDecided),
               NoC = to(NoConsensus), App = to(Approved), Rej = to(Rejected), Ret = to(Returned),
               Wdr = to(Withdrawn);

// Rows: states by number. Columns: verbs by number. A read that comes too late is kept in every state, so
// Submit is never refused. A decided case is rejected or returned in the state it was decided in; a
// disagreement is decided first.
// clang-format off
constexpr std::array<std::array<Cell, kVerbCount>, kCaseStateCount> kTransitions = {{
  //                Claim Submt Settl Amend Adjud NoCon ReqRd Apprv Rejct RetRd RetSt Resum Suppl Void  Reopn Withd Image
  /* Unspecified */ {___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___},
  /* Open        */ {Rdg,  Sam,  ___,  Sam,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Sam,  ___,  ___,  Wdr,  ___},
  /* Reading     */ {Sam,  Sam,  Out,  Sam,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Sam,  ___,  ___,  Wdr,  ___},
  /* NeedsRead   */ {Sam,  Sam,  Out,  Sam,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Sam,  ___,  ___,  Wdr,  ___},
  /* Agreed      */ {___,  Sam,  Out,  Sam,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* Majority    */ {___,  Sam,  Out,  Sam,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* ToPanel     */ {___,  Sam,  Out,  Sam,  Pan,  NoC,  Nrd,  ___,  ___,  ___,  ___,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* PanelDecided*/ {___,  Sam,  ___,  Rst,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* NoConsensus */ {___,  Sam,  ___,  Rst,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* Ungradable  */ {___,  Sam,  Out,  Sam,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* Pathology   */ {___,  Sam,  Out,  Sam,  ___,  ___,  ___,  App,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* Approved    */ {___,  Sam,  ___,  Rst,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Bef,  Bef,  Bef,  Wdr,  Bef},
  /* Rejected    */ {___,  Sam,  ___,  Rst,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Sam,  ___,  Bef,  Wdr,  ___},
  /* Returned    */ {___,  Sam,  ___,  Sam,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  Rdg,  Opn,  ___,  Bef,  Wdr,  ___},
  /* Reopened    */ {___,  Sam,  ___,  Sam,  Pan,  NoC,  Nrd,  ___,  Rej,  Ret,  Ret,  ___,  Sam,  ___,  ___,  Wdr,  Sam},
  /* Withdrawn   */ {___,  Sam,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___,  ___},
}};
// clang-format on

constexpr uint32_t bit(Role role) { return 1u << static_cast<uint32_t>(role); }
constexpr uint32_t kMachine = bit(Role::Unspecified), kReader = bit(Role::Dermatologist),
                   kQa = bit(Role::QaReviewer), kSite = bit(Role::SiteCoordinator), kAdmin = bit(Role::Admin);

struct VerbInfo {
  std::string_view text;
  uint32_t roles;
};
constexpr std::array<VerbInfo, kVerbCount> kVerbs = {{
    {"claim", kReader},
    {"submit", kReader},
    {"settle", kMachine},
    {"amend", kReader},
    {"adjudicate", kQa},
    {"declare_no_consensus", kQa},
    {"request_read", kQa},
    {"approve", kQa},
    {"reject", kQa},
    {"return_to_reader", kQa},
    {"return_to_site", kQa},
    {"resume_reading", kReader},
    {"supply_data", kSite | kMachine},  // the machine finishes the check of what the site sent
    {"void_approval", kMachine},
    {"reopen", kQa},
    {"withdraw", kSite | kAdmin},
    {"review_image", kQa},
}};

constexpr std::array<std::string_view, kCaseStateCount> kStates = {
    "UNSPECIFIED", "OPEN",          "READING",      "NEEDS_READ", "AGREED",    "MAJORITY",
    "TO_PANEL",    "PANEL_DECIDED", "NO_CONSENSUS", "UNGRADABLE", "PATHOLOGY", "APPROVED",
    "REJECTED",    "RETURNED",      "REOPENED",     "WITHDRAWN"};

template <class Enum>
bool in_range(Enum value, int count) {
  return static_cast<int>(value) >= 0 && static_cast<int>(value) < count;
}

const Cell& cell(CaseState from, Verb verb) {
  if (!in_range(from, kCaseStateCount) || !in_range(verb, kVerbCount)) return ___;
  return kTransitions[static_cast<size_t>(from)][static_cast<size_t>(verb)];
}

bool role_does(Verb verb, Role role) {
  return in_range(verb, kVerbCount) && in_range(role, 6) &&
         (kVerbs[static_cast<size_t>(verb)].roles & bit(role)) != 0;
}

// What evaluate() may find; once more votes were asked for, neither plain agreement nor a further automatic
// read.
bool may_settle_as(CaseState from, CaseState outcome) {
  switch (outcome) {
    case Majority:
    case ToPanel:
    case Ungradable:
    case Pathology:
      return true;
    case Agreed:
    case NeedsRead:
      return from != NeedsRead;
    default:
      return false;
  }
}

// The states an approval, a rejection or a return is given in.
bool is_decided(CaseState state) {
  return cell(state, Verb::Reject).kind == Cell::Kind::To ||
         cell(state, Verb::Approve).kind == Cell::Kind::To;
}

Unexpected wrong_state(CaseState from, Verb verb) {
  return Unexpected(
      ErrorCode::FailedPrecondition, "WRONG_STATE",
      "cannot " + std::string(verb_text(verb)) + " a case that is " + std::string(state_text(from)));
}

}  // namespace

std::string_view verb_text(Verb verb) {
  return in_range(verb, kVerbCount) ? kVerbs[static_cast<size_t>(verb)].text : "unknown";
}

std::string_view state_text(CaseState state) {
  return in_range(state, kCaseStateCount) ? kStates[static_cast<size_t>(state)] : "UNKNOWN";
}

Result<CaseState> next_state(CaseState from, Verb verb, Role role, TransitionFacts facts) {
  if (!role_does(verb, role))
    return Unexpected(ErrorCode::PermissionDenied, "ROLE_REQUIRED",
                      "this role may not " + std::string(verb_text(verb)) + " a case");
  const Cell& c = cell(from, verb);
  switch (c.kind) {
    case Cell::Kind::To:
      return c.to;
    case Cell::Kind::Same:
      return from;
    case Cell::Kind::Outcome:
      if (may_settle_as(from, facts.outcome)) return facts.outcome;
      break;
    case Cell::Kind::Before:
      if (is_decided(facts.before)) return facts.before;
      break;
    case Cell::Kind::RestsOnRead:
      return Unexpected(ErrorCode::FailedPrecondition, "DECISION_RESTS_ON_READ",
                        "a decision rests on this read");
    case Cell::Kind::WrongState:
      break;
  }
  return wrong_state(from, verb);
}

bool allows(CaseState from, Verb verb, Role role) {
  const Cell::Kind kind = cell(from, verb).kind;
  return role_does(verb, role) && kind != Cell::Kind::WrongState && kind != Cell::Kind::RestsOnRead;
}

std::vector<CaseState> states_allowing(Verb verb, Role role) {
  std::vector<CaseState> states;
  for (int i = 1; i < kCaseStateCount; ++i)
    if (allows(static_cast<CaseState>(i), verb, role)) states.push_back(static_cast<CaseState>(i));
  return states;
}

bool collects_votes(CaseState state) { return allows(state, Verb::Claim, Role::Dermatologist); }

}  // namespace hada::contract
