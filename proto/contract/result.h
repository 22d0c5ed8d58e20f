#pragma once

// Result<T>: a value or an Error, with std::expected's names (g++ 12 has no <expected>).
// Our code does not throw; every function that can fail for a reason outside the program returns one of
// these.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace hada {

// The gRPC status codes we use, with gRPC's numbers, so that both sides mean the same without including gRPC.
enum class ErrorCode {
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
};

// What went wrong. `reason` is UPPER_SNAKE and listed in docs/errors.md; programs branch on it. `message` is
// a sentence for a person and never holds patient data. `metadata` becomes ErrorInfo.metadata.
struct Error {
  ErrorCode code = ErrorCode::Unknown;
  std::string reason;
  std::string message;
  std::map<std::string, std::string> metadata = {};
};

// Wraps an Error on its way into a Result, as std::unexpected does.
struct Unexpected {
  explicit Unexpected(Error e) : error(std::move(e)) {}
  Unexpected(ErrorCode code, std::string reason, std::string message)
      : error{code, std::move(reason), std::move(message), {}} {}
  Error error;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Unexpected unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

  template <typename U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Unexpected unexpected) : error_(std::move(unexpected.error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  void value() const {}

  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace hada

#define HADA_CONCAT_INNER(a, b) a##b
#define HADA_CONCAT(a, b) HADA_CONCAT_INNER(a, b)

// ASSIGN_OR_RETURN(auto x, f()); passes an error on to the caller.
#define ASSIGN_OR_RETURN(lhs, expr) HADA_ASSIGN_OR_RETURN(HADA_CONCAT(hada_result_, __LINE__), lhs, expr)
#define HADA_ASSIGN_OR_RETURN(tmp, lhs, expr)                              \
  auto tmp = (expr);                                                       \
  if (!tmp.has_value()) return ::hada::Unexpected(std::move(tmp).error()); \
  lhs = std::move(tmp).value()

// RETURN_IF_ERROR(f()); for a Status.
#define RETURN_IF_ERROR(expr)                                    \
  do {                                                           \
    if (auto hada_status = (expr); !hada_status.has_value())     \
      return ::hada::Unexpected(std::move(hada_status).error()); \
  } while (false)
