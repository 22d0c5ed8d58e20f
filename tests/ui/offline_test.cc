// The network goes away for a while: the reader goes on with what is held ahead, the program dies, and
// nothing is lost or doubled.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hada/v1/case.pb.h"
#include "hada/v1/read.pb.h"
#include "tests/integration/uploader.h"
#include "tests/support/breakable_link.h"
#include "tests/support/paths.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/workstation.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

// What is typed, and the term it becomes; one for each case, so that their order can be told.
const std::vector<std::pair<std::string, std::string>> kDiagnoses = {
    {"psoriasis", "terms/psoriasis"},
    {"atopic dermatitis", "terms/atopic_dermatitis"},
    {"melanoma", "terms/melanoma"},
    {"basal cell carcinoma", "terms/basal_cell_carcinoma"},
    {"lichen planus", "terms/lichen_planus"},
    {"alopecia areata", "terms/alopecia_areata"},
    {"vitiligo", "terms/vitiligo"},
    {"acne vulgaris", "terms/acne_vulgaris"},
    {"rosacea", "terms/rosacea"},
    {"scabies", "terms/scabies"},
};

struct Hospital {
  explicit Hospital(int cases) : link(server.port()) {
    make_people(server);
    ApiClient coordinator(server.address());
    coordinator.as("coordinator-a");
    for (int i = 0; i < cases; ++i) {
      CloseupSpec spec;
      spec.width = 900;
      spec.height = 700;
      spec.seed = static_cast<uint64_t>(i + 1);
      REQUIRE(write_png(dir / "case.png", draw_closeup(spec)));
      bring_in(coordinator, "case " + std::to_string(i), read_file(dir / "case.png"),
               v1::IMAGE_KIND_CLINICAL_CLOSEUP);
    }
    reader.as("derm-b");
  }

  // Everything derm-b has sent, oldest first.
  std::vector<v1::Read> reads() {
    std::vector<v1::Read> all;
    v1::ListCasesRequest list;
    list.set_view(v1::WORKLIST_VIEW_MY_READS);
    list.set_page_size(100);
    const auto cases = reader.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(reason(cases) == "");
    for (const v1::Case& value : cases->cases()) {
      v1::ListReadsRequest request;
      request.set_parent(value.name());
      const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", request);
      REQUIRE(reason(reads) == "");
      for (const v1::Read& read : reads->reads())
        if (read.reader() == "users/derm-b") all.push_back(read);
    }
    const auto sent = [](const v1::Read& read) {
      const auto& t = read.revisions(0).create_time();
      return std::pair(t.seconds(), t.nanos());
    };
    std::sort(all.begin(), all.end(),
              [&](const v1::Read& a, const v1::Read& b) { return sent(a) < sent(b); });
    return all;
  }

  ServerProcess server;
  TempDir dir;
  Xvfb xvfb{1600, 900};
  BreakableLink link;
  ApiClient reader{server.address()};
};

struct Desk : Workstation {
  Desk(const Hospital& at, const std::string& language)
      : Workstation(
            at.xvfb, at.link.address(),
            {"--size", "1600x900", "--lang", language, "--settings", (at.dir / "settings.json").string()}),
        language_(language) {}
  void picture(const std::string& name) const {
    ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "offline" /
                  (name + "_" + language_ + ".png"));
  }
  bool says(const std::string& widget, const std::string& text) const {
    const WidgetSnapshot now = ui.snapshot();
    const Widget* found = now.find(widget);
    return found && found->text.find(text) != std::string::npos;
  }

 private:
  std::string language_;
};

}  // namespace

TEST_CASE("ten cases are read without a network, the program dies, and all ten arrive once and in order") {
  Hospital hospital(12);
  {
    Desk desk(hospital, "ja");
    desk.log_in("derm-b", kPassword);
    desk.ui.click("worklist.next");
    desk.ui.wait_enabled("read.diagnosis.search");
    desk.add_diagnosis("asteatotic eczema");
    desk.submit_read();
    desk.back_to_list();
    REQUIRE(eventually([&] { return desk.says("worklist.held", "10"); }, 60s));
    desk.ui.wait_idle();
    desk.picture("held");

    hospital.link.cut();
    desk.ui.wait_for("banner.lost");
    desk.picture("lost");
    desk.ui.click("worklist.next");
    for (size_t i = 0; i < kDiagnoses.size(); ++i) {
      CAPTURE(i);
      desk.ui.wait_enabled("read.diagnosis.search");
      desk.add_diagnosis(kDiagnoses[i].first);
      if (i == 1) desk.picture("reading");
      desk.ui.click("read.submit");
      if (i == 1) {
        desk.ui.wait_enabled("read.next");
        desk.picture("waiting");
      }
      if (i + 1 < kDiagnoses.size()) desk.ui.click("read.next");
    }
    desk.ui.wait_gone("read.submit");
    desk.ui.wait_for("read.next");
    desk.picture("all_read");
    CHECK(hospital.reads().size() == 1);
    desk.ui.kill9();
  }
  Desk desk(hospital, "en");
  REQUIRE(eventually([&] { return desk.says("top.link", "Not connected"); }, 20s));
  desk.picture("after_the_crash");
  hospital.link.restore();
  REQUIRE(eventually([&] { return desk.says("top.link", "Connected"); }, 20s));
  desk.log_in("derm-b", kPassword);
  REQUIRE(eventually([&] { return hospital.reads().size() == 11; }, 60s));
  desk.ui.wait_idle();
  desk.picture("all_sent");
  const std::vector<v1::Read> reads = hospital.reads();
  std::set<std::string> cases;
  for (size_t i = 0; i < kDiagnoses.size(); ++i) {
    CAPTURE(i);
    const v1::Read& read = reads[i + 1];
    CHECK(cases.insert(read.name().substr(0, read.name().find("/reads"))).second);
    REQUIRE(read.revisions_size() == 1);
    REQUIRE(read.revisions(0).content().differential_size() == 1);
    CHECK(read.revisions(0).content().differential(0).term() == kDiagnoses[i].second);
    CHECK_FALSE(read.late());
  }
}

TEST_CASE("what the server does not accept is shown to its reader, who takes it up again or discards it") {
  Hospital hospital(2);
  for (const std::string language : {"en", "ja"}) {
    CAPTURE(language);
    Desk desk(hospital, language);
    desk.log_in("derm-b", kPassword);
    desk.open_row(0);
    desk.ui.wait_enabled("read.diagnosis.search");
    desk.add_diagnosis("psoriasis");
    v1::ListCasesRequest list;
    list.set_view(v1::WORKLIST_VIEW_TO_READ);
    const auto cases = hospital.reader.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    REQUIRE(cases);
    std::string name;
    for (const v1::Case& value : cases->cases())
      if (value.leased_by_caller()) name = value.name();
    REQUIRE_FALSE(name.empty());

    // Submitted here without a network, and on another computer meanwhile.
    hospital.link.cut();
    desk.ui.wait_for("banner.lost");
    desk.ui.click("read.submit");
    desk.ui.wait_gone("read.submit");
    desk.ui.click("case.back");
    v1::SubmitReadRequest elsewhere;
    elsewhere.set_case_(name);
    elsewhere.mutable_content()->set_gradable(true);
    auto* diagnosis = elsewhere.mutable_content()->add_differential();
    diagnosis->set_term("terms/melanoma");
    diagnosis->set_rank(1);
    diagnosis->set_confidence(3);
    elsewhere.set_request_id(ApiClient::request_id());
    REQUIRE(reason(hospital.reader.call<v1::Read>("ReadService/SubmitRead", elsewhere)) == "");
    hospital.link.restore();

    desk.ui.click("top.unsettled");
    const std::string open = [&] {
      std::string found;
      REQUIRE(
          eventually([&] { return !(found = desk.ui.first_with_prefix("unsettled.open.")).empty(); }, 10s));
      return found;
    }();
    desk.ui.wait_idle();
    desk.picture("unsettled");
    if (language == "en") {
      desk.ui.click(open);
      desk.ui.wait_for("read.amend.submit");
      desk.ui.wait_idle();
      // It meets the read that was taken.
      desk.picture("taken_up");
      desk.ui.click("conflict.keep_mine");
      desk.ui.wait_gone("conflict.keep_mine");
      desk.ui.fill("read.amend.reason", "read twice by mistake");
      desk.ui.click("read.amend.submit");
      desk.ui.wait_gone("top.unsettled");
      const auto reads = hospital.reads();
      REQUIRE(reads.size() == 1);
      REQUIRE(reads[0].revisions_size() == 2);
      CHECK(reads[0].revisions(1).content().differential(0).term() == "terms/psoriasis");
    } else {
      const std::string discard = desk.ui.first_with_prefix("unsettled.discard.");
      desk.ui.click(discard);
      desk.ui.wait_idle();
      desk.picture("discard");
      desk.ui.click(discard);
      desk.ui.wait_gone("top.unsettled");
      CHECK(hospital.reads().back().revisions_size() == 1);
    }
  }
}
