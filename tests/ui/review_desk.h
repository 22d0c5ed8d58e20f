#pragma once

// A workstation in a journey that leaves its pictures in both languages.

#include <filesystem>
#include <string>

#include "tests/support/paths.h"
#include "tests/support/workstation.h"
#include "tests/ui/clinic.h"

namespace hada::support {

struct ReviewDesk {
  std::string journey;
  Workstation at;
  int pictures = 0;

  // Signed in as `user`. The pictures go to build/screenshots/<name>.
  ReviewDesk(const Clinic& clinic, std::string name, const std::string& user)
      : journey(std::move(name)),
        at(clinic.xvfb, clinic.server.address(), {"--size", "1600x900", "--lang", "en"}) {
    at.log_in(user, kPassword);
  }
  // Once nothing moves any more: forms grow for a frame or two.
  void press(const std::string& widget) {
    at.ui.wait_for(widget);
    at.ui.wait_idle();
    at.ui.click(widget);
  }
  void fill(const std::string& widget, const std::string& text) {
    at.ui.wait_for(widget);
    at.ui.wait_idle();
    at.ui.fill(widget, text);
  }
  // As it stands: a menu would close if the language were switched.
  void picture_now(const std::string& name) {
    char number[16];
    std::snprintf(number, sizeof number, "%02d-", ++pictures);
    at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / journey /
                     (number + name + ".png"));
  }
  // In English, then in Japanese.
  void picture(const std::string& name) {
    ++pictures;
    for (const char* language : {"en", "ja"}) {
      at.switch_language(language);
      at.ui.wait_idle();
      char number[16];
      std::snprintf(number, sizeof number, "%02d-", pictures);
      at.ui.screenshot(std::filesystem::path(support::build_dir()) / "screenshots" / journey /
                       (number + name + "-" + language + ".png"));
    }
    at.switch_language("en");
  }
};

}  // namespace hada::support
