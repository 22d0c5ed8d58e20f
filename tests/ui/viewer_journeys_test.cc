// Looking at images as a reader does: turning, mirroring, magnifications, several images together, a picture
// taken along. The real window against the real server; pictures under build/.../screenshots/viewer-*/.

#include <doctest/doctest.h>
#include <png.h>

#include <cmath>
#include <cstdio>
#include <memory>

#include "hada/v1/case.pb.h"
#include "tests/support/clipboard_reader.h"
#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

Clinic& clinic() {
  static Clinic one;
  return one;
}

// The case with the most images, and one with a slide; ids.
std::string case_with(bool slide) {
  ApiClient qa(clinic().server.address());
  qa.as("qa-d");
  v1::ListCasesRequest list;
  list.set_page_size(100);
  const auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
  REQUIRE(page);
  std::string best;
  int most = 0;
  for (const v1::Case& listed : page->cases()) {
    v1::GetCaseRequest get;
    get.set_name(listed.name());
    const auto value = qa.call<v1::Case>("CaseService/GetCase", get);
    REQUIRE(value);
    bool has_slide = false;
    for (const v1::Image& image : value->images())
      has_slide |= image.kind() == v1::IMAGE_KIND_HISTOPATHOLOGY_WSI;
    if (slide != has_slide || value->images_size() <= most) continue;
    most = value->images_size();
    best = listed.name().substr(std::string("cases/").size());
  }
  REQUIRE_MESSAGE(most > 0, "the demonstration has no such case");
  return best;
}

// Which of its images is the slide.
int slide_of(const std::string& id) {
  ApiClient qa(clinic().server.address());
  qa.as("qa-d");
  v1::GetCaseRequest get;
  get.set_name("cases/" + id);
  const auto value = qa.call<v1::Case>("CaseService/GetCase", get);
  REQUIRE(value);
  for (int i = 0; i < value->images_size(); ++i)
    if (value->images(i).kind() == v1::IMAGE_KIND_HISTOPATHOLOGY_WSI) return i;
  return 0;
}

// What the window tells of a pane's view.
struct View {
  double x = 0, y = 0, zoom = 0, rotation = 0;
  int mirrored = 0, fitted = 0;
};

struct Desk {
  std::string journey;
  Workstation at;
  int pictures = 0;

  explicit Desk(std::string name, const std::string& language = "en", const std::string& size = "1600x900")
      : journey("viewer-" + name),
        at(clinic().xvfb, clinic().server.address(),
           {"--size", size, "--lang", language, "--pictures", (clinic().dir / "views").string()}) {
    at.log_in("derm-b", kPassword);
    at.show_tab(3);  // every case
  }

  UiDriver& ui() { return at.ui; }
  // A case's slide alone.
  std::string open_slide() {
    const std::string id = case_with(true);
    at.open_case(id);
    at.ui.click("viewer.layout.1");
    at.ui.click("filmstrip." + std::to_string(slide_of(id)));
    at.ui.wait_idle();
    return id;
  }
  void picture(const std::string& name) {
    at.ui.wait_idle();
    char number[16];
    std::snprintf(number, sizeof number, "%02d-", ++pictures);
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / journey /
                     (number + name + ".png"));
  }
  // After everything has come to rest.
  View view(int pane) {
    at.ui.wait_idle();
    const Widget widget = at.ui.wait_for("viewer.view." + std::to_string(pane));
    View v;
    std::sscanf(widget.text.c_str(), "x=%lf y=%lf zoom=%lf rotation=%lf mirrored=%d fitted=%d", &v.x, &v.y,
                &v.zoom, &v.rotation, &v.mirrored, &v.fitted);
    return v;
  }
  // A place in a pane, as parts of its size.
  void click(int pane, double x, double y) {
    const Widget w = at.ui.wait_for("viewer.pane." + std::to_string(pane));
    at.ui.click_at(w.x + w.w * x, w.y + w.h * y);
  }
  void drag(int pane, double x0, double y0, double x1, double y1) {
    const Widget w = at.ui.wait_for("viewer.pane." + std::to_string(pane));
    at.ui.drag(w.x + w.w * x0, w.y + w.h * y0, w.x + w.w * x1, w.y + w.h * y1);
  }
  void hover(int pane, double x, double y) {
    const Widget w = at.ui.wait_for("viewer.pane." + std::to_string(pane));
    at.ui.move_to(w.x + w.w * x, w.y + w.h * y);
  }
};

struct Png {
  unsigned width = 0, height = 0;
  std::vector<unsigned char> rgb;
};
Png decode(const std::string& bytes) {
  Png png;
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()));
  image.format = PNG_FORMAT_RGB;
  png.width = image.width;
  png.height = image.height;
  png.rgb.resize(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, png.rgb.data(), 0, nullptr));
  return png;
}

std::vector<std::filesystem::path> saved_views() {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(clinic().dir / "views", none))
    files.push_back(entry.path());
  return files;
}

TEST_CASE("an image is turned, mirrored, shown at magnifications and fitted again, by button and by key") {
  Desk desk("directions");
  desk.open_slide();
  desk.hover(0, 0.5, 0.4);
  CHECK(desk.view(0).fitted == 1);
  desk.ui().click("viewer.turn_right");
  CHECK(desk.view(0).rotation == 90);
  CHECK(desk.view(0).fitted == 1);
  desk.ui().key("x");
  CHECK(desk.view(0).mirrored == 1);
  CHECK(desk.view(0).rotation == 270);
  desk.picture("turned-mirrored");
  desk.ui().key("0");
  CHECK(desk.view(0).rotation == 0);
  CHECK(desk.view(0).mirrored == 0);
  desk.ui().click("viewer.preset.10");
  const double ten = desk.view(0).zoom;
  desk.ui().key("alt+5");
  CHECK(desk.view(0).zoom == doctest::Approx(2 * ten));
  desk.picture("20x");
  desk.ui().key("alt+6");
  desk.ui().type("#");
  desk.hover(0, 0.4, 0.5);
  desk.picture("40x-grid-coordinates");
  CHECK(desk.ui().visible("viewer.grid.0"));
  CHECK(desk.ui().wait_for("viewer.coordinates").text.find("mm") != std::string::npos);
  desk.ui().key("f");
  CHECK(desk.view(0).fitted == 1);
  for (int i = 0; i < 3; ++i) desk.ui().key("ctrl+Right");
  CHECK(desk.view(0).rotation == 3);
  desk.ui().click("viewer.lens_switch");
  desk.hover(0, 0.55, 0.45);
  CHECK(desk.ui().visible("viewer.lens"));
  desk.picture("slanted-magnifier");
}

TEST_CASE("a press that hardly moves is a click, a drag takes the image along, the wheel zooms") {
  Desk desk("hand");
  desk.open_slide();
  desk.ui().key("1");
  const View start = desk.view(0);
  const Widget w = desk.ui().wait_for("viewer.pane.0");
  desk.ui().drag(w.x + w.w / 2, w.y + w.h / 2, w.x + w.w / 2 + 4, w.y + w.h / 2);
  CHECK(desk.view(0).x == start.x);  // less than a pen's tremble
  desk.drag(0, 0.6, 0.5, 0.5, 0.5);
  CHECK(desk.view(0).x - start.x >= w.w * 0.1 / start.zoom - 2);
  // Where motion is unwelcome it stands where it was let go.
  desk.ui().click("top.user");
  desk.ui().click("top.reduced_motion");
  desk.picture("menu");
  desk.click(0, 0.5, 0.3);  // closes the menu
  const View still = desk.view(0);
  desk.drag(0, 0.5, 0.5, 0.6, 0.5);
  CHECK(desk.view(0).x == doctest::Approx(still.x - w.w * 0.1 / still.zoom).epsilon(0.005));
  const View before = desk.view(0);
  desk.hover(0, 0.5, 0.5);
  desk.ui().wheel(2);
  CHECK(desk.view(0).zoom > before.zoom);
}

TEST_CASE("linked panes move, zoom and turn together; one leaves the group") {
  Desk desk("linked");
  desk.at.open_case(case_with(false));
  desk.ui().click("viewer.layout.2");
  desk.ui().click("viewer.link_all");
  desk.ui().wait_idle();
  CHECK(desk.ui().wait_for("viewer.link.1").text == "on");
  desk.hover(0, 0.5, 0.5);
  desk.ui().wheel(3);
  const View first = desk.view(0), second = desk.view(1);
  desk.drag(0, 0.6, 0.5, 0.4, 0.6);
  const View first_now = desk.view(0), second_now = desk.view(1);
  CHECK(first_now.x > first.x + 1);
  // As far on the screen.
  CHECK((second_now.x - second.x) * second.zoom ==
        doctest::Approx((first_now.x - first.x) * first.zoom).epsilon(0.02));
  CHECK((second_now.y - second.y) * second.zoom ==
        doctest::Approx((first_now.y - first.y) * first.zoom).epsilon(0.02));
  desk.ui().key("r");
  CHECK(desk.view(1).rotation == doctest::Approx(90));
  desk.picture("linked");
  desk.ui().click("viewer.link.1");
  desk.drag(0, 0.6, 0.5, 0.5, 0.5);
  CHECK(desk.view(1).x == doctest::Approx(second_now.x).epsilon(0.001));
}

TEST_CASE("three pairs register two images, and the line parts one from the other") {
  Desk desk("register", "ja");
  desk.at.open_case(case_with(false));
  desk.ui().click("viewer.layout.2");
  desk.click(0, 0.5, 0.5);
  desk.ui().click("viewer.register");
  desk.ui().wait_for("register.guide");
  desk.picture("first-point");
  // On a line: refused with a sentence; then elsewhere.
  desk.click(0, 0.4, 0.4);
  desk.click(1, 0.42, 0.4);
  desk.click(0, 0.5, 0.4);
  desk.click(1, 0.52, 0.4);
  desk.click(0, 0.6, 0.4);
  desk.click(1, 0.62, 0.4);
  desk.ui().wait_idle();
  CHECK(desk.ui().wait_for("register.guide").text.find("一直線") != std::string::npos);
  desk.picture("refused");
  desk.click(0, 0.5, 0.55);
  desk.ui().key("BackSpace");
  desk.click(0, 0.5, 0.6);
  desk.click(1, 0.52, 0.6);
  desk.ui().wait_gone("register.guide");
  desk.picture("registered");
  CHECK(desk.ui().wait_for("viewer.link.0").text == "on");
  const View first = desk.view(0), second = desk.view(1);
  desk.hover(0, 0.5, 0.5);
  desk.ui().wheel(2);
  CHECK(desk.view(1).zoom / second.zoom == doctest::Approx(desk.view(0).zoom / first.zoom).epsilon(0.01));

  desk.ui().key("b");
  const Widget split = desk.ui().wait_for("viewer.split");
  CHECK_FALSE(desk.ui().visible("viewer.pane.1"));
  desk.picture("compared");
  const double x = split.x + split.w / 2, y = split.y + split.h * 0.3;
  desk.ui().drag(x, y, x - 150, y);
  desk.ui().wait_idle();
  CHECK(desk.ui().wait_for("viewer.split").x == doctest::Approx(split.x - 150).epsilon(0.02));
  desk.picture("line-moved");
  desk.ui().key("Escape");
  desk.ui().wait_for("viewer.pane.1");
}

TEST_CASE("the images alone, and on the whole screen, and back to where the window was") {
  Desk desk("full-screen", "en", "1200x700");
  desk.at.open_case(case_with(false));
  desk.ui().click("viewer.layout.1");
  desk.ui().wait_idle();
  const Widget before = desk.ui().wait_for("viewer.pane.0");
  desk.ui().key("h");
  desk.ui().wait_gone("filmstrip.0");
  CHECK_FALSE(desk.ui().visible("read.submit"));
  CHECK_FALSE(desk.ui().visible("top.help"));
  desk.picture("images-only");
  desk.ui().key("F11");
  // The screen is 1600 by 900; there is no window manager to help.
  CHECK(eventually([&] { return desk.ui().wait_for("viewer.pane.0").w == 1600; }, 10s));
  CHECK(desk.ui().wait_for("viewer.pane.0").h > 900 - 60);
  desk.picture("full-screen");
  desk.ui().key("F11");
  desk.ui().key("h");
  CHECK(eventually([&] { return desk.ui().wait_for("viewer.pane.0").h == before.h; }, 10s));
  CHECK(desk.ui().wait_for("viewer.pane.0").w == before.w);
  desk.picture("back");
}

TEST_CASE("the view is copied and saved as the picture that is seen, with its scale bar, without any name") {
  Desk desk("export");
  desk.open_slide();
  desk.ui().click("viewer.preset.5");
  desk.ui().wait_idle();
  const Widget pane = desk.ui().wait_for("viewer.pane.0");
  desk.ui().click("viewer.copy");
  CHECK(desk.ui().wait_for("toast.0").text == "The view is on the clipboard");
  const Pasted pasted = paste(clinic().xvfb.display(), "image/png");
  REQUIRE(pasted.content);
  const Png copied = decode(*pasted.content);
  CHECK(copied.width == static_cast<unsigned>(pane.w));
  CHECK(copied.height == static_cast<unsigned>(pane.h));
  // The pane's label at the upper left is not on it: there the picture is of one kind with its surroundings.
  desk.ui().key("ctrl+s");
  CHECK(eventually([] { return saved_views().size() == 1; }, 10s));
  desk.picture("saved");
  REQUIRE(saved_views().size() == 1);
  const std::string name = saved_views()[0].filename();
  CHECK(name.starts_with("hada-20"));
  CHECK(name.find(case_with(true)) == std::string::npos);
  const Png saved = decode(read_file(saved_views()[0]));
  CHECK(saved.rgb == copied.rgb);
  // That the image was made by a program goes with it.
  int yellow = 0;
  for (size_t i = 0; i + 2 < size_t{3} * 40 * static_cast<size_t>(saved.width); i += 3)
    yellow +=
        saved.rgb[i] > 220 && saved.rgb[i + 1] > 160 && saved.rgb[i + 1] < 220 && saved.rgb[i + 2] < 130;
  CHECK(yellow > 20);
  std::filesystem::create_directories(std::filesystem::path(support::build_dir()) / "screenshots" /
                                      desk.journey);
  std::filesystem::copy_file(
      saved_views()[0],
      std::filesystem::path(support::build_dir()) / "screenshots" / desk.journey / "view.png",
      std::filesystem::copy_options::overwrite_existing);
}

TEST_CASE("the help names every key of the viewer, in both languages") {
  Desk desk("help");
  desk.at.open_case(case_with(false));
  desk.ui().type("?");
  desk.ui().wait_for("help.close");
  desk.picture("english");
  desk.ui().click("help.close");
  desk.ui().wait_gone("help.close");
  desk.picture("closed");
  desk.at.switch_language("ja");
  desk.ui().type("?");
  desk.ui().wait_for("help.close");
  desk.picture("japanese");
  desk.ui().key("Escape");
  desk.ui().wait_gone("help.close");
  desk.ui().click("top.theme");
  desk.ui().click("viewer.grid");
  desk.hover(0, 0.5, 0.5);
  desk.ui().wheel(4);
  desk.picture("light");
}

}  // namespace
