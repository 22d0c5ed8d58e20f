// A reader gives commands other keys in the help, with the mouse and without it, and finds them after a
// restart. Pictures under screenshots/keys.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Desk {
  Workstation at;

  Desk(const Clinic& clinic, const std::string& settings, const std::string& language)
      : at(clinic.xvfb, clinic.server.address(),
           {"--size", "1280x800", "--lang", language, "--settings", (clinic.dir / settings).string()}) {
    at.log_in("derm-b", kPassword);
    at.show_tab(3);
    at.open_row(0);
  }

  UiDriver& ui() { return at.ui; }
  void picture(const std::string& name) {
    at.ui.wait_idle();
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / "keys" / (name + ".png"));
  }
  void open_help() {
    at.ui.type("?");
    at.ui.wait_for("help.close");
    at.ui.wait_idle();
  }
  void close_help() {
    at.ui.key("Escape");
    at.ui.wait_gone("help.close");
  }
  // What the widget shows comes to be this.
  bool shows(const std::string& widget, const std::string& text) {
    return eventually([&] { return at.ui.wait_for(widget).text == text; }, 10s);
  }
  void press_for(const std::string& command, const std::string& chord) {
    at.ui.click("help.key." + command);
    REQUIRE(
        eventually([&] { return at.ui.wait_for("help.footer").text.find("Esc") != std::string::npos; }, 10s));
    at.ui.key(chord);
    at.ui.wait_idle();
  }
  bool fitted() {
    at.ui.wait_idle();
    return at.ui.wait_for("viewer.view.0").text.find("fitted=1") != std::string::npos;
  }
  void zoom_in() {
    const Widget pane = at.ui.wait_for("viewer.pane.0");
    at.ui.move_to(pane.x + pane.w / 2, pane.y + pane.h / 2);
    at.ui.wheel(3);
    REQUIRE_FALSE(fitted());
  }
};

}  // namespace

TEST_CASE("keys are changed, swapped, kept over a restart and given back") {
  const Clinic clinic(1280, 800);
  {
    Desk desk(clinic, "mine.json", "en");
    desk.open_help();
    desk.picture("01-english-dark");
    CHECK(desk.ui().wait_for("help.keys").text == "fits");

    desk.press_for("viewer.fit", "z");
    CHECK(desk.shows("help.key.viewer.fit", "Z"));
    desk.close_help();
    desk.zoom_in();
    desk.ui().key("f");
    CHECK_FALSE(desk.fitted());
    desk.ui().key("z");
    CHECK(desk.fitted());

    desk.open_help();
    desk.ui().click("help.key.viewer.grid");
    desk.picture("02-press-a-key");
    desk.ui().key("x");
    desk.ui().wait_for("help.question");
    desk.picture("03-taken");
    desk.ui().key("Escape");
    desk.ui().wait_gone("help.question");
    CHECK(desk.shows("help.key.viewer.grid", "#"));
    desk.press_for("viewer.grid", "x");
    desk.ui().click("help.agree");
    CHECK(desk.shows("help.key.viewer.grid", "X"));
    CHECK(desk.shows("help.key.viewer.mirror", "#"));

    // The lens is held: a character will not do. Esc is fixed and cancels.
    desk.press_for("viewer.lens", "slash");
    CHECK(desk.ui().wait_for("help.footer").text.find("cannot be held") != std::string::npos);
    desk.picture("04-refused");
    desk.ui().key("Escape");
    CHECK(desk.shows("help.key.viewer.lens", "M"));

    // Without the mouse: the first line, then the one in the next column, a family, and back to a default.
    desk.ui().key("Home");
    desk.ui().key("Return");
    CHECK(desk.shows("help.key.read.diagnosis", "Press a key"));
    desk.ui().key("F2");
    CHECK(desk.shows("help.key.read.diagnosis", "F2"));
    desk.ui().key("Return");
    desk.ui().key("Delete");
    CHECK(desk.shows("help.key.read.diagnosis", "D"));
    desk.ui().key("Return");
    desk.ui().key("ctrl+shift+d");
    CHECK(desk.shows("help.key.read.diagnosis", "Ctrl+Shift+D"));
    desk.ui().click("help.family.HelpPresets");
    desk.press_for("viewer.magnification_10", "4");
    CHECK(desk.ui().wait_for("help.footer").text.find("4") != std::string::npos);  // rates a diagnosis
    desk.ui().key("9");
    CHECK(desk.shows("help.key.viewer.magnification_10", "9"));
    desk.picture("05-changed");
    desk.close_help();
    REQUIRE(desk.ui().close());
  }
  Desk desk(clinic, "mine.json", "ja");
  desk.zoom_in();
  desk.ui().key("z");
  CHECK(desk.fitted());
  desk.open_help();
  CHECK(desk.shows("help.key.viewer.mirror", "#"));
  CHECK(desk.ui().wait_for("help.keys").text == "fits");
  desk.picture("06-japanese-dark");
  desk.ui().key("End");
  desk.ui().key("Return");
  desk.ui().wait_for("help.question");
  desk.picture("07-reset");
  desk.ui().key("Return");
  desk.ui().wait_gone("help.question");
  CHECK(desk.shows("help.key.viewer.fit", "F"));
  CHECK(desk.shows("help.key.viewer.mirror", "X"));
  CHECK(desk.shows("help.key.read.diagnosis", "D"));
  CHECK_FALSE(desk.ui().wait_for("help.reset").enabled);
  desk.close_help();
  desk.ui().click("top.theme");
  desk.open_help();
  desk.picture("08-light");
  desk.press_for("viewer.grid", "r");
  desk.picture("08-taken-light");
  desk.ui().key("Escape");
  desk.close_help();
  desk.ui().resize_window(900, 600);
  desk.open_help();
  desk.picture("09-small");
  desk.ui().key("Down");
  desk.ui().key("Right");
  desk.ui().key("End");
  desk.ui().key("Up");
  desk.picture("10-small-end");
}

TEST_CASE("a layout has a key, and the middle button magnifies while it is held") {
  const Clinic clinic(1280, 800);
  Desk desk(clinic, "other.json", "en");
  desk.ui().key("ctrl+2");
  desk.ui().wait_for("viewer.pane.1");
  desk.ui().key("ctrl+1");
  desk.ui().wait_gone("viewer.pane.1");
  const Widget pane = desk.ui().wait_for("viewer.pane.0");
  desk.ui().move_to(pane.x + pane.w * 0.4, pane.y + pane.h * 0.4);
  desk.ui().middle_button(true);
  desk.ui().wait_for("viewer.lens");
  desk.ui().move_to(pane.x + pane.w * 0.6, pane.y + pane.h * 0.6);
  CHECK(desk.fitted());  // the image stays where it is
  desk.ui().middle_button(false);
  desk.ui().wait_gone("viewer.lens");
}
