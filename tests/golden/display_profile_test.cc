// What the desktop says of the display; here because it needs one.

#include "client/app/display_profile.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/client/render/profiles.h"

// After doctest, since X defines None and Bool.
#include <X11/Xatom.h>
#include <X11/Xlib.h>

using namespace hada;

TEST_CASE("the display profile is what the desktop has set on the root window") {
  Display* display = XOpenDisplay(nullptr);
  if (!display) {
    MESSAGE("SKIPPED: no X server");
    return;
  }
  const Atom name = XInternAtom(display, "_ICC_PROFILE", False);
  const auto announce = [&](const std::string& bytes) {
    XChangeProperty(display, XDefaultRootWindow(display), name, XA_CARDINAL, 8, PropModeReplace,
                    reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    XSync(display, False);
  };
  CHECK(app::desktop_profile().empty());
  const std::string p3 = test::p3_like_profile();
  announce(p3);
  CHECK(app::desktop_profile() == p3);
  announce("nonsense");
  CHECK(app::desktop_profile().empty());
  XDeleteProperty(display, XDefaultRootWindow(display), name);
  XCloseDisplay(display);
}
