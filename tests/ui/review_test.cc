// QA at work in the real window: single images, returns, and what whoever is asked sees of them. Pictures in
// both languages.

#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/ui/review_desk.h"

namespace {

using namespace hada;
using namespace hada::support;

Clinic& hospital() {
  static Clinic one;
  return one;
}

struct Desk : ReviewDesk {
  Desk(const std::string& journey, const std::string& user) : ReviewDesk(hospital(), journey, user) {}
};

v1::Case get(const std::string& id, const std::string& user = "qa-d") {
  ApiClient client(hospital().server.address());
  client.as(user);
  v1::GetCaseRequest request;
  request.set_name("cases/" + id);
  const auto value = client.call<v1::Case>("CaseService/GetCase", request);
  REQUIRE(value);
  return *value;
}

// A case that two readers agree on, the first ones with two images; each journey takes its own.
std::string take_agreed_case() {
  static std::vector<std::string> open = [] {
    ApiClient qa(hospital().server.address());
    qa.as("qa-d");
    v1::ListCasesRequest list;
    list.add_states(v1::CASE_STATE_OPEN);
    list.set_page_size(100);
    const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(page);
    std::vector<std::string> ids;
    for (const v1::Case& listed : page->cases()) {
      const std::string id = listed.name().substr(std::string("cases/").size());
      const v1::Case value = get(id);
      if (!value.site_opinion().pathology_diagnosis().empty()) continue;
      // Those with two images are taken first.
      ids.insert(value.images_size() == 2 ? ids.end() : ids.begin(), id);
    }
    return ids;
  }();
  REQUIRE_FALSE(open.empty());
  const std::string id = open.back();
  open.pop_back();
  vote(hospital().server, "derm-b", "cases/" + id, "psoriasis");
  vote(hospital().server, "derm-c", "cases/" + id, "psoriasis");
  return id;
}

std::string numbered(const std::string& name, int number) { return name + std::to_string(number); }

TEST_CASE("QA leaves an image out, approves the rest, and a change of mind voids it") {
  const std::string id = take_agreed_case();
  REQUIRE(get(id).images_size() == 2);
  Desk desk("review-images", "qa-d");
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.picture("all-included");
  // By the mouse ...
  desk.press("approve.image.1.1");
  desk.at.ui.wait_for("approve.image.code.1");
  desk.at.ui.wait_idle();
  desk.picture_now("codes");
  desk.press("approve.image.code.4");
  CHECK(eventually([&] { return get(id).images(1).exclusion_code() == "DUPLICATE"; }));
  // ... and by keys: the active image is the first.
  desk.at.ui.wait_idle();
  desk.at.ui.key("o");
  desk.at.ui.wait_for("approve.image.code.1");
  desk.at.ui.key("1");
  CHECK(eventually([&] { return get(id).images(0).exclusion_code() == "IMAGE_QUALITY"; }));
  desk.at.ui.wait_idle();
  CHECK_FALSE(desk.at.ui.wait_for("approve.approve").enabled);
  desk.picture("none-left");
  desk.at.ui.key("o");
  CHECK(eventually([&] { return get(id).images(0).exclusion_code().empty(); }));
  desk.at.ui.wait_idle();
  desk.picture("one-left-out");
  desk.press("approve.approve");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("approved");
  CHECK(get(id).state() == v1::CASE_STATE_APPROVED);
  desk.press("approve.image.1.0");
  desk.at.ui.wait_for("approve.approve");
  desk.picture("void");
  CHECK(get(id).state() == v1::CASE_STATE_AGREED);
}

TEST_CASE("a case goes back to a reader, who looks again and stands by it") {
  const std::string id = take_agreed_case();
  {
    Desk qa("review-return", "qa-d");
    qa.at.show_tab(1);
    qa.at.open_case(id);
    qa.press("approve.return");
    qa.press("approve.return.reader.1");
    CHECK_FALSE(qa.at.ui.wait_for("approve.return.confirm").enabled);
    qa.press(numbered("approve.return.code.", static_cast<int>(v1::REJECT_CODE_READ_INCOMPLETE)));
    qa.fill("approve.comment", "Please flag the blurred close-up.");
    qa.picture("form");
    qa.press("approve.return.confirm");
    qa.at.ui.wait_for("approve.reopen");
    qa.picture("returned");
    CHECK(get(id).state() == v1::CASE_STATE_RETURNED);
  }
  {
    Desk reader("review-return-reader", "derm-b");
    reader.at.show_tab(2);
    CHECK(reader.at.lists(id));
    reader.picture("list");
    reader.at.open_case(id);
    reader.picture("notice");
    CHECK(get(id, "derm-b").site_opinion().site_diagnosis().empty());
    reader.press("read.amend");
    reader.fill("read.amend.reason", "Flags are complete.");
    reader.picture("again");
    reader.press("read.amend.submit");
    reader.at.ui.wait_for("read.amend");
    reader.picture("answered");
  }
  CHECK(get(id).state() == v1::CASE_STATE_AGREED);
}

TEST_CASE("a case goes back to its site, whose coordinator sees what is missing") {
  const std::string id = take_agreed_case();
  {
    Desk qa("review-return-site", "qa-d");
    qa.at.show_tab(1);
    qa.at.open_case(id);
    qa.press("approve.return");
    qa.press("approve.return.to.1");
    qa.press(numbered("approve.return.code.", static_cast<int>(v1::REJECT_CODE_IMAGE_MISSING)));
    qa.fill("approve.comment", "A close-up of the left elbow.");
    qa.picture("form");
    qa.press("approve.return.confirm");
    qa.at.ui.wait_for("approve.reopen");
  }
  Desk coordinator("review-return-coordinator", "coordinator-a");
  coordinator.at.show_tab(0);
  CHECK(coordinator.at.lists(id));
  coordinator.picture("list");
  coordinator.at.open_case(id);
  coordinator.picture("notice");
}

TEST_CASE("QA looks at a sample of the agreed cases and approves the rest") {
  // What the journeys before this have left agreed counts too.
  for (int i = 0; i < 4; ++i) take_agreed_case();
  Desk desk("review-sample", "qa-d");
  desk.at.show_tab(1);
  const size_t agreed = desk.at.listed_cases().size();
  desk.at.ui.click("worklist.sample");
  desk.at.ui.wait_for("sample.case.0");
  desk.picture("gallery");
  CHECK_FALSE(desk.at.ui.wait_for("sample.approve_rest").enabled);
  // The one case is opened, looked at, and approved in the gallery.
  desk.at.ui.click("sample.case.0.open");
  desk.at.ui.wait_for("approve.approve");
  desk.at.ui.click("case.back");
  desk.at.ui.wait_for("sample.case.0");
  desk.at.ui.wait_idle();
  desk.at.ui.key("a");
  desk.at.ui.wait_enabled("sample.approve_rest");
  desk.picture("decided");
  desk.at.ui.click("sample.approve_rest");
  desk.at.ui.wait_gone("sample.approve_rest");
  desk.picture("done");
  desk.at.ui.click("sample.back");
  desk.at.ui.wait_for("worklist.refresh");
  desk.at.ui.wait_idle();
  CHECK(agreed >= 4);
  CHECK(desk.at.listed_cases().empty());
}

}  // namespace
