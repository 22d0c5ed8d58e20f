// Dermoscopy features in a read, and what is recorded with it, as the reader and the server see them.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "hada/v1/read.pb.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

using namespace hada;
using namespace hada::support;

TEST_CASE("a reader records dermoscopy features, changes one, and sees what is recorded with the read") {
  const Clinic clinic;
  for (const std::string language : {"en", "ja"}) {
    CAPTURE(language);
    const std::string reader = language == "en" ? "derm-b" : "derm-c";
    Workstation desk(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", language});
    const auto picture = [&](const std::string& name) {
      desk.ui.wait_idle();
      desk.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "findings" /
                         (name + "_" + language + ".png"));
    };
    desk.log_in(reader, kPassword);
    const std::string id = case_with_dermoscopy(clinic, reader);
    desk.open_case(id);
    desk.ui.wait_enabled("read.diagnosis.search");
    desk.add_diagnosis("melanoma");
    desk.ui.click("read.finding.4.1");  // network: absent, then present
    desk.ui.click("read.finding.4.0");
    desk.ui.click("read.finding.6.2");  // vessels: not assessable
    desk.ui.click("read.finding.1.0");  // dots, taken back
    desk.ui.click("read.finding.1.0");
    picture("editing");
    desk.submit_read();
    picture("submitted");

    ApiClient client(clinic.server.address());
    client.as(reader);
    v1::ListReadsRequest list;
    list.set_parent("cases/" + id);
    const auto reads = client.call<v1::ListReadsResponse>("ReadService/ListReads", list);
    REQUIRE(reason(reads) == "");
    int own = 0;
    for (const v1::Read& read : reads->reads()) {
      if (read.reader() != "users/" + reader) continue;
      ++own;
      const v1::ReadRevision& revision = read.revisions(0);
      REQUIRE(revision.content().dermoscopy_size() == 2);
      CHECK(revision.content().dermoscopy(0).feature() == v1::DERMOSCOPY_FEATURE_NETWORK);
      CHECK(revision.content().dermoscopy(0).finding() == v1::FINDING_PRESENT);
      CHECK(revision.content().dermoscopy(1).finding() == v1::FINDING_NOT_ASSESSABLE);
      CHECK(revision.telemetry().active_seconds() > 0);
      CHECK(revision.telemetry().seen_size() > 0);
    }
    CHECK(own == 1);
  }
}
