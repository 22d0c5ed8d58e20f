#include "client/model/toasts.h"

#include <doctest/doctest.h>

using namespace hada::model;

namespace {
constexpr int64_t kSecond = 1'000'000;
Toast error(const std::string& reason) {
  Toast toast;
  toast.level = ToastLevel::Error;
  toast.error.reason = reason;
  return toast;
}
}  // namespace

TEST_CASE("a toast goes after its time, an error later than good news") {
  Toasts toasts;
  Toast good;
  good.kind = ToastKind::ReadSubmitted;
  good.level = ToastLevel::Success;
  toasts.add(good, 0);
  toasts.add(error("A"), 0);
  toasts.expire(6 * kSecond);
  CHECK(toasts.list().size() == 1);
  CHECK(toasts.list()[0].error.reason == "A");
  toasts.expire(16 * kSecond);
  CHECK(toasts.list().empty());
}

TEST_CASE("the same error again renews its toast instead of stacking") {
  Toasts toasts;
  toasts.add(error("A"), 0);
  toasts.add(error("B"), 0);
  toasts.add(error("A"), 10 * kSecond);
  CHECK(toasts.list().size() == 2);
  toasts.expire(16 * kSecond);
  CHECK(toasts.list().size() == 1);
  CHECK(toasts.list()[0].error.reason == "A");
}

TEST_CASE("only the newest are kept") {
  Toasts toasts;
  for (int i = 0; i < 9; ++i) toasts.add(error(std::to_string(i)), 0);
  CHECK(toasts.list().size() == Toasts::kMaxToasts);
  CHECK(toasts.list().back().error.reason == "8");
}

TEST_CASE("an ended session stays on the screen until it is dismissed") {
  Toasts toasts;
  Toast toast;
  toast.kind = ToastKind::SessionExpired;
  const uint64_t id = toasts.add(toast, 0);
  toasts.expire(3600 * kSecond);
  CHECK(toasts.find(id) != nullptr);
  toasts.dismiss(id);
  CHECK(toasts.find(id) == nullptr);
}
