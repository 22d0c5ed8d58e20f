// Hidden gold cases and what follows from them, as the reader and QA see it: their accuracy, the warning, the
// pause, and the way back.

#include <doctest/doctest.h>

#include <sstream>

#include "contract/policy.h"
#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/database.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;

constexpr int kGold = 20, kOthers = 24;

struct GoldClinic : Clinic {
  ApiClient qa{server.address()}, aoki{server.address()}, baba{server.address()}, endo{server.address()};
  std::filesystem::path db = server.data_dir() / "hada.db";

  GoldClinic() {
    qa.as("qa-d");
    aoki.as("derm-b");
    baba.as("derm-c");
    endo.as("derm-e");
    set_policy();
    add_cases();
    // Decided by two who agree.
    for (int i = 0; i < kGold; ++i) {
      const std::string name = case_of("gold-" + std::to_string(i));
      v1::GetCaseRequest get;
      get.set_name(name);
      const auto seen = qa.call<v1::Case>("CaseService/GetCase", get);
      REQUIRE(reason(seen) == "");
      v1::SetCaseTierRequest tier;
      tier.set_name(name);
      tier.set_tier(v1::CASE_TIER_GOLD);
      tier.set_etag(seen->etag());
      tier.set_request_id(ApiClient::request_id());
      REQUIRE(reason(qa.call<v1::Case>("CaseService/SetCaseTier", tier)) == "");
      read(baba, name, "psoriasis");
      read(endo, name, "psoriasis");
    }
  }

  // Every case that is given brings a hidden gold one, and two votes decide.
  void set_policy() {
    ApiClient admin(server.address());
    admin.as(kAdminUser);
    v1::GetPolicyRequest get;
    get.set_name("policies/current");
    const auto current = admin.call<v1::Policy>("AdminService/GetPolicy", get);
    REQUIRE(reason(current) == "");
    auto policy = contract::policy_from_json(current->json());
    REQUIRE(policy);
    policy->version = "gold";
    policy->votes_gold = 2;
    policy->gold_percent = 50;
    policy->repeat_percent = 0;
    v1::SetPolicyRequest set;
    set.set_json(contract::to_json(*policy));
    set.set_etag(current->etag());
    set.set_request_id(ApiClient::request_id());
    REQUIRE(reason(admin.call<v1::Policy>("AdminService/SetPolicy", set)) == "");
  }

  // Many cases of one picture.
  void add_cases() {
    std::istringstream demo(read_file(dir / "images" / "manifest.csv"));
    std::string line, picture;
    while (picture.empty() && std::getline(demo, line))
      if (line.find(",clinical_closeup,") != std::string::npos) picture = line.substr(0, line.find(','));
    REQUIRE_FALSE(picture.empty());
    std::string manifest = "file,patient_id,case_id,kind,licence\n";
    const auto add = [&](const std::string& id) {
      manifest += picture + ",P-" + id + "," + id + ",clinical_closeup,CC-0\n";
    };
    for (int i = 0; i < kGold; ++i) add("gold-" + std::to_string(i));
    for (int i = 0; i < kOthers; ++i) add("other-" + std::to_string(i));
    write_file(dir / "images" / "many.csv", manifest);
    const Finished in = ingest(server, dir / "images" / "many.csv", dir.path());
    REQUIRE_MESSAGE(in.status == 0, in.output);
  }

  // The n-th of the cases that were added; their keys are hashes, their order is the manifest's.
  std::string case_of(const std::string& id) {
    const bool gold = id.starts_with("gold-");
    const int place = std::stoi(id.substr(id.find('-') + 1)) + (gold ? 0 : kGold);
    v1::ListCasesRequest list;
    list.set_page_size(200);
    const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(reason(page) == "");
    return page->cases(page->cases_size() - kGold - kOthers + place).name();
  }

  void submit(ApiClient& who, const std::string& name, const std::string& term) {
    v1::SubmitReadRequest request;
    request.set_case_(name);
    request.set_request_id(ApiClient::request_id());
    request.mutable_telemetry()->set_active_seconds(30);
    request.mutable_content()->set_gradable(true);
    v1::Diagnosis* diagnosis = request.mutable_content()->add_differential();
    diagnosis->set_term("terms/" + term);
    diagnosis->set_rank(1);
    diagnosis->set_confidence(4);
    REQUIRE(reason(who.call<v1::Read>("ReadService/SubmitRead", request)) == "");
  }
  void read(ApiClient& who, const std::string& name, const std::string& term) {
    v1::ClaimCaseRequest claim;
    claim.set_case_(name);
    claim.set_request_id(ApiClient::request_id());
    REQUIRE(reason(who.call<v1::ReadLease>("ReadService/ClaimCase", claim)) == "");
    submit(who, name, term);
  }

  int64_t gold_read() {
    return number(db, "SELECT COUNT(*) FROM reads WHERE user_id = 'derm-b' AND purpose = 2");
  }
  // Dr. Aoki reads what the queue gives until so many hidden gold cases were among it, `right` of them right.
  void read_gold(int wanted, int right) {
    const int64_t before = gold_read();
    while (gold_read() < before + wanted) {
      v1::ClaimNextRequest claim;
      claim.set_request_id(ApiClient::request_id());
      const auto lease = aoki.call<v1::ReadLease>("ReadService/ClaimNext", claim);
      REQUIRE(reason(lease) == "");
      const std::string id = lease->case_().substr(6);
      const bool gold =
          number(db, "SELECT COUNT(*) FROM cases WHERE case_id = '" + id + "' AND plant_of <> ''") == 1;
      const bool says_right = !gold || gold_read() < before + right;
      submit(aoki, lease->case_(), says_right ? "psoriasis" : "atopic_dermatitis");
      if (!gold) read(baba, lease->case_(), "psoriasis");
    }
  }
  // What was read today was read yesterday, and nobody has been judged since.
  void next_day() {
    (void)number(
        db, "UPDATE reads SET created_us = created_us - 86400000000 WHERE user_id = 'derm-b' RETURNING 1");
    (void)number(db, "UPDATE reader_standings SET until_us = 0 RETURNING 1");
  }
};

TEST_CASE("a reader sees their accuracy on gold, is warned, paused, and let read again by QA") {
  GoldClinic clinic;
  const auto folder = std::filesystem::path(build_dir()) / "screenshots" / "gold";
  Workstation at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", "en"});
  const auto pictures = [&](const std::string& name) {
    for (const std::string language : {"ja", "en"}) {
      at.switch_language(language);
      at.ui.wait_idle();
      at.ui.screenshot(folder / (name + "_" + language + ".png"));
    }
  };
  at.log_in("derm-b", kPassword);
  at.ui.click("top.statistics");
  CHECK(at.ui.wait_for("statistics.standing").text.find("10") != std::string::npos);
  pictures("1-not-judged");
  at.ui.click("statistics.close");

  clinic.read_gold(10, 6);
  // Not today: a read would show itself as gold.
  at.ui.click("worklist.refresh");
  at.ui.wait_idle();
  CHECK_FALSE(at.ui.visible("worklist.standing"));
  clinic.next_day();
  at.ui.click("worklist.refresh");
  CHECK(at.ui.wait_for("worklist.standing").text.find("60% (6 of 10)") != std::string::npos);
  pictures("2-warned");
  at.ui.click("worklist.statistics");
  CHECK(at.ui.wait_for("statistics.gold.1").text.find("60%") != std::string::npos);
  pictures("3-warned-statistics");
  at.ui.click("statistics.close");

  // Whoever is warned reads on.
  at.ui.click("worklist.next");
  at.ui.wait_enabled("read.diagnosis.search");
  at.add_diagnosis("psoriasis");
  at.submit_read();
  at.back_to_list();

  clinic.read_gold(10, 1);
  clinic.next_day();
  at.ui.click("worklist.refresh");
  at.ui.wait_for("worklist.standing");
  pictures("4-paused");
  CHECK(at.ui.wait_for("worklist.standing").text.find("no further cases") != std::string::npos);
  at.ui.click("worklist.statistics");
  at.ui.wait_for("statistics.standing");
  CHECK_FALSE(at.ui.visible("statistics.resume"));
  pictures("5-paused-statistics");
  at.log_out();

  at.log_in("qa-d", kPassword);
  at.ui.key("s");
  at.ui.wait_for("statistics.reader.0");
  for (int i = 0; i < 3 && !at.ui.visible("statistics.resume"); ++i) {
    at.ui.click("statistics.reader." + std::to_string(i));
    at.ui.wait_idle();
  }
  at.ui.wait_for("statistics.resume");
  pictures("6-qa");
  at.ui.click("statistics.resume");
  at.ui.wait_gone("statistics.resume");
  pictures("7-qa-resumed");
  at.log_out();

  at.log_in("derm-b", kPassword);
  at.ui.wait_for("worklist.row.0");
  CHECK_FALSE(at.ui.visible("worklist.standing"));
  at.ui.click("worklist.next");
  at.ui.wait_enabled("read.diagnosis.search");
}

}  // namespace
