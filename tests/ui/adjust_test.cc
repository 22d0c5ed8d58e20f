// A reader adjusts a slide, submits, and finds it as it was left. Pictures under screenshots/adjust.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "hada/v1/read.pb.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Desk {
  Workstation at;
  int pictures = 0;

  Desk(const Xvfb& xvfb, const ServerProcess& server, const std::string& language)
      : at(xvfb, server.address(), {"--size", "1600x900", "--lang", language}) {}
  void picture(const std::string& name) {
    at.ui.wait_idle();
    static int number = 0;
    char prefix[16];
    std::snprintf(prefix, sizeof prefix, "%02d-", ++number);
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "adjust" /
                     (prefix + name + ".png"));
  }
  std::string number_of(const std::string& slider) { return at.ui.wait_for("adjust." + slider).text; }
  // A key is on its way for a moment.
  bool comes_to(const std::string& slider, const std::string& number) {
    for (int i = 0; i < 200 && number_of(slider) != number; ++i) std::this_thread::sleep_for(50ms);
    return number_of(slider) == number;
  }
  void drag_slider(const std::string& slider, double from, double to) {
    const Widget w = at.ui.wait_for("adjust." + slider);
    at.ui.drag(w.x + w.w * from, w.y + w.h / 2, w.x + w.w * to, w.y + w.h / 2);
    at.ui.wait_idle();
  }
};

TEST_CASE("a slide is adjusted, submitted with its read, and found as it was left") {
  const Clinic clinic;
  const ServerProcess& server = clinic.server;
  const Xvfb& xvfb = clinic.xvfb;
  ApiClient reader(server.address());
  reader.as("derm-b");
  const std::string id = case_with_slide(clinic, "derm-b");

  std::string contrast;
  {
    Desk desk(xvfb, server, "en");
    desk.at.log_in("derm-b", kPassword);
    desk.at.open_case(id);
    desk.at.ui.wait_for("read.diagnosis.search");
    show_alone(desk.at.ui, "Pathology slide");
    desk.picture("slide");
    desk.at.ui.key("c");
    desk.at.ui.wait_for("adjust.pick_white");
    desk.picture("panel");

    // The glass beside the tissue is white.
    desk.at.ui.click("adjust.pick_white");
    const Widget pane = desk.at.ui.wait_for("viewer.pane.0");
    desk.at.ui.click_at(pane.x + pane.w / 2, pane.y + pane.h * 0.06);
    desk.at.ui.wait_for("adjust.reset_white");
    desk.picture("white");

    // Two drags, two steps of undo.
    desk.drag_slider("contrast", 0.5, 0.7);
    const std::string first = desk.number_of("contrast");
    desk.drag_slider("contrast", 0.7, 0.8);
    contrast = desk.number_of("contrast");
    CHECK(first != contrast);
    desk.at.ui.key("ctrl+z");
    CHECK(desk.comes_to("contrast", first));
    desk.at.ui.key("ctrl+y");
    CHECK(desk.comes_to("contrast", contrast));

    desk.at.ui.click("adjust.stain.1");
    desk.at.ui.wait_for("adjust.stain_grey");
    desk.picture("haematoxylin");
    desk.at.ui.click("adjust.stain.2");
    desk.picture("eosin");
    desk.at.ui.click("adjust.stain.1");

    // All gone, and back by one undo.
    desk.at.ui.click("adjust.reset");
    desk.at.ui.wait_gone("adjust.reset_white");
    CHECK(desk.comes_to("contrast", "0"));
    desk.picture("reset");
    desk.at.ui.key("ctrl+z");
    desk.at.ui.wait_for("adjust.reset_white");

    desk.at.ui.key("c");
    desk.at.ui.wait_gone("adjust.reset");
    desk.at.add_diagnosis("psoriasis");
    desk.picture("ready");
    desk.at.submit_read();
    desk.picture("submitted");
    desk.at.ui.wait_gone("read.submit");
  }

  v1::ListReadsRequest list;
  list.set_parent("cases/" + id);
  const auto reads = reader.call<v1::ListReadsResponse>("ReadService/ListReads", list);
  REQUIRE(reads);
  REQUIRE(reads->reads_size() == 1);
  const v1::ReadContent& content = reads->reads(0).revisions(0).content();
  REQUIRE(content.adjustments_size() == 1);
  CHECK(content.adjustments(0).stain() == v1::STAIN_VIEW_HAEMATOXYLIN);
  CHECK(content.adjustments(0).contrast() > 0.3);
  CHECK(content.adjustments(0).red_gain() != 1);

  Desk again(xvfb, server, "ja");
  again.at.log_in("derm-b", kPassword);
  again.at.show_tab(1);
  again.at.open_case(id);
  show_alone(again.at.ui, "病理スライド");
  again.at.ui.key("c");
  again.at.ui.wait_for("adjust.reset_white");
  CHECK(again.comes_to("contrast", contrast));
  again.picture("reopened-ja");
}

}  // namespace
