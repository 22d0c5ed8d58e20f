// A high-risk disagreement goes to a panel, by vote and by consensus, in the real window. Pictures in both
// languages.

#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/ui/review_desk.h"

namespace {

using namespace hada;
using namespace hada::support;

struct Hospital : Clinic {
  Hospital() { make_reviewers(server); }
};
Hospital& hospital() {
  static Hospital one;
  return one;
}

struct Desk : ReviewDesk {
  Desk(std::string name, const std::string& user) : ReviewDesk(hospital(), std::move(name), user) {}
};

v1::CaseState state_of(const std::string& id) {
  ApiClient client(hospital().server.address());
  client.as("qa-d");
  v1::GetCaseRequest request;
  request.set_name("cases/" + id);
  const auto value = client.call<v1::Case>("CaseService/GetCase", request);
  REQUIRE(value);
  return value->state();
}

v1::Decision last_decision(const std::string& id) {
  ApiClient client(hospital().server.address());
  client.as("qa-d");
  v1::ListDecisionsRequest request;
  request.set_parent("cases/" + id);
  const auto list = client.call<v1::ListDecisionsResponse>("DecisionService/ListDecisions", request);
  REQUIRE(list);
  REQUIRE(list->decisions_size() > 0);
  return list->decisions(list->decisions_size() - 1);
}

// A case whose two readers split on the risk; each journey takes its own.
std::string take_split_case() {
  const std::string id = case_without_pathology(hospital(), v1::IMAGE_KIND_DERMOSCOPIC);
  vote(hospital().server, "derm-b", "cases/" + id, "melanoma");
  vote(hospital().server, "derm-c", "cases/" + id, "seborrheic_keratosis");
  REQUIRE(state_of(id) == v1::CASE_STATE_TO_PANEL);
  return id;
}

// The diagnosis the readers named as number `term`, and why.
void answer(Desk& desk, int term, const std::string& why) {
  desk.press("approve.from_reads." + std::to_string(term));
  desk.fill("approve.rationale", why);
  desk.at.ui.wait_enabled("panel.answer");
  desk.press("panel.answer");
}

TEST_CASE("a high-risk split goes to a panel, which votes, and its decision is approved") {
  const std::string id = take_split_case();
  {
    Desk chair("panel-vote", "qa-d");
    chair.at.show_tab(0);
    chair.at.open_case(id);
    chair.picture("split");
    chair.press("approve.form.1");
    CHECK_FALSE(chair.at.ui.wait_for("panel.convene").enabled);
    chair.press("panel.member.0");
    chair.press("panel.member.1");
    chair.fill("approve.rationale", "Is the blue-white veil enough for melanoma?");
    chair.picture("convene");
    chair.press("panel.convene");
    answer(chair, 0, "Blue-white veil and an atypical network.");
    chair.at.ui.wait_for("panel.withdraw");
    chair.picture("waiting");
  }
  {
    // Each of the others finds the case in a list of its own and sees no vote.
    Desk member("panel-vote-member", "qa-b");
    member.at.show_tab(2);
    CHECK(member.at.lists(id));
    member.picture("list");
    member.at.open_case(id);
    member.picture("asked");
    answer(member, 1, "Milia-like cysts, sharply demarcated.");
    // A change of mind, while it is undecided.
    member.press("panel.withdraw");
    member.at.ui.wait_gone("panel.withdraw");
    answer(member, 1, "Milia-like cysts.");
    member.at.ui.wait_for("panel.withdraw");
    member.press("case.back");
    member.at.ui.wait_for("worklist.refresh");
    member.at.ui.wait_idle();
    CHECK_FALSE(member.at.lists(id));
  }
  {
    Desk member("panel-vote-last", "qa-e");
    member.at.show_tab(2);
    member.at.open_case(id);
    answer(member, 0, "Regression besides the veil.");
    member.at.ui.wait_for("panel.decide");
    member.picture("opened");
  }
  // The convener is told by the list that the votes are in.
  Desk chair("panel-vote-decide", "qa-d");
  chair.at.show_tab(2);
  CHECK(chair.at.lists(id));
  chair.at.open_case(id);
  CHECK_FALSE(chair.at.ui.wait_for("panel.decide").enabled);
  chair.fill("approve.rationale", "Two of three: melanoma.");
  chair.picture("decide");
  chair.press("panel.decide");
  chair.at.ui.wait_for("approve.approve");
  chair.picture("decided");
  CHECK(state_of(id) == v1::CASE_STATE_PANEL_DECIDED);
  CHECK(last_decision(id).panel().members_size() == 3);
  chair.press("approve.approve");
  chair.at.ui.wait_for("approve.reopen");
  chair.picture("approved");
  CHECK(state_of(id) == v1::CASE_STATE_APPROVED);
}

TEST_CASE("a panel seeks consensus, does not find it, and one joins the other") {
  const std::string id = take_split_case();
  {
    Desk chair("panel-consensus", "qa-d");
    chair.at.show_tab(0);
    chair.at.open_case(id);
    chair.press("approve.form.1");
    chair.press("panel.mode.1");
    chair.press("panel.member.0");
    chair.picture("convene");
    chair.press("panel.convene");
    answer(chair, 0, "Atypical network.");
    chair.at.ui.wait_for("panel.withdraw");
  }
  Desk member("panel-consensus-member", "qa-b");
  member.at.show_tab(2);
  member.at.open_case(id);
  answer(member, 1, "Comedo-like openings.");
  member.at.ui.wait_for("panel.agree.0");
  member.picture("split");
  member.press("panel.agree.0");
  member.at.ui.wait_for("panel.decide");
  member.picture("agreed");
  member.press("panel.decide");
  member.at.ui.wait_for("approve.approve");
  CHECK(state_of(id) == v1::CASE_STATE_PANEL_DECIDED);
}

TEST_CASE("a panel that is stuck is dissolved by another reviewer") {
  const std::string id = take_split_case();
  {
    Desk chair("panel-dissolve", "qa-d");
    chair.at.show_tab(0);
    chair.at.open_case(id);
    chair.press("approve.form.1");
    chair.press("panel.member.0");
    chair.press("panel.convene");
    chair.at.ui.wait_for("panel.answer");
  }
  Desk other("panel-dissolve-other", "qa-e");
  other.at.show_tab(0);
  other.at.open_case(id);
  other.picture("not-a-member");
  other.press("panel.dissolve");
  other.picture("asked");
  other.press("panel.dissolve.confirm");
  other.at.ui.wait_for("approve.form.3");
  CHECK(state_of(id) == v1::CASE_STATE_TO_PANEL);
}

}  // namespace
