// The graphics driver is reset while a reader is at work: the window, its tiles, annotations, texts and
// thumbnails come back, and the read goes on.

#include <doctest/doctest.h>
#include <png.h>

#include <cstdlib>

#include "tests/support/paths.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/workstation.h"
#include "tests/support/world.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Screen {
  unsigned width = 0, height = 0;
  std::vector<unsigned char> rgb;
};

Screen screen_of(Workstation& at, const std::string& name) {
  at.ui.wait_idle();
  const std::filesystem::path file =
      std::filesystem::path(support::build_dir()) / "screenshots" / "context" / (name + ".png");
  at.ui.screenshot(file);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&image, file.c_str()) != 0);
  image.format = PNG_FORMAT_RGB;
  Screen screen{image.width, image.height, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
  REQUIRE(png_image_finish_read(&image, nullptr, screen.rgb.data(), 0, nullptr) != 0);
  return screen;
}

// Of a thousand pixels, how many differ visibly. (The lease's remaining time goes on.)
double differing(const Screen& a, const Screen& b) {
  REQUIRE(a.rgb.size() == b.rgb.size());
  size_t wrong = 0;
  for (size_t i = 0; i < a.rgb.size(); i += 3) {
    int most = 0;
    for (size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(a.rgb[i + c] - b.rgb[i + c]));
    wrong += most > 12;
  }
  return 3000.0 * static_cast<double>(wrong) / static_cast<double>(a.rgb.size());
}

}  // namespace

TEST_CASE("after a reset of the graphics driver everything is on the screen again and the read goes on") {
  ServerProcess server;
  make_people(server);
  const TempDir dir;
  std::string error;
  REQUIRE_MESSAGE(write_demo_set((dir / "images").string(), 3, &error, 8) > 0, error);
  const Finished in = ingest(server, dir / "images" / "manifest.csv", dir.path());
  REQUIRE_MESSAGE(in.status == 0, in.output);
  const Xvfb xvfb(1600, 900);
  Workstation at(xvfb, server.address(), {"--size", "1400x860"});
  at.log_in("derm-b", kPassword);

  // The list, with its thumbnails.
  const Screen list = screen_of(at, "01-list");
  at.ui.lose_context();
  CHECK(differing(list, screen_of(at, "02-list-after")) < 1);

  // A read that is half written.
  at.open_row(0);
  at.add_diagnosis("psoriasis");
  const Widget pane = at.ui.wait_for("viewer.pane.0");
  at.ui.click_at(pane.x + pane.w * 0.02, pane.y + pane.h * 0.95);  // the keys are the viewer's
  at.ui.key("e");
  at.ui.drag(pane.x + pane.w * 0.4, pane.y + pane.h * 0.4, pane.x + pane.w * 0.6, pane.y + pane.h * 0.7);
  at.ui.key("v");
  at.ui.move_to(2, 2);
  const Screen open = screen_of(at, "03-open");
  at.ui.lose_context();
  CHECK(differing(open, screen_of(at, "04-open-after")) < 1);

  // Pointer and keys arrive in the new window, and what was typed is still there.
  at.rate(0, 4);
  at.submit_read();
  screen_of(at, "05-submitted");

  // In full screen, and back to where it was.
  const double narrow = at.ui.wait_for("viewer.pane.0").w;
  at.ui.key("F11");
  REQUIRE(eventually([&] { return at.ui.wait_for("viewer.pane.0").w > narrow; }, 20s));
  at.ui.wait_gone("toast.0");
  const Screen full = screen_of(at, "06-full");
  at.ui.lose_context();
  CHECK(differing(full, screen_of(at, "07-full-after")) < 1);
  at.ui.key("F11");
  CHECK(eventually([&] { return at.ui.wait_for("viewer.pane.0").w == narrow; }, 20s));
  CHECK(at.ui.running());
}
