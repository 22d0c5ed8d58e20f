#pragma once

// What may happen to a case, as tables, and what its votes amount to, as one function. Pure; any thread.
// The text these tables were written from is workflow.md ("States", "Agreement rules").

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/enums.h"
#include "contract/policy.h"
#include "contract/result.h"

namespace hada::contract {

class Vocabulary;

// Everything that can happen to a case.
enum class Verb : int32_t {
  Claim,               // a dermatologist leases a read slot
  Submit,              // a read arrives; its vote is counted by Settle
  Settle,              // the machine evaluates the votes (again, after an amendment that votes)
  Amend,               // a reader adds a revision to their read
  Adjudicate,          // QA decides a disagreement
  DeclareNoConsensus,  // QA decides that it cannot be decided
  RequestRead,         // QA asks for one more vote
  Approve,
  Reject,
  ReturnToReader,
  ReturnToSite,
  ResumeReading,  // the reader takes a returned case up again
  SupplyData,     // the site answers a return with new images or facts
  VoidApproval,   // the machine: what the approval rested on has changed
  Reopen,         // QA takes an approval, a rejection or a return back
  Withdraw,       // consent withdrawn
  ReviewImage,    // QA includes an image in the case or leaves it out; voids an approval
};
inline constexpr int kVerbCount = 17;

// "approve_case" is for events; this is "approve".
std::string_view verb_text(Verb verb);
// "TO_PANEL"; as in the protocol without its prefix.
std::string_view state_text(CaseState state);

// What the table needs besides state, verb and role.
struct TransitionFacts {
  CaseState outcome = CaseState::Unspecified;  // Settle: what evaluate() found
  CaseState before = CaseState::Unspecified;   // where an approval ends: the state it was given in
};

// The state the case goes to; the same state where the verb changes none. `role` is the role the caller acts
// in; Role::Unspecified is the machine itself. Refusals: PERMISSION_DENIED / ROLE_REQUIRED when this role
// never does this, FAILED_PRECONDITION / DECISION_RESTS_ON_READ for an amendment below a person's decision,
// else FAILED_PRECONDITION / WRONG_STATE.
Result<CaseState> next_state(CaseState from, Verb verb, Role role, TransitionFacts facts = {});

// True when next_state would allow it for some facts.
bool allows(CaseState from, Verb verb, Role role);
// The states in which this role may do this: the worklist's tabs are made of it.
std::vector<CaseState> states_allowing(Verb verb, Role role);

// Votes are still being collected; readers are blind. OPEN, READING, NEEDS_READ.
bool collects_votes(CaseState state);

// One entry of a differential.
struct RankedTerm {
  std::string term;    // term id
  int32_t rank = 1;    // 1 is first, equal ranks are ties
  int32_t confidence;  // 1-5
};

// One vote: the last revision of a read that its author made before anything was revealed.
struct Vote {
  bool gradable = true;
  std::vector<RankedTerm> differential;  // not empty when gradable
};

struct Ballot {
  std::vector<Vote> votes;     // as many as the case's read limit
  std::string pathology_term;  // term id the pathology diagnosis maps to; empty where there is none
  bool third_read = false;     // more votes than the tier's were asked for: rule 7 instead of 4 to 6
};

struct Outcome {
  CaseState state = CaseState::Unspecified;
  std::string term;  // term id the case is settled as; empty where the state names none
  std::string rule;  // snake_case name of the rule that decided, kept with the event

  bool operator==(const Outcome&) const = default;
};

// The agreement rules in workflow.md's order, as far as the policy switches them on. The order of the votes
// does not matter. The states it returns: AGREED, MAJORITY, NEEDS_READ, TO_PANEL, UNGRADABLE, PATHOLOGY; for
// a third read never AGREED or NEEDS_READ. A ballot without votes is TO_PANEL / no_votes.
Outcome evaluate(const Ballot& ballot, const Policy& policy, const Vocabulary& vocabulary);

}  // namespace hada::contract
