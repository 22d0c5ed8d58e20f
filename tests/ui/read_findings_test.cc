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

namespace {

// The caller's own read of the case, newest revision.
v1::ReadContent content_of(const Clinic& clinic, const std::string& reader, const std::string& id) {
  ApiClient client(clinic.server.address());
  client.as(reader);
  v1::ListReadsRequest list;
  list.set_parent("cases/" + id);
  const auto reads = client.call<v1::ListReadsResponse>("ReadService/ListReads", list);
  REQUIRE(reason(reads) == "");
  for (const v1::Read& read : reads->reads())
    if (read.reader() == "users/" + reader) return read.revisions(read.revisions_size() - 1).content();
  FAIL("no read of this reader");
  return {};
}

}  // namespace

TEST_CASE("a read with findings and flags is done from start to submit without the mouse") {
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
    desk.ui.key("d");
    desk.ui.type("melanoma");
    desk.ui.wait_for("read.diagnosis.candidate.0");
    desk.ui.key("Return");
    desk.ui.wait_for("read.drag.1");
    desk.ui.key("shift+d");
    desk.ui.wait_for("read.cursor");
    desk.ui.key("1");  // network: present
    desk.ui.key("Down");
    desk.ui.key("2");  // dots: absent, then taken back
    desk.ui.key("2");
    desk.ui.key("Down");
    desk.ui.key("3");  // globules: not assessable
    picture("keys-features");
    for (int i = 0; i < 4; ++i) desk.ui.key("Down");
    desk.ui.key("space");  // blur
    desk.ui.key("Down");
    desk.ui.key("Return");  // exposure
    picture("keys-flags");
    desk.ui.key("Escape");
    desk.ui.wait_gone("read.cursor");
    desk.ui.key("ctrl+Return");
    desk.ui.wait_for("read.amend");
    const v1::ReadContent content = content_of(clinic, reader, id);
    REQUIRE(content.dermoscopy_size() == 2);
    CHECK(content.dermoscopy(0).feature() == v1::DERMOSCOPY_FEATURE_GLOBULES);
    CHECK(content.dermoscopy(0).finding() == v1::FINDING_NOT_ASSESSABLE);
    CHECK(content.dermoscopy(1).feature() == v1::DERMOSCOPY_FEATURE_NETWORK);
    REQUIRE(content.image_flags_size() == 1);
    CHECK(content.image_flags(0).flags_size() == 2);

    // Undo after the submit: open again, changed, sent with a reason; then back to what it was.
    desk.ui.key("ctrl+z");
    desk.ui.wait_for("read.amend.submit");
    desk.ui.key("5");
    desk.ui.wait_idle();
    desk.ui.key("ctrl+Return");  // asks for the reason
    desk.ui.wait_idle();
    desk.ui.type("surer");
    picture("undo-reopened");
    desk.ui.key("ctrl+Return");
    desk.ui.wait_for("read.amend");
    CHECK(content_of(clinic, reader, id).differential(0).confidence() == 5);
    desk.ui.key("ctrl+z");
    desk.ui.wait_for("read.amend.submit");
    picture("undo-restores");
    desk.ui.key("ctrl+Return");
    desk.ui.wait_for("read.amend");
    CHECK(content_of(clinic, reader, id).differential(0).confidence() == 3);
    picture("undo-restored");
    desk.ui.key("ctrl+y");
    desk.ui.wait_for("read.amend.submit");
    desk.ui.key("ctrl+Return");
    desk.ui.wait_for("read.amend");
    CHECK(content_of(clinic, reader, id).differential(0).confidence() == 5);
  }
}

TEST_CASE("an ungradable read takes no mouse either") {
  const Clinic clinic;
  Workstation desk(clinic.xvfb, clinic.server.address(), {"--size", "1280x800", "--lang", "ja"});
  desk.log_in("derm-b", kPassword);
  const std::string id = case_with_dermoscopy(clinic, "derm-b");
  desk.open_case(id);
  desk.ui.wait_enabled("read.diagnosis.search");
  desk.ui.key("g");
  desk.ui.wait_for("read.cursor");
  desk.ui.key("4");
  desk.ui.wait_enabled("read.submit");
  desk.ui.wait_idle();
  desk.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "findings" /
                     "keys-ungradable_ja.png");
  desk.ui.key("ctrl+Return");
  desk.ui.wait_for("read.amend");
  CHECK(content_of(clinic, "derm-b", id).ungradable_reason() == v1::UNGRADABLE_REASON_IMAGE_QUALITY);
}

TEST_CASE("diagnoses are put in order and tied by dragging") {
  const Clinic clinic;
  for (const std::string language : {"en", "ja"}) {
    CAPTURE(language);
    const std::string reader = language == "en" ? "derm-b" : "derm-c";
    Workstation desk(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", language});
    desk.log_in(reader, kPassword);
    const std::string id = case_with_dermoscopy(clinic, reader);
    desk.open_case(id);
    desk.ui.wait_enabled("read.diagnosis.search");
    for (const char* term : {"psoriasis", "melanoma", "atopic dermatitis"}) desk.add_diagnosis(term);
    desk.ui.wait_idle();
    const auto drag = [&](const std::string& from, const std::string& to, double down) {
      const Widget a = desk.ui.wait_for(from), b = desk.ui.wait_for(to);
      desk.ui.drag(a.x + a.w / 2, a.y + a.h / 2, b.x + b.w / 2, b.y + down);
      desk.ui.wait_idle();
    };
    drag("read.drag.3", "read.drag.1", -8);  // atopic dermatitis above psoriasis
    drag("read.drag.3", "read.drag.2", desk.ui.wait_for("read.drag.2").h / 2 + 8);  // melanoma onto psoriasis
    desk.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "findings" /
                       ("dragged_" + language + ".png"));
    desk.submit_read();
    const v1::ReadContent content = content_of(clinic, reader, id);
    REQUIRE(content.differential_size() == 3);
    CHECK(content.differential(0).term() == "terms/atopic_dermatitis");
    CHECK(content.differential(1).term() == "terms/psoriasis");
    CHECK(content.differential(2).term() == "terms/melanoma");
    CHECK(content.differential(1).rank() == 2);
    CHECK(content.differential(2).rank() == 2);
  }
}
