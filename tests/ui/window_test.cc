// The window as a window manager treats it, while a case is open: resized, minimised, restored.

#include <doctest/doctest.h>

#include "tests/support/paths.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/workstation.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

void picture(Workstation& at, const std::string& name) {
  at.ui.wait_idle();
  at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "window" / (name + ".png"));
}

// The first of four panes lies in the window and has a size worth looking at.
void check_pane(Workstation& at, int width, int height) {
  const Widget pane = at.ui.wait_for("viewer.pane.0");
  CHECK(pane.x >= 0);
  CHECK(pane.y >= 0);
  CHECK(pane.x + pane.w <= width);
  CHECK(pane.y + pane.h <= height);
  CHECK(pane.w > 120);
  CHECK(pane.h > 120);
}

}  // namespace

TEST_CASE("a window that is resized, minimised and restored goes on showing the case") {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  std::string error;
  REQUIRE_MESSAGE(write_demo_set((dir / "images").string(), 1, &error, 8) > 0, error);
  const Finished in = ingest(server, dir / "images" / "manifest.csv", dir.path());
  REQUIRE_MESSAGE(in.status == 0, in.output);
  const Xvfb xvfb(1600, 900);
  Workstation at(xvfb, server.address(), {"--size", "1600x900"});
  at.log_in("derm-b", kPassword);
  at.open_row(0);
  check_pane(at, 1600, 900);
  picture(at, "01-open");

  at.ui.resize_window(1000, 640);
  REQUIRE(eventually([&] { return at.ui.wait_for("viewer.pane.0").w < 1000; }, 20s));
  picture(at, "02-smaller");
  check_pane(at, 1000, 640);
  const double low = at.ui.wait_for("viewer.pane.0").h;

  at.ui.resize_window(40, 30);  // nothing fits: it must only survive
  std::this_thread::sleep_for(500ms);
  at.ui.resize_window(1500, 850);
  REQUIRE(eventually([&] { return at.ui.wait_for("viewer.pane.0").h > low + 50; }, 20s));
  picture(at, "03-larger");
  check_pane(at, 1500, 850);

  at.ui.minimise_window();
  const int64_t frame = at.ui.snapshot().frame;
  std::this_thread::sleep_for(1500ms);
  CHECK(at.ui.snapshot().frame <= frame + 2);  // nobody sees it, nothing is drawn
  at.ui.restore_window();
  REQUIRE(eventually([&] { return at.ui.snapshot().frame > frame + 2; }, 20s));
  picture(at, "04-restored");
  check_pane(at, 1500, 850);
  CHECK(at.ui.running());
}
