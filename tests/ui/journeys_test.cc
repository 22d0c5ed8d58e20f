// Journeys of real people through the real window against the real server. Each leaves pictures under
// build/.../screenshots/<journey>/ that a person can look at.

#include <doctest/doctest.h>

#include <memory>

#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/support/paths.h"
#include "tests/ui/review_desk.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

// One server for all journeys of this program.
Clinic& hospital() {
  static Clinic one;
  return one;
}

struct Desk {
  std::string journey;
  Workstation at;
  int pictures = 0;

  explicit Desk(std::string name, const std::string& language = "en")
      : journey(std::move(name)),
        at(hospital().xvfb, hospital().server.address(), {"--size", "1600x900", "--lang", language}) {}

  // `idle`: not during an outage, when work keeps waiting.
  void picture(const std::string& name, bool idle = true) {
    if (idle)
      at.ui.wait_idle();
    else
      std::this_thread::sleep_for(700ms);
    char number[16];
    std::snprintf(number, sizeof number, "%02d-", ++pictures);
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / journey /
                     (number + name + ".png"));
  }
};

// Cases that nobody has read, oldest first; each journey takes its own from the end.
std::string take_open_case() {
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
      v1::GetCaseRequest get;
      get.set_name(listed.name());
      const auto value = qa.call<v1::Case>("CaseService/GetCase", get);
      REQUIRE(value);
      if (value->site_opinion().pathology_diagnosis().empty())
        ids.push_back(listed.name().substr(std::string("cases/").size()));
    }
    return ids;
  }();
  REQUIRE_FALSE(open.empty());
  const std::string id = open.back();
  open.pop_back();
  return id;
}

v1::CaseState state_of(const std::string& id) {
  ApiClient qa(hospital().server.address());
  qa.as("qa-d");
  v1::GetCaseRequest get;
  get.set_name("cases/" + id);
  const auto value = qa.call<v1::Case>("CaseService/GetCase", get);
  return value ? value->state() : v1::CASE_STATE_UNSPECIFIED;
}

// Where the case stands in the reader's list of cases to read.
int row_of(const std::string& user, const std::string& id) {
  ApiClient reader(hospital().server.address());
  reader.as(user);
  v1::ListCasesRequest list;
  list.set_view(v1::WORKLIST_VIEW_TO_READ);
  list.set_page_size(100);
  const auto page = reader.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  for (int row = 0; row < page->cases_size(); ++row)
    if (page->cases(row).name() == "cases/" + id) return row;
  FAIL("case " << id << " is not in the list of " << user);
  return 0;
}

TEST_CASE("a wrong password is refused in words and the right one opens the worklist") {
  Desk desk("login");
  desk.at.ui.fill("login.user", "derm-b");
  desk.at.ui.fill("login.password", "wrong");
  desk.at.ui.click("login.submit");
  std::this_thread::sleep_for(1s);
  desk.picture("refused");
  CHECK(desk.at.ui.visible("login.submit"));
  desk.at.log_in("derm-b", kPassword);
  desk.picture("worklist");
  CHECK(desk.at.listed_cases().size() >= 5);
  desk.at.log_out();
  CHECK(desk.at.ui.visible("login.submit"));
}

TEST_CASE("signing in takes no mouse and no pause") {
  Desk desk("login-keyboard");
  desk.at.ui.wait_for("login.submit");
  desk.at.ui.type_at_once(std::string("derm-b\t") + kPassword + "\n");
  desk.at.ui.wait_for("worklist.refresh");
}

TEST_CASE("the worklist filters by kind") {
  Desk desk("filter");
  desk.at.log_in("derm-b", kPassword);
  const size_t all = desk.at.listed_cases().size();
  desk.at.ui.click("worklist.filter.kind");
  desk.picture("menu");
  desk.at.ui.click("worklist.filter.kind." +
                   std::to_string(static_cast<int>(v1::IMAGE_KIND_HISTOPATHOLOGY_WSI)));
  // A click beside the menu closes it.
  const Widget refresh = desk.at.ui.wait_for("worklist.refresh");
  desk.at.ui.click_at(refresh.x - 200, refresh.y + refresh.h / 2);
  desk.at.ui.wait_for("worklist.filter.clear");
  desk.at.ui.wait_idle();
  desk.picture("slides-only");
  const size_t slides = desk.at.listed_cases().size();
  CHECK(slides > 0);
  CHECK(slides < all);
  desk.at.ui.click("worklist.filter.clear");
  CHECK(eventually([&] { return desk.at.listed_cases().size() == all; }));
}

TEST_CASE("two readers agree by mouse and QA approves") {
  const std::string id = take_open_case();
  {
    ReviewDesk desk(hospital(), "agree-reader", "derm-b");
    desk.at.open_case(id);
    desk.picture("case");
    CHECK_FALSE(desk.at.ui.snapshot().find("read.submit")->enabled);
    desk.at.add_diagnosis("psoriasis");
    desk.at.rate(0, 4);
    desk.picture("filled");
    desk.at.submit_read();
    desk.picture("submitted");
  }
  vote(hospital().server, "derm-c", "cases/" + id, "psoriasis");
  CHECK(state_of(id) == v1::CASE_STATE_AGREED);
  ReviewDesk desk(hospital(), "agree-qa", "qa-d");
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.picture("approval");
  desk.at.ui.click("approve.approve");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("approved");
  CHECK(state_of(id) == v1::CASE_STATE_APPROVED);
}

TEST_CASE("a whole read is done by keyboard, with undo") {
  const std::string id = take_open_case();
  Desk desk("keyboard");
  desk.at.log_in("derm-b", kPassword);
  // Down to the case's row, then Enter.
  desk.at.ui.key("Home");
  for (int down = row_of("derm-b", id); down > 0; --down) desk.at.ui.key("Down");
  desk.at.ui.key("Return");
  desk.at.ui.wait_for("read.diagnosis.search");
  desk.at.ui.wait_idle();
  desk.at.ui.key("d");
  desk.at.ui.type("lichen planus");
  desk.at.ui.wait_for("read.diagnosis.candidate.0");
  desk.at.ui.key("Return");
  desk.at.ui.wait_for("read.confidence.1.5");
  // The new diagnosis is the selected one.
  desk.at.ui.key("5");
  // The confidence, then the diagnosis, and both again.
  desk.at.ui.key("ctrl+z");
  desk.at.ui.key("ctrl+z");
  desk.at.ui.wait_gone("read.confidence.1.5");
  desk.picture("undone");
  desk.at.ui.key("ctrl+y");
  desk.at.ui.wait_for("read.confidence.1.5");
  desk.at.ui.key("ctrl+y");
  desk.picture("redone");
  desk.at.ui.key("ctrl+Return");
  desk.at.ui.wait_gone("read.submit");
  desk.picture("submitted");

  ApiClient reader(hospital().server.address());
  reader.as("derm-b");
  v1::ListReadsRequest list;
  list.set_parent("cases/" + id);
  const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
  REQUIRE(reads);
  REQUIRE(reads->reads_size() == 1);
  const v1::Diagnosis& diagnosis = reads->reads(0).revisions(0).content().differential(0);
  CHECK(diagnosis.term() == "terms/lichen_planus");
  CHECK(diagnosis.confidence() == 5);
}

TEST_CASE("two readers disagree, QA adjudicates and approves") {
  const std::string id = take_open_case();
  vote(hospital().server, "derm-b", "cases/" + id, "psoriasis");
  vote(hospital().server, "derm-c", "cases/" + id, "atopic_dermatitis");
  CHECK(state_of(id) == v1::CASE_STATE_NEEDS_READ);
  vote(hospital().server, "derm-e", "cases/" + id, "tinea_corporis");
  CHECK(state_of(id) == v1::CASE_STATE_TO_PANEL);
  ReviewDesk desk(hospital(), "disagree", "qa-d");
  desk.at.show_tab(0);
  desk.at.open_case(id);
  desk.picture("reads");
  CHECK_FALSE(desk.at.ui.snapshot().find("approve.adjudicate")->enabled);
  desk.at.ui.click("approve.from_reads.0");
  desk.at.ui.fill("approve.rationale", "Silvery scale on the extensor side.");
  desk.picture("filled");
  desk.at.ui.click("approve.adjudicate");
  desk.at.ui.wait_for("approve.approve");
  CHECK(state_of(id) == v1::CASE_STATE_PANEL_DECIDED);
  desk.at.ui.click("approve.approve");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("approved");
  CHECK(state_of(id) == v1::CASE_STATE_APPROVED);
}

TEST_CASE("QA rejects with a code, and takes it back") {
  const std::string id = take_open_case();
  vote(hospital().server, "derm-b", "cases/" + id, "psoriasis");
  vote(hospital().server, "derm-c", "cases/" + id, "psoriasis");
  ReviewDesk desk(hospital(), "reject", "qa-d");
  desk.at.show_tab(1);
  desk.at.open_case(id);
  desk.at.ui.click("approve.reject");
  CHECK_FALSE(desk.at.ui.wait_for("approve.reject.confirm").enabled);
  desk.at.ui.click("approve.reject.code." + std::to_string(static_cast<int>(v1::REJECT_CODE_IMAGE_QUALITY)));
  desk.picture("coded");
  desk.at.ui.click("approve.reject.confirm");
  desk.at.ui.wait_for("approve.reopen");
  desk.picture("rejected");
  CHECK(state_of(id) == v1::CASE_STATE_REJECTED);
  desk.at.ui.click("approve.reopen");
  desk.picture("reopening");  // the form has its place
  desk.at.ui.fill("approve.rationale", "The other close-up is sharp.");
  desk.at.ui.click("approve.reopen.confirm");
  desk.at.ui.wait_for("approve.approve");
  desk.picture("reopened");
  CHECK(state_of(id) == v1::CASE_STATE_AGREED);
}

TEST_CASE("the language changes while running and nothing is lost") {
  const std::string id = take_open_case();
  Desk desk("language");
  desk.at.log_in("derm-e", kPassword);
  desk.at.open_case(id);
  desk.at.add_diagnosis("urticaria");
  desk.picture("english");
  const std::string english = desk.at.ui.wait_for("read.submit").text;
  desk.at.switch_language("ja");
  desk.picture("japanese");
  const std::string japanese = desk.at.ui.wait_for("read.submit").text;
  CHECK(english != japanese);
  CHECK(desk.at.ui.visible("read.confidence.1.3"));
}

TEST_CASE("with the server stopped the window lives, says so, and sends the read once when it returns") {
  const std::string id = take_open_case();
  Desk desk("outage");
  desk.at.log_in("derm-c", kPassword);
  desk.at.open_case(id);
  hospital().server.stop();
  struct Restart {
    ~Restart() {
      if (!hospital().server.running()) hospital().server.start();
    }
  } restart;  // the next journey needs it, whatever happens here
  desk.at.ui.wait_for("banner.lost");
  desk.picture("lost", false);
  // The window still answers: a diagnosis goes in, the language switches, the read is submitted.
  desk.at.add_diagnosis("vitiligo");
  desk.at.rate(0, 5);
  desk.at.ui.click("top.language.1");
  desk.at.ui.click("read.submit");
  desk.picture("waiting-ja", false);
  CHECK(desk.at.ui.visible("banner.lost"));
  hospital().server.start();
  desk.at.ui.wait_gone("banner.lost", 30s);
  desk.at.ui.wait_gone("read.submit", 30s);
  desk.picture("recovered-ja");

  ApiClient reader(hospital().server.address());
  reader.as("derm-c");
  v1::ListReadsRequest list;
  list.set_parent("cases/" + id);
  const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
  REQUIRE(reads);
  REQUIRE(reads->reads_size() == 1);
  CHECK(reads->reads(0).revisions_size() == 1);
  CHECK(reads->reads(0).revisions(0).content().differential(0).term() == "terms/vitiligo");
}

TEST_CASE("panning and zooming change what is shown, and the zoom keeps the point under the cursor") {
  const std::string id = take_open_case();
  Desk desk("viewer");
  desk.at.log_in("derm-b", kPassword);
  desk.at.open_case(id);
  const Widget pane = desk.at.ui.wait_for("viewer.pane.0");
  desk.at.ui.move_to(pane.x + pane.w / 2, pane.y + pane.h / 2);
  desk.picture("fit");
  desk.at.ui.wheel(4);
  desk.at.ui.wait_idle();
  desk.picture("zoomed");
  desk.at.ui.drag(pane.x + pane.w * 0.6, pane.y + pane.h * 0.5, pane.x + pane.w * 0.4, pane.y + pane.h * 0.5);
  desk.picture("panned");
  const auto folder = std::filesystem::path(support::build_dir()) / "screenshots" / "viewer";
  CHECK(read_file(folder / "01-fit.png") != read_file(folder / "02-zoomed.png"));
  CHECK(read_file(folder / "02-zoomed.png") != read_file(folder / "03-panned.png"));
  CHECK(desk.at.ui.visible("viewer.minimap.0"));
}

TEST_CASE("the scale bar is as long as it says") {
  ApiClient reader(hospital().server.address());
  reader.as("derm-b");
  v1::ListCasesRequest list;
  list.add_kinds(v1::IMAGE_KIND_HISTOPATHOLOGY_WSI);
  const auto page = reader.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  REQUIRE(page->cases_size() > 0);
  v1::GetCaseRequest get;
  get.set_name(page->cases(0).name());
  const auto value = reader.call<v1::Case>("CaseService/GetCase", get);
  REQUIRE(value);

  Desk desk("scale");
  desk.at.log_in("derm-b", kPassword);
  desk.at.open_case(value->name().substr(std::string("cases/").size()));
  desk.at.ui.wait_idle();
  int bars = 0;
  for (const Widget& pane : desk.at.ui.snapshot().widgets) {
    if (!pane.name.starts_with("viewer.pane.")) continue;
    for (const v1::Image& image : value->images()) {
      if (image.name() != "images/" + pane.text || image.mpp_x() <= 0) continue;
      // One pixel of the image on one of the screen.
      desk.at.ui.click_at(pane.x + pane.w / 2, pane.y + pane.h / 2);
      desk.at.ui.click("viewer.one_to_one");
      desk.at.ui.wait_idle();
      const Widget bar = desk.at.ui.wait_for("viewer.scale." + pane.name.substr(12));
      CAPTURE(bar.text);
      const double unit = bar.text.ends_with(" cm") ? 10'000 : bar.text.ends_with(" mm") ? 1000 : 1;
      CHECK(bar.w > 20);
      CHECK(bar.w * image.mpp_x() == doctest::Approx(std::stod(bar.text) * unit).epsilon(1 / bar.w));
      ++bars;
    }
  }
  desk.picture("one-to-one");
  CHECK(bars > 0);
}

}  // namespace
