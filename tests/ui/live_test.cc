// Several people at once, or one at two workstations: what one does, the others see. Each has a screen of
// their own. Pictures in both languages.

#include <optional>

#include "hada/v1/admin.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/support/breakable_link.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

// A hospital with a second reviewer.
struct Hospital : Clinic {
  Hospital() {
    ApiClient admin(server.address());
    admin.as(kAdminUser);
    v1::CreateUserRequest request;
    request.set_user_id("qa-f");
    request.set_display_name("Dr. Fujita");
    request.set_home_site("sites/d");
    request.add_grants()->set_role(v1::ROLE_QA_REVIEWER);
    request.set_password(kPassword);
    request.set_request_id(ApiClient::request_id());
    REQUIRE(admin.call<v1::User>("AdminService/CreateUser", request));
    v1::ListCasesRequest list;
    list.add_states(v1::CASE_STATE_OPEN);
    list.set_page_size(100);
    ApiClient qa(server.address());
    qa.as("qa-d");
    const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(page);
    for (const v1::Case& listed : page->cases())
      if (get("qa-d", listed.name()).site_opinion().pathology_diagnosis().empty())
        cases.push_back(listed.name().substr(std::string("cases/").size()));
    REQUIRE(cases.size() >= 9);
  }

  v1::Case get(const std::string& user, const std::string& name) {
    ApiClient client(server.address());
    client.as(user);
    v1::GetCaseRequest request;
    request.set_name(name);
    const auto value = client.call<v1::Case>("CaseService/GetCase", request);
    REQUIRE(value);
    return *value;
  }
  std::string take_case() {
    REQUIRE_FALSE(cases.empty());
    const std::string id = cases.back();
    cases.pop_back();
    return id;
  }
  std::string disagreement() {
    const std::string id = take_case();
    vote(server, "derm-b", "cases/" + id, "psoriasis");
    vote(server, "derm-c", "cases/" + id, "atopic_dermatitis");
    vote(server, "derm-e", "cases/" + id, "tinea_corporis");
    return id;
  }
  std::string agreement() {
    const std::string id = take_case();
    vote(server, "derm-b", "cases/" + id, "psoriasis");
    vote(server, "derm-c", "cases/" + id, "psoriasis");
    return id;
  }
  v1::Read own_read(const std::string& user, const std::string& id) {
    ApiClient reader(server.address());
    reader.as(user);
    v1::ListReadsRequest list;
    list.set_parent("cases/" + id);
    const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
    REQUIRE(reads);
    for (const v1::Read& read : reads->reads())
      if (read.reader() == "users/" + user) return read;
    FAIL("no read of " << user);
    return {};
  }
  // The reader adds a note, and nothing else.
  void amend(const std::string& user, const std::string& id, const std::string& note) {
    const v1::Read read = own_read(user, id);
    ApiClient reader(server.address());
    reader.as(user);
    v1::AmendReadRequest request;
    request.set_name(read.name());
    *request.mutable_content() = read.revisions(read.revisions_size() - 1).content();
    request.mutable_content()->set_note(note);
    request.set_reason("Looked at the second image again.");
    request.set_etag(read.etag());
    request.set_request_id(ApiClient::request_id());
    REQUIRE(reader.call<v1::Read>("ReadService/AmendRead", request));
  }
  template <class Request>
  Request about(const std::string& id) {
    Request request;
    request.set_name("cases/" + id);
    request.set_etag(get("qa-f", request.name()).etag());
    request.set_request_id(ApiClient::request_id());
    return request;
  }
  // Dr. Fujita, from elsewhere.
  void decide(const std::string& id) {
    auto request = about<v1::AdjudicateCaseRequest>(id);
    request.set_term("terms/atopic_dermatitis");
    request.set_rationale("Flexural, weeping: eczema.");
    ApiClient fujita(server.address());
    fujita.as("qa-f");
    REQUIRE(fujita.call<v1::Case>("DecisionService/AdjudicateCase", request));
  }
  void return_to(const std::string& reader, const std::string& id) {
    auto request = about<v1::ReturnCaseRequest>(id);
    request.set_to(v1::RETURN_TO_READER);
    request.set_code(v1::REJECT_CODE_READ_INCOMPLETE);
    request.set_rationale("Please flag the blurred close-up.");
    request.add_readers("users/" + reader);
    ApiClient fujita(server.address());
    fujita.as("qa-f");
    REQUIRE(fujita.call<v1::Case>("DecisionService/ReturnCase", request));
  }

  std::vector<std::string> cases;
  Xvfb second_screen{1600, 900};
  BreakableLink link{server.port()};
};

Hospital& hospital() {
  static Hospital one;
  return one;
}

enum class Screen { First, Second };

struct Desk {
  std::string journey;
  Workstation at;
  int pictures = 0;

  Desk(std::string name, const std::string& user, Screen screen = Screen::First,
       const std::string& address = hospital().server.address())
      : journey(std::move(name)),
        at(screen == Screen::Second ? hospital().second_screen : hospital().xvfb, address,
           {"--size", "1600x900", "--lang", "en"}) {
    at.log_in(user, kPassword);
  }
  // Once nothing moves any more: forms grow for a frame or two.
  void press(const std::string& widget) {
    at.ui.wait_for(widget);
    at.ui.wait_idle();
    at.ui.click(widget);
  }
  void fill(const std::string& widget, const std::string& text) {
    at.ui.wait_for(widget);
    at.ui.wait_idle();
    at.ui.fill(widget, text);
    at.ui.wait_idle();
  }
  // The reason stands at the end of what may be a long form.
  void give_reason(const std::string& text) {
    at.ui.wait_idle();
    for (int turn = 0; turn < 20 && !at.ui.visible("read.amend.reason"); ++turn) {
      const Widget field = at.ui.wait_for("read.diagnosis.search");
      at.ui.move_to(field.x + field.w / 2, 600);
      at.ui.wheel(-2);
      at.ui.wait_idle();
    }
    fill("read.amend.reason", text);
  }
  // In English, then in Japanese.
  void picture(const std::string& name) {
    ++pictures;
    for (const char* language : {"en", "ja"}) {
      at.switch_language(language);
      at.ui.wait_idle();
      char number[16];
      std::snprintf(number, sizeof number, "%02d-", pictures);
      at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / journey /
                       (number + name + "-" + language + ".png"));
    }
    at.switch_language("en");
  }
};

TEST_CASE("what comes to a reviewer is seen without a hand on the mouse") {
  Desk desk("live-list", "qa-d");
  desk.at.show_tab(1);
  const std::string agreed = hospital().agreement();
  CHECK(eventually([&] { return desk.at.lists(agreed); }, 3s));
  CHECK_FALSE(desk.at.ui.visible("worklist.view.0.news"));

  const std::string split = hospital().disagreement();
  desk.at.ui.wait_for("worklist.view.0.news", 3s);
  CHECK(desk.at.ui.visible("toast.0"));
  desk.picture("arrived");
  desk.at.show_tab(0);
  CHECK_FALSE(desk.at.ui.visible("worklist.view.0.news"));
  CHECK(desk.at.lists(split));
}

TEST_CASE("a case that is returned comes to its reader's list, and to no other reader's") {
  const std::string id = hospital().agreement();
  Desk reader("live-returned", "derm-b"), other("live-returned-other", "derm-c", Screen::Second);
  CHECK_FALSE(reader.at.ui.visible("worklist.view.2.news"));
  hospital().return_to("derm-b", id);
  reader.at.ui.wait_for("worklist.view.2.news", 3s);
  CHECK(reader.at.ui.visible("toast.0"));
  reader.picture("arrived");
  CHECK_FALSE(other.at.ui.visible("worklist.view.2.news"));
  CHECK_FALSE(other.at.ui.visible("toast.0"));
  reader.at.show_tab(2);
  CHECK_FALSE(reader.at.ui.visible("worklist.view.2.news"));
  CHECK(reader.at.lists(id));
}

TEST_CASE("two reviewers have one case open: each sees the other, and what the other decides") {
  const std::string id = hospital().disagreement();
  Desk doi("live-two", "qa-d"), fujita("live-two-other", "qa-f", Screen::Second);
  doi.at.show_tab(0);
  doi.at.open_case(id);
  CHECK_FALSE(doi.at.ui.visible("case.presence"));
  fujita.at.show_tab(0);
  fujita.at.open_case(id);
  doi.at.ui.wait_for("case.presence", 3s);
  fujita.at.ui.wait_for("case.presence", 3s);
  doi.picture("presence");

  fujita.press("approve.from_reads.1");
  fujita.fill("approve.rationale", "Flexural, weeping: eczema.");
  doi.press("approve.from_reads.0");
  doi.fill("approve.rationale", "Silvery scale.");
  doi.at.ui.click("approve.adjudicate");
  // The other's screen follows by itself, and what was being written there is not lost.
  fujita.at.ui.wait_for("conflict.understood", 3s);
  fujita.picture("decided-meanwhile");
  doi.at.ui.wait_for("approve.approve");
  fujita.press("conflict.understood");
  fujita.at.ui.wait_gone("conflict.understood");
  fujita.at.ui.wait_enabled("approve.approve");

  fujita.at.back_to_list();
  doi.at.ui.wait_gone("case.presence", 3s);
}

TEST_CASE("two reviewers decide at the same moment: mine, theirs, keep which") {
  const std::string id = hospital().disagreement();
  Desk doi("live-decided-twice", "qa-d", Screen::First, hospital().link.address());
  doi.at.show_tab(0);
  doi.at.open_case(id);
  doi.press("approve.from_reads.0");
  doi.fill("approve.rationale", "Silvery scale.");
  hospital().link.hold(Direction::ToClient);
  hospital().decide(id);
  doi.at.ui.click("approve.adjudicate");
  hospital().link.release();
  doi.at.ui.wait_for("conflict.keep_theirs");
  doi.at.ui.wait_idle();
  // The case has been decided: mine cannot be sent as it stands.
  CHECK_FALSE(doi.at.ui.wait_for("conflict.keep_mine").enabled);
  CHECK_FALSE(doi.at.ui.wait_for("approve.approve").enabled);
  doi.picture("mine-and-theirs");
  doi.press("conflict.keep_theirs");
  doi.at.ui.wait_enabled("approve.approve");
  doi.picture("theirs-kept");
  CHECK(hospital().get("qa-d", "cases/" + id).decided_term() == "terms/atopic_dermatitis");
}

TEST_CASE("a read changes under a decision: it is looked at before the decision is sent") {
  const std::string id = hospital().disagreement();
  Desk doi("live-read-changed", "qa-d", Screen::First, hospital().link.address());
  doi.at.show_tab(0);
  doi.at.open_case(id);
  doi.press("approve.from_reads.0");
  doi.fill("approve.rationale", "Silvery scale.");
  hospital().amend("derm-b", id, "Nails are pitted.");
  doi.at.ui.wait_for("conflict.understood", 3s);
  doi.at.ui.wait_idle();
  CHECK_FALSE(doi.at.ui.wait_for("approve.adjudicate").enabled);
  doi.picture("changed");
  doi.press("conflict.understood");
  doi.at.ui.wait_enabled("approve.adjudicate");

  // Once more, while the decision is on its way.
  doi.at.ui.wait_idle();
  hospital().link.hold(Direction::ToClient);
  hospital().amend("derm-b", id, "Nails are pitted, elbows are clear.");
  doi.at.ui.click("approve.adjudicate");
  hospital().link.release();
  doi.at.ui.wait_for("conflict.keep_mine");
  doi.picture("refused");
  doi.press("conflict.keep_mine");
  doi.at.ui.wait_enabled("approve.approve");
  CHECK(hospital().get("qa-d", "cases/" + id).decided_term() == "terms/psoriasis");
}

// Begins to amend the reader's read at this desk.
void write_amendment(Desk& desk, const std::string& id, const std::string& diagnosis,
                     const std::string& reason) {
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.press("read.amend");
  desk.at.add_diagnosis(diagnosis);
  desk.give_reason(reason);
}

std::vector<std::string> terms_of(const v1::ReadRevision& revision) {
  std::vector<std::string> terms;
  for (const v1::Diagnosis& diagnosis : revision.content().differential()) terms.push_back(diagnosis.term());
  return terms;
}

TEST_CASE("an amendment is written at two workstations: either can be kept") {
  using Terms = std::vector<std::string>;
  const std::string keep_sent = hospital().take_case(), keep_typed = hospital().take_case();
  for (const std::string& id : {keep_sent, keep_typed})
    vote(hospital().server, "derm-b", "cases/" + id, "psoriasis");
  Desk clinic("live-amend-clinic", "derm-b"), home("live-amend", "derm-b", Screen::Second);
  const auto meet = [&](const std::string& id) {
    write_amendment(clinic, id, "lichen planus", "The mucosa is involved.");
    write_amendment(home, id, "vitiligo", "Seen under Wood's light.");
    clinic.press("read.amend.submit");
    clinic.at.ui.wait_for("read.amend");
    home.at.ui.wait_for("conflict.keep_mine", 3s);
    home.at.ui.wait_idle();
    CHECK_FALSE(home.at.ui.wait_for("read.amend.submit").enabled);
    // The panel was scrolled to its end, and shows the card whole all the same.
    CHECK_FALSE(home.at.ui.visible("read.amend.reason"));
  };
  meet(keep_sent);
  home.picture("conflict");
  home.press("conflict.keep_theirs");
  home.at.ui.wait_for("read.amend");
  home.picture("sent-kept");
  v1::Read read = hospital().own_read("derm-b", keep_sent);
  CHECK(read.revisions_size() == 2);
  clinic.at.back_to_list();
  home.at.back_to_list();

  meet(keep_typed);
  home.press("conflict.keep_mine");
  home.at.ui.wait_gone("conflict.keep_mine");
  home.picture("typed-kept");
  home.press("read.amend.submit");
  home.at.ui.wait_for("read.amend");
  home.picture("typed-sent");
  read = hospital().own_read("derm-b", keep_typed);
  REQUIRE(read.revisions_size() == 3);
  CHECK(terms_of(read.revisions(1)) == Terms{"terms/psoriasis", "terms/lichen_planus"});
  CHECK(terms_of(read.revisions(2)) == Terms{"terms/psoriasis", "terms/vitiligo"});
}

TEST_CASE("one read is written at two workstations: what was sent second amends what was sent first") {
  const std::string id = hospital().take_case();
  Desk clinic("live-read-clinic", "derm-c"), home("live-read", "derm-c", Screen::Second);
  for (Desk* desk : {&clinic, &home}) {
    desk->at.show_tab(0);
    desk->at.open_case(id);
    desk->at.ui.wait_enabled("read.diagnosis.search");
  }
  clinic.at.add_diagnosis("psoriasis");
  clinic.at.rate(0, 4);
  home.at.add_diagnosis("lichen planus");
  home.at.rate(0, 3);
  clinic.at.submit_read();
  clinic.at.ui.wait_for("read.amend");
  home.at.ui.wait_for("conflict.keep_mine", 3s);
  home.picture("conflict");
  home.press("conflict.keep_mine");
  home.at.ui.wait_gone("conflict.keep_mine");
  home.give_reason("Wickham's striae.");
  home.press("read.amend.submit");
  home.at.ui.wait_for("read.amend");
  home.picture("amended");
  const v1::Read read = hospital().own_read("derm-c", id);
  REQUIRE(read.revisions_size() == 2);
  CHECK(terms_of(read.revisions(1)) == std::vector<std::string>{"terms/lichen_planus"});
}

}  // namespace
