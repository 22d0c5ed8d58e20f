#include "tests/support/workstation.h"

#include <stdexcept>

namespace hada::support {

using namespace std::chrono_literals;

void Workstation::log_in(const std::string& user, const std::string& password) {
  ui.fill("login.user", user);
  ui.fill("login.password", password);
  ui.click("login.submit");
  ui.wait_for("worklist.refresh");
  ui.wait_idle();
}

void Workstation::log_out() {
  ui.click("top.user");
  ui.click("top.logout");
  ui.wait_for("login.submit");
}

void Workstation::switch_language(const std::string& language) {
  if (ui.snapshot().language == language) return;
  ui.click(language == "en" ? "top.language.0" : "top.language.1");
  if (!eventually([&] { return ui.snapshot().language == language; }, 10s))
    throw std::runtime_error("the language did not change to " + language);
  ui.wait_idle();
}

void Workstation::show_tab(int number) {
  ui.click("worklist.view." + std::to_string(number));
  ui.wait_idle();
}

std::vector<std::string> Workstation::listed_cases() {
  std::vector<std::string> ids;
  for (const Widget& widget : ui.snapshot().widgets)
    if (widget.name.starts_with("worklist.row.")) ids.push_back(widget.text);
  return ids;
}

bool Workstation::lists(const std::string& case_id) {
  for (const std::string& id : listed_cases())
    if (id == case_id) return true;
  return false;
}

void Workstation::open_case(const std::string& case_id) {
  ui.wait_for("worklist.refresh");
  ui.key("Home");
  for (int page = 0; page < 40; ++page) {
    for (const Widget& widget : ui.snapshot().widgets) {
      if (!widget.name.starts_with("worklist.row.") || widget.text != case_id) continue;
      ui.click(widget.name);
      ui.wait_for("case.back");
      ui.wait_idle();
      return;
    }
    ui.key("Next");
    ui.wait_idle();
  }
  throw std::runtime_error("the worklist does not list case " + case_id);
}

void Workstation::open_row(int row) {
  ui.click("worklist.row." + std::to_string(row));
  ui.wait_for("case.back");
  ui.wait_idle();
}

void Workstation::back_to_list() {
  ui.click("case.back");
  ui.wait_for("worklist.refresh");
  ui.wait_idle();
}

void Workstation::add_diagnosis(const std::string& query) {
  ui.fill("read.diagnosis.search", query);
  ui.wait_for("read.diagnosis.candidate.0");
  ui.key("Return");
  ui.wait_gone("read.diagnosis.candidate.0");
}

void Workstation::rate(int row, int confidence) {
  ui.click("read.confidence." + std::to_string(row + 1) + "." + std::to_string(confidence));
}

void Workstation::submit_read() {
  ui.click("read.submit");
  ui.wait_idle();
}

}  // namespace hada::support
