// The demonstration's tour: real clicks and keys through a real window under Xvfb. Two dermatologists read
// the same cases, one in English and one in Japanese; QA settles their disagreement and approves. Numbered
// pictures are left behind.
//
// hada-tour --server HOST:PORT --password-file FILE --out DIR
// The users derm-b, derm-c and qa-d must exist with that password (./run demo makes them).

#include <cctype>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "hada/v1/case.pb.h"
#include "tests/support/api_client.h"
#include "tests/support/workstation.h"

namespace {

using namespace hada;
using namespace hada::support;
using namespace std::chrono_literals;

struct Cases {
  std::string rich;   // the one with the most images, a slide among them: both readers will agree on it
  std::string plain;  // another one, without a pathology diagnosis: they will not
};

// Chosen as QA, who sees what a blind reader may not; only cases that nobody has read yet.
Cases choose_cases(ApiClient& qa) {
  Cases chosen;
  int best = 0;
  v1::ListCasesRequest list;
  list.add_states(v1::CASE_STATE_OPEN);
  list.set_page_size(100);
  std::vector<v1::Case> open;
  do {
    auto page = qa.call<v1::ListCasesResponse>("CaseService/ListCases", list);
    if (!page) throw std::runtime_error("cannot list cases: " + page.error().message);
    for (const v1::Case& value : page->cases()) open.push_back(value);
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  for (const v1::Case& listed : open) {
    v1::GetCaseRequest get;
    get.set_name(listed.name());
    auto value = qa.call<v1::Case>("CaseService/GetCase", get);
    if (!value || value->images().empty()) continue;
    bool slide = false;
    for (const v1::Image& image : value->images()) slide |= image.kind() == v1::IMAGE_KIND_HISTOPATHOLOGY_WSI;
    const int score = (slide ? 10 : 0) + value->images_size();
    const std::string id = value->name().substr(std::string("cases/").size());
    if (score > best) {
      best = score;
      chosen.rich = id;
    }
  }
  for (const v1::Case& listed : open) {
    v1::GetCaseRequest get;
    get.set_name(listed.name());
    auto value = qa.call<v1::Case>("CaseService/GetCase", get);
    const std::string id = listed.name().substr(std::string("cases/").size());
    if (!value || value->images().empty() || id == chosen.rich) continue;
    if (!value->site_opinion().pathology_diagnosis().empty()) continue;
    chosen.plain = id;
    break;
  }
  if (chosen.rich.empty() || chosen.plain.empty())
    throw std::runtime_error(
        "the tour needs two cases that nobody has read; begin with an empty data folder");
  return chosen;
}

v1::CaseState state_of(ApiClient& qa, const std::string& id) {
  v1::GetCaseRequest get;
  get.set_name("cases/" + id);
  auto value = qa.call<v1::Case>("CaseService/GetCase", get);
  if (!value) throw std::runtime_error(value.error().message);
  return value->state();
}

void expect_state(ApiClient& qa, const std::string& id, v1::CaseState wanted) {
  if (!eventually([&] { return state_of(qa, id) == wanted; }, 10s))
    throw std::runtime_error("case " + id + " is " + v1::CaseState_Name(state_of(qa, id)) + ", not " +
                             v1::CaseState_Name(wanted));
}

class Tour {
 public:
  Tour(std::string address, std::string password, std::filesystem::path out)
      : address_(std::move(address)),
        password_(std::move(password)),
        out_(std::move(out)),
        xvfb_(1600, 900) {}

  void run() {
    ApiClient qa(address_);
    if (const std::string refused = qa.login("qa-d", password_); !refused.empty())
      throw std::runtime_error("qa-d cannot log in: " + refused);
    const Cases cases = choose_cases(qa);
    first_reader(cases);
    second_reader(cases);
    expect_state(qa, cases.plain, v1::CASE_STATE_TO_PANEL);
    reviewer(cases);
    expect_state(qa, cases.rich, v1::CASE_STATE_APPROVED);
    expect_state(qa, cases.plain, v1::CASE_STATE_APPROVED);
    std::printf("Both cases are approved and in the database.\n");
  }

 private:
  Workstation open(const std::string& language) {
    return Workstation(xvfb_, address_, {"--lang", language, "--size", "1600x900"});
  }

  void picture(Workstation& at, const std::string& name) {
    at.ui.wait_idle();
    char number[16];
    std::snprintf(number, sizeof number, "%02d-", ++pictures_);
    at.ui.screenshot(out_ / (number + name + ".png"));
    std::printf("  %s%s.png\n", number, name.c_str());
    std::fflush(stdout);
  }

  // Over the last pane, which holds the slide when there is one.
  void look_closer(Workstation& at, const std::string& language) {
    const std::string pane = last_pane(at);
    const Widget area = at.ui.wait_for(pane);
    at.ui.move_to(area.x + area.w * 0.45, area.y + area.h * 0.5);
    at.ui.wheel(6);
    at.ui.drag(area.x + area.w * 0.6, area.y + area.h * 0.6, area.x + area.w * 0.4, area.y + area.h * 0.5);
    picture(at, "zoomed-" + language);
    at.ui.key("f");
    at.ui.wait_idle();
  }

  static std::string last_pane(Workstation& at) {
    std::string pane;
    for (const Widget& widget : at.ui.snapshot().widgets)
      if (widget.name.starts_with("viewer.pane.")) pane = std::max(pane, widget.name);
    if (pane.empty()) throw std::runtime_error("no image is shown");
    return pane;
  }

  void first_reader(const Cases& cases) {
    Workstation at = open("en");
    at.ui.wait_for("login.submit");
    picture(at, "login-en");
    at.ui.fill("login.user", "derm-b");
    at.ui.fill("login.password", "not the password");
    at.ui.click("login.submit");
    std::this_thread::sleep_for(500ms);
    picture(at, "login-refused-en");
    at.log_in("derm-b", password_);
    picture(at, "worklist-en");

    at.open_case(cases.rich);
    picture(at, "side-by-side-en");
    look_closer(at, "en");
    at.add_diagnosis("basal cell carcinoma");
    at.rate(0, 5);
    at.add_diagnosis("melanocytic nevus");
    at.rate(1, 2);
    const Widget search = at.ui.wait_for("read.diagnosis.search");
    at.ui.move_to(search.x + search.w / 2, search.y + search.h / 2);
    at.ui.wheel(-12);  // to what lies further down in the panel
    at.ui.wait_for("read.flag.hair");
    at.ui.click("read.flag.hair");
    at.ui.fill("read.note", "Arborising vessels, ulceration.");
    picture(at, "read-filled-en");
    at.submit_read();
    picture(at, "read-submitted-en");
    at.back_to_list();

    at.open_case(cases.plain);
    at.add_diagnosis("seborrheic keratosis");
    at.rate(0, 4);
    at.submit_read();
    at.ui.click("top.help");
    picture(at, "help-en");
    at.ui.key("Escape");
    at.ui.click("top.theme");
    at.back_to_list();
    picture(at, "worklist-light-en");
  }

  void second_reader(const Cases& cases) {
    Workstation at = open("ja");
    at.ui.wait_for("login.submit");
    picture(at, "login-ja");
    at.log_in("derm-c", password_);
    picture(at, "worklist-ja");
    at.open_case(cases.rich);
    at.ui.fill("read.diagnosis.search", "basal");
    at.ui.wait_for("read.diagnosis.candidate.0");
    picture(at, "search-ja");
    at.ui.key("Escape");
    at.add_diagnosis("basal cell carcinoma");
    at.rate(0, 4);
    picture(at, "read-ja");
    look_closer(at, "ja");
    at.submit_read();
    at.back_to_list();
    at.open_case(cases.plain);
    at.add_diagnosis("melanoma");
    at.rate(0, 4);
    at.submit_read();
    picture(at, "read-submitted-ja");
  }

  void reviewer(const Cases& cases) {
    Workstation at = open("en");
    at.log_in("qa-d", password_);
    at.show_tab(0);
    picture(at, "to-adjudicate-en");
    at.open_case(cases.plain);
    picture(at, "disagreement-en");
    at.switch_language("ja");
    picture(at, "disagreement-ja");
    at.ui.click("approve.from_reads.0");
    at.ui.fill("approve.rationale", "Network and streaks: both readers shown, decided by dermoscopy.");
    picture(at, "adjudication-ja");
    at.ui.click("approve.adjudicate");
    at.ui.click("approve.approve");
    at.ui.wait_for("approve.reopen");
    picture(at, "approved-ja");
    at.back_to_list();
    at.switch_language("en");
    at.show_tab(1);
    picture(at, "to-approve-en");
    at.open_case(cases.rich);
    picture(at, "approval-en");
    at.ui.click("approve.approve");
    at.ui.wait_for("approve.reopen");
    picture(at, "approved-en");
  }

  std::string address_, password_;
  std::filesystem::path out_;
  Xvfb xvfb_;
  int pictures_ = 0;
};

// Those of an earlier tour ("07-read-submitted-en.png"); whatever else lies in the folder stays.
void remove_own_pictures(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool numbered = name.size() > 3 && std::isdigit(static_cast<unsigned char>(name[0])) &&
                          std::isdigit(static_cast<unsigned char>(name[1])) && name[2] == '-';
    if (numbered && entry.path().extension() == ".png") std::filesystem::remove(entry.path());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  if (argc != 7 || !options.contains("--server") || !options.contains("--password-file") ||
      !options.contains("--out")) {
    std::fprintf(stderr, "usage: hada-tour --server HOST:PORT --password-file FILE --out DIR\n");
    return 2;
  }
  try {
    std::string password = read_file(options["--password-file"]);
    while (password.ends_with("\n")) password.pop_back();
    remove_own_pictures(options["--out"]);
    Tour(options["--server"], password, options["--out"]).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the tour stopped: %s\n", error.what());
    return 1;
  }
  return 0;
}
