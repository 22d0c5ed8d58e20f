#pragma once

// What a person does at the workstation, as steps over the UI driver: the journeys of tests/ui and the
// demonstration's tour are written in these. Each waits for what it needs and throws with a sentence when
// that does not come.

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/ui_driver.h"

namespace hada::support {

class Workstation {
 public:
  // Opens the window, not logged in, unless `extra_arguments` say so.
  Workstation(const Xvfb& xvfb, const std::string& server_address,
              std::vector<std::string> extra_arguments = {})
      : ui(xvfb, server_address, std::move(extra_arguments)) {}

  void log_in(const std::string& user, const std::string& password);
  void log_out();
  // "en" or "ja", by the switch in the top bar.
  void switch_language(const std::string& language);

  // The tabs of the worklist, from the left.
  void show_tab(int number);
  // Ids of the cases that are visible in the list.
  std::vector<std::string> listed_cases();
  bool lists(const std::string& case_id);
  // Clicks the case's row; scrolls the list to it where needed. Waits until its images are drawn.
  void open_case(const std::string& case_id);
  void open_row(int row);
  void back_to_list();

  // The read panel. Rows of the differential count from 0.
  void add_diagnosis(const std::string& query);
  void rate(int row, int confidence);
  void submit_read();

  UiDriver ui;
};

}  // namespace hada::support
