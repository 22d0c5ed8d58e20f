// What the rules make of reads that differ: a third read and its majority, and a case that readers cannot
// judge. Pictures in both languages.

#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/ui/review_desk.h"

namespace {

using namespace hada;
using namespace hada::support;

v1::Case get(const Clinic& clinic, const std::string& id) {
  ApiClient client(clinic.server.address());
  client.as("qa-d");
  v1::GetCaseRequest request;
  request.set_name("cases/" + id);
  const auto value = client.call<v1::Case>("CaseService/GetCase", request);
  REQUIRE(value);
  return *value;
}

// An open case that pathology does not settle; its id.
std::string open_case(const Clinic& clinic) {
  ApiClient reader(clinic.server.address());
  reader.as("derm-b");
  v1::ListCasesRequest list;
  list.set_view(v1::WORKLIST_VIEW_TO_READ);
  const auto page = reader.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  for (const v1::Case& listed : page->cases()) {
    const std::string id = listed.name().substr(std::string("cases/").size());
    if (get(clinic, id).site_opinion().pathology_diagnosis().empty()) return id;
  }
  FAIL("every case has a pathology diagnosis");
  return {};
}

}  // namespace

TEST_CASE("two readers differ, a third who knows nothing of it decides, and QA approves the majority") {
  const Clinic clinic;
  const std::string id = open_case(clinic);
  vote(clinic.server, "derm-b", "cases/" + id, "psoriasis");
  vote(clinic.server, "derm-c", "cases/" + id, "atopic_dermatitis");
  REQUIRE(get(clinic, id).state() == v1::CASE_STATE_NEEDS_READ);
  {
    ReviewDesk third(clinic, "majority-reader", "derm-e");
    third.at.open_case(id);
    third.at.ui.wait_enabled("read.diagnosis.search");
    third.picture("third-read");  // like any first one
    third.at.add_diagnosis("psoriasis");
    third.at.rate(0, 4);
    third.at.submit_read();
    third.picture("submitted");
  }
  const v1::Case settled = get(clinic, id);
  CHECK(settled.state() == v1::CASE_STATE_MAJORITY);
  CHECK(settled.decided_term() == "terms/psoriasis");
  CHECK(settled.votes_in() == 3);
  ReviewDesk desk(clinic, "majority-qa", "qa-d");
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.at.ui.wait_for("approve.approve");
  desk.picture("majority");
  desk.press("approve.approve");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("approved");
  CHECK(get(clinic, id).state() == v1::CASE_STATE_APPROVED);
}

TEST_CASE("what most readers cannot judge is ungradable, and QA rejects it with a code") {
  const Clinic clinic;
  const std::string id = open_case(clinic);
  const auto cannot_judge = [&](const std::string& user) {
    ReviewDesk reader(clinic, "ungradable-" + user, user);
    reader.at.open_case(id);
    reader.at.ui.wait_enabled("read.diagnosis.search");
    reader.press("read.gradable.1");
    // A reason is asked for before it can be sent.
    CHECK_FALSE(reader.at.ui.wait_for("read.submit").enabled);
    reader.picture("asked-why");
    reader.press("read.reason." + std::to_string(v1::UNGRADABLE_REASON_IMAGE_QUALITY));
    reader.picture("filled");
    reader.at.submit_read();
    reader.picture("submitted");
  };
  cannot_judge("derm-b");
  vote(clinic.server, "derm-c", "cases/" + id, "psoriasis");
  CHECK(get(clinic, id).state() == v1::CASE_STATE_NEEDS_READ);
  cannot_judge("derm-e");
  CHECK(get(clinic, id).state() == v1::CASE_STATE_UNGRADABLE);
  CHECK(get(clinic, id).decided_term().empty());
  ReviewDesk desk(clinic, "ungradable-qa", "qa-d");
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.picture("ungradable");
  desk.press("approve.reject");
  desk.press("approve.reject.code." + std::to_string(v1::REJECT_CODE_IMAGE_QUALITY));
  desk.press("approve.reject.confirm");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("rejected");
  CHECK(get(clinic, id).state() == v1::CASE_STATE_REJECTED);
}
