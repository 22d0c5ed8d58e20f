// The page of statistics in the real window: what QA sees of the readers, what a reader sees of themselves.

#include <doctest/doctest.h>

#include "hada/v1/case.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/database.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;

// Three readers in turn; the second of every pair disagrees in one case of three.
int vote_on_all(const Clinic& clinic) {
  ApiClient qa(clinic.server.address());
  qa.as("qa-d");
  v1::ListCasesRequest list;
  list.add_states(v1::CASE_STATE_OPEN);
  list.set_page_size(100);
  const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  const std::string readers[] = {"derm-b", "derm-c", "derm-e"};
  const std::string terms[] = {"psoriasis", "atopic_dermatitis", "melanoma", "basal_cell_carcinoma"};
  const std::string others[] = {"atopic_dermatitis", "contact_dermatitis", "melanocytic_nevus", "melanoma"};
  int number = 0;
  for (const v1::Case& c : page->cases()) {
    const auto n = static_cast<size_t>(number++);
    const double seconds = 20 + 7 * (c.name().back() % 8);
    vote(clinic.server, readers[n % 3], c.name(), terms[n % 4], seconds);
    vote(clinic.server, readers[(n + 1) % 3], c.name(), n % 3 == 0 ? others[n % 4] : terms[n % 4], seconds);
  }
  return number;
}

TEST_CASE("QA sees how the readers agree and opens one's record; a reader sees their own") {
  Clinic clinic;
  const int cases = vote_on_all(clinic);
  REQUIRE(cases >= 6);
  const auto folder = std::filesystem::path(build_dir()) / "screenshots" / "statistics";
  {
    Workstation at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", "en"});
    at.log_in("qa-d", kPassword);
    at.ui.key("s");
    const Widget agreed = at.ui.wait_for("statistics.agreed");
    CHECK(agreed.text.find("of " + std::to_string(cases)) != std::string::npos);
    CHECK(at.ui.wait_for("statistics.alpha").text.find("0.") == 0);
    at.ui.wait_for("statistics.reader.2");
    CHECK_FALSE(at.ui.visible("statistics.outcomes.1"));
    at.ui.click("statistics.reader.0");
    CHECK(at.ui.wait_for("statistics.outcomes.1").text.find("%") != std::string::npos);
    at.ui.wait_idle();
    at.ui.screenshot(folder / "01-qa.png");
    at.ui.click("statistics.level.2");
    at.switch_language("ja");
    at.ui.wait_gone("statistics.tree_alpha");
    at.ui.wait_idle();
    at.ui.screenshot(folder / "02-qa-risk-ja.png");
    at.ui.key("Escape");
    at.ui.wait_for("worklist.refresh");
    CHECK_FALSE(at.ui.visible("statistics.close"));
  }
  Workstation at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", "ja"});
  at.log_in("derm-b", kPassword);
  at.ui.click("top.statistics");
  at.ui.wait_for("statistics.gold.none");
  at.ui.wait_for("statistics.outcomes.none");  // no outcome has been shown
  CHECK_FALSE(at.ui.visible("statistics.agreed"));
  at.ui.wait_idle();
  at.ui.screenshot(folder / "03-own-ja.png");
  at.switch_language("en");
  at.ui.wait_idle();
  at.ui.screenshot(folder / "04-own.png");
  at.ui.click("statistics.close");
  at.ui.wait_for("worklist.refresh");
}

TEST_CASE("QA begins with what the votes leave most in doubt") {
  Clinic clinic;
  vote_on_all(clinic);
  const auto db = clinic.server.data_dir() / "hada.db";
  // As if a model had found each case more doubtful than the one before it.
  (void)number(db,
               "UPDATE cases SET certainty = 900 - (SELECT COUNT(*) FROM cases b WHERE b.seq < cases.seq) "
               "RETURNING 1");
  Workstation at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", "en"});
  const auto folder = std::filesystem::path(build_dir()) / "screenshots" / "statistics";
  at.log_in("qa-d", kPassword);
  at.show_tab(1);
  at.ui.wait_for("worklist.row.1");
  at.ui.wait_idle();
  const size_t count = at.listed_cases().size();
  // From the top.
  const auto rows = [&] {
    std::vector<std::string> ids;
    for (size_t i = 0; i < count; ++i)
      ids.push_back(at.ui.wait_for("worklist.row." + std::to_string(i)).text);
    return ids;
  };
  const std::vector<std::string> by_age = rows();
  at.ui.click("worklist.order");
  at.ui.wait_for("worklist.order.2");
  at.ui.wait_idle();
  at.ui.screenshot(folder / "05-order.png");
  at.ui.click("worklist.order.2");
  REQUIRE(eventually([&] { return rows() != by_age; }));
  at.ui.wait_idle();
  CHECK(rows() == std::vector<std::string>(by_age.rbegin(), by_age.rend()));
  at.switch_language("ja");
  at.ui.wait_idle();
  at.ui.screenshot(folder / "06-order-ja.png");
  at.show_tab(0);
  CHECK(at.ui.visible("worklist.order"));
  at.show_tab(3);
  at.ui.wait_gone("worklist.order");
}

}  // namespace
