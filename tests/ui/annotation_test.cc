// A reader draws on the images of a case with every tool, changes and takes back what was drawn, and finds it
// again; QA sees the layers of both readers. The real window against the real server; pictures under
// screenshots/annotations.

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
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
  Clinic& clinic;
  std::string user;
  Workstation at;

  Desk(Clinic& clinic, std::string who, const std::string& language)
      : clinic(clinic),
        user(std::move(who)),
        at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", language}) {
    at.log_in(user, kPassword);
  }
  void picture(const std::string& name) {
    at.ui.wait_idle();
    static int number = 0;
    char prefix[16];
    std::snprintf(prefix, sizeof prefix, "%02d-", ++number);
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "annotations" /
                     (prefix + name + ".png"));
  }
  // A place in the first pane, as parts of its size.
  std::pair<double, double> place(double x, double y) {
    const Widget w = at.ui.wait_for("viewer.pane.0");
    return {w.x + w.w * x, w.y + w.h * y};
  }
  void click(double x, double y) {
    const auto p = place(x, y);
    at.ui.click_at(p.first, p.second);
  }
  void drag(double x0, double y0, double x1, double y1) {
    const auto from = place(x0, y0), to = place(x1, y1);
    at.ui.drag(from.first, from.second, to.first, to.second);
  }
  // Round and round; a place and the half of its size.
  void drag_round(double x, double y, double half) {
    std::vector<std::pair<double, double>> way;
    for (int i = 0; i <= 24; ++i)
      way.push_back(place(x + half * std::cos(i * 0.26), y + 1.5 * half * std::sin(i * 0.26)));
    at.ui.drag(way);
  }
  // As the server has it.
  v1::ReadContent draft(const std::string& id) {
    ApiClient reader(clinic.server.address());
    reader.as(user);
    v1::GetDraftRequest get;
    get.set_case_("cases/" + id);
    const auto answer = reader.call<v1::GetDraftResponse>("ReadService/GetDraft", get);
    REQUIRE(answer);
    return answer->content();
  }
  // What was drawn arrives by itself.
  v1::ReadContent draft_when(const std::string& id,
                             const std::function<bool(const v1::ReadContent&)>& there) {
    v1::ReadContent content;
    for (int i = 0; i < 600; ++i) {
      content = draft(id);
      if (there(content)) return content;
      std::this_thread::sleep_for(50ms);
    }
    FAIL("the draft did not come to what was drawn; it has ", content.annotations_size(), " annotations");
    return content;
  }
  v1::ReadContent draft_with(const std::string& id, int annotations) {
    return draft_when(id, [&](const v1::ReadContent& c) { return c.annotations_size() == annotations; });
  }
};

int steps_of(const v1::ReadContent& content) {
  int count = 0;
  for (const v1::Annotation& a : content.annotations())
    for (const v1::AnnotationPath& path : a.paths()) count += path.steps_size();
  return count;
}

void draw_with_every_tool(Desk& desk, const std::string& id) {
  UiDriver& ui = desk.at.ui;
  ui.key("e");
  desk.drag(0.14, 0.20, 0.26, 0.45);
  desk.draft_with(id, 1);
  ui.key("s");
  desk.drag(0.24, 0.20, 0.36, 0.42);
  ui.key("i");
  desk.click(0.40, 0.25);
  ui.key("y");
  for (const auto& [x, y] : {std::pair{0.45, 0.20}, {0.56, 0.24}, {0.54, 0.42}, {0.44, 0.40}})
    desk.click(x, y);
  desk.picture("polygon-begun");
  ui.key("Return");
  desk.draft_with(id, 4);
  ui.key("w");
  desk.drag(0.14, 0.60, 0.24, 0.75);  // a mere line has no inside
  desk.drag_round(0.22, 0.65, 0.05);
  desk.draft_with(id, 5);
  ui.key("u");
  desk.drag(0.40, 0.60, 0.55, 0.62);
  desk.drag(0.47, 0.55, 0.47, 0.72);  // goes on with the same region
  desk.draft_with(id, 6);
  ui.key("k");
  desk.click(0.10, 0.85);
  desk.click(0.22, 0.85);
  ui.key("j");
  for (const auto& [x, y] : {std::pair{0.28, 0.90}, {0.34, 0.80}, {0.40, 0.90}}) desk.click(x, y);
  ui.key("a");
  for (const auto& [x, y] : {std::pair{0.60, 0.60}, {0.72, 0.62}, {0.66, 0.80}}) desk.click(x, y);
  ui.key("Return");
  const v1::ReadContent drawn = desk.draft_with(id, 9);
  REQUIRE(drawn.annotations_size() == 9);
  ui.key("v");
  CHECK(drawn.annotations(0).kind() == v1::ANNOTATION_KIND_ELLIPSE);
  CHECK(drawn.annotations(2).kind() == v1::ANNOTATION_KIND_POINT);
  CHECK(drawn.annotations(4).kind() == v1::ANNOTATION_KIND_FREEHAND);
  CHECK(drawn.annotations(5).kind() == v1::ANNOTATION_KIND_BRUSH);
  CHECK(drawn.annotations(8).kind() == v1::ANNOTATION_KIND_AREA);
}

TEST_CASE("a case is annotated with every tool, changed, taken back, submitted and found again") {
  Clinic clinic;
  const std::string id = case_with_slide(clinic, "derm-b");
  {
    Desk desk(clinic, "derm-b", "en");
    UiDriver& ui = desk.at.ui;
    desk.at.open_case(id);
    ui.wait_for("read.diagnosis.search");
    show_alone(desk.at.ui, "Pathology slide");
    desk.at.add_diagnosis("psoriasis");
    desk.click(0.02, 0.98);  // the keys are the viewer's
    draw_with_every_tool(desk, id);
    desk.picture("every-tool");

    // The read's diagnosis is one click away as the annotation's term.
    ui.key("q");
    ui.wait_for("annotation.close");
    desk.click(0.18, 0.32);
    ui.click("annotation.term.1");
    CHECK(desk.draft_when(id,
                          [](const v1::ReadContent& c) {
                            return c.annotations_size() > 0 && !c.annotations(0).term().empty();
                          })
              .annotations(0)
              .term() == "terms/psoriasis");
    ui.fill("annotation.note", "scale");
    desk.picture("term-and-note");

    // A corner is taken hold of, moved, and taken back.
    const v1::ReadContent before = desk.draft_when(id, [](const v1::ReadContent& c) {
      return c.annotations_size() > 0 && c.annotations(0).note() == "scale";
    });
    desk.drag(0.26, 0.45, 0.28, 0.52);
    desk.draft_when(id, [&](const v1::ReadContent& c) {
      return c.annotations(0).SerializeAsString() != before.annotations(0).SerializeAsString();
    });
    ui.key("ctrl+z");
    desk.draft_when(id, [&](const v1::ReadContent& c) {
      return c.annotations(0).SerializeAsString() == before.annotations(0).SerializeAsString();
    });

    // Two regions become one, one becomes two.
    ui.hold("shift", true);
    desk.click(0.33, 0.31);
    ui.hold("shift", false);
    ui.click("annotation.merge");
    desk.draft_with(id, 8);
    ui.click("annotation.split");
    desk.click(0.20, 0.10);
    desk.click(0.20, 0.55);
    ui.key("Return");
    desk.draft_with(id, 9);
    desk.picture("merged-and-split");
    const int steps = steps_of(desk.draft(id));
    ui.click("annotation.simplify");
    desk.draft_when(id, [&](const v1::ReadContent& c) { return steps_of(c) < steps; });
    ui.key("Delete");
    desk.draft_with(id, 7);

    // To the start and forward again.
    for (int i = 0; i < 40; ++i) ui.key("ctrl+z");
    CHECK(desk.draft_with(id, 0).differential_size() == 0);
    for (int i = 0; i < 40; ++i) ui.key("ctrl+y");
    desk.draft_with(id, 7);

    // Killed in the middle, nothing that was drawn is lost.
    ui.kill9();
  }
  {
    Desk desk(clinic, "derm-b", "ja");
    desk.at.open_case(id);
    desk.at.ui.wait_for("read.diagnosis.search");
    show_alone(desk.at.ui, "病理スライド");
    desk.at.ui.click("tool.panel");
    desk.at.ui.wait_for("annotation.row.6");
    desk.picture("found-again");
    desk.click(0.50, 0.30);
    desk.at.ui.click("annotation.term.1");
    desk.at.ui.click("annotation.layer.0");  // one term's layer hidden
    desk.picture("layer-hidden");
    desk.at.ui.click("annotation.layer.0");
    desk.at.submit_read();
    desk.at.ui.wait_for("read.amend");
    CHECK_FALSE(desk.at.ui.wait_for("tool.brush").enabled);
    CHECK(desk.at.ui.wait_for("tool.length").enabled);
    desk.picture("submitted");
  }
  {
    // A second reader sees nothing of it.
    Desk desk(clinic, "derm-c", "en");
    desk.at.open_case(id);
    desk.at.ui.wait_for("read.diagnosis.search");
    show_alone(desk.at.ui, "Pathology slide");
    desk.at.ui.click("tool.panel");
    desk.at.ui.wait_for("annotation.close");
    CHECK_FALSE(desk.at.ui.visible("annotation.row.0"));
    desk.at.add_diagnosis("psoriasis");
    desk.click(0.02, 0.98);
    desk.at.ui.key("e");
    desk.drag(0.12, 0.24, 0.30, 0.50);
    desk.draft_with(id, 1);
    desk.at.submit_read();
    desk.at.ui.wait_for("read.amend");
  }
  {
    Desk desk(clinic, "qa-d", "en");
    desk.at.show_tab(4);
    desk.at.open_case(id);
    show_alone(desk.at.ui, "Pathology slide");
    desk.at.ui.click("tool.panel");
    desk.at.ui.wait_for("annotation.reader.1");
    desk.picture("both-readers");
    desk.at.ui.click("annotation.reader.0");
    desk.picture("one-reader");
    // QA may measure, and changes nothing by it.
    desk.at.ui.click("tool.length");
    desk.click(0.3, 0.6);
    desk.click(0.5, 0.6);
    desk.picture("qa-measures");
    CHECK(desk.at.ui.wait_for("annotation.row.1").text == "Length");
    CHECK_FALSE(desk.at.ui.wait_for("tool.polygon").enabled);
  }
}

}  // namespace
