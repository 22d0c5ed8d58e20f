#include "client/model/toasts.h"

#include <algorithm>
#include <utility>

namespace hada::model {
namespace {

// Long enough to read twice; errors and toasts with a button stay longer.
int64_t time_to_live_us(const Toast& toast) {
  if (toast.kind == ToastKind::SessionExpired) return 0;
  if (toast.level == ToastLevel::Error) return 15'000'000;
  if (toast.kind == ToastKind::ViewSaved) return 10'000'000;  // a path is read slowly
  if (toast.action != ToastAction::None || toast.level == ToastLevel::Warning) return 10'000'000;
  return 5'000'000;
}

bool same_matter(const Toast& a, const Toast& b) {
  if (a.kind == ToastKind::CaseArrived) return b.kind == a.kind && b.view == a.view;
  return a.kind == b.kind && a.case_name == b.case_name && a.error.reason == b.error.reason &&
         a.error.code == b.error.code && a.decision == b.decision;
}

}  // namespace

uint64_t Toasts::add(Toast toast, int64_t now_us) {
  std::erase_if(list_, [&](const Toast& old) { return same_matter(old, toast); });
  toast.id = ++last_id_;
  toast.shown_us = now_us;
  const int64_t ttl = time_to_live_us(toast);
  toast.expire_us = ttl == 0 ? 0 : now_us + ttl;
  list_.push_back(std::move(toast));
  if (list_.size() > kMaxToasts) list_.erase(list_.begin());
  return last_id_;
}

void Toasts::dismiss(uint64_t id) {
  std::erase_if(list_, [&](const Toast& toast) { return toast.id == id; });
}

void Toasts::expire(int64_t now_us) {
  std::erase_if(list_, [&](const Toast& toast) { return toast.expire_us != 0 && toast.expire_us <= now_us; });
}

const Toast* Toasts::find(uint64_t id) const {
  const auto it =
      std::find_if(list_.begin(), list_.end(), [&](const Toast& toast) { return toast.id == id; });
  return it == list_.end() ? nullptr : &*it;
}

}  // namespace hada::model
