#pragma once

// A workstation on a test's desk: a model, what it sent, and short ways to answer.

#include <string>
#include <utility>
#include <vector>

#include "client/model/update.h"
#include "contract/vocabulary.h"

namespace hada::model::test {

inline constexpr int64_t kSecond = 1'000'000;

class Desk {
 public:
  Model model;
  Effects sent;

  Desk() { wish(intent::Tick{1'000 * kSecond}); }

  void wish(const Intent& intent) { append(update(model, intent)); }
  void answer(const Reply& reply) { append(update(model, reply)); }
  void tick(double seconds) { wish(intent::Tick{model.now_us + static_cast<int64_t>(seconds * kSecond)}); }

  // The newest effect of this kind that was sent; null when there is none.
  template <typename E>
  const E* last() const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it)
      if (const E* effect = std::get_if<E>(&*it)) return effect;
    return nullptr;
  }
  template <typename E>
  size_t count() const {
    size_t n = 0;
    for (const Effect& effect : sent) n += std::holds_alternative<E>(effect);
    return n;
  }
  void forget_sent() { sent.clear(); }

  // Answers the newest effect of kind E with R.
  template <typename E, typename R>
  void reply_to(R reply) {
    reply.ticket = last<E>()->ticket;
    answer(std::move(reply));
  }
  template <typename E, typename R>
  void refuse(int code, std::string reason) {
    R reply;
    reply.error = ApiError{code, std::move(reason), "", {}};
    reply_to<E>(std::move(reply));
  }

  void connect(bool connected, int waiting = 0) {
    reply::Connection reply;
    reply.connected = connected;
    reply.waiting_changes = waiting;
    answer(reply);
  }

  void log_in(std::vector<Role> roles, const std::string& id = "sato",
              const std::string& home_site = "sites/b") {
    connect(true);
    wish(intent::Login{id, "secret"});
    reply::LoggedIn reply;
    reply.user.name = "users/" + id;
    reply.user.display_name = id;
    reply.user.home_site = home_site;
    for (const Role role : roles) reply.user.grants.push_back({role, ""});
    reply_to<effect::Login>(std::move(reply));
  }

  static Case a_case(const std::string& id, CaseState state = CaseState::Open, size_t images = 1) {
    Case value;
    value.name = "cases/" + id;
    value.site = "sites/a";
    value.state = state;
    value.etag = "etag-1";
    for (size_t i = 0; i < images; ++i) {
      Image image;
      image.name = "images/" + id + "-" + std::to_string(i);
      image.kind = ImageKind::Dermoscopic;
      image.levels = {{1000, 800, 256, 256, 1.0}};
      value.images.push_back(std::move(image));
    }
    return value;
  }

  void give_case(Case value) {
    reply::CaseReply reply;
    reply.value = std::move(value);
    reply_to<effect::GetCase>(std::move(reply));
  }
  void give_lease(const std::string& case_name) {
    reply::LeaseReply reply;
    reply.value = {case_name + "/slots/1", case_name, model.now_us + 20 * 60 * kSecond};
    reply_to<effect::ClaimCase>(std::move(reply));
  }

  // A dermatologist with an empty read of case "c1" open for writing.
  void start_reading() {
    log_in({Role::Dermatologist});
    reply_to<effect::ListCases>(reply::Cases{});
    wish(intent::OpenCase{"cases/c1"});
    give_case(a_case("c1"));
    give_lease("cases/c1");
    reply_to<effect::GetDraft>(reply::Draft{});
    forget_sent();
  }

  static Read a_read(const std::string& reader, ReadContent content) {
    Read read;
    read.name = "cases/c1/reads/" + reader;
    read.reader = "users/" + reader;
    read.etag = "read-etag";
    read.revisions.push_back({1, std::move(content), 0, "", false, {}});
    return read;
  }

  ReadTask& reading() { return model.open_case->reading; }
  bool has_toast(ToastKind kind) const {
    for (const Toast& toast : model.toasts.list())
      if (toast.kind == kind) return true;
    return false;
  }

 private:
  void append(Effects effects) {
    for (Effect& effect : effects) sent.push_back(std::move(effect));
  }
};

inline ReadContent differential(const std::vector<Diagnosis>& list) {
  ReadContent content;
  content.differential = list;
  return content;
}

}  // namespace hada::model::test
