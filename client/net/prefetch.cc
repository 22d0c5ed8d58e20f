#include "client/net/prefetch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/net/convert.h"

namespace hada::net {
namespace {

Call call_for(const model::Effect& effect) { return make_call(effect, {}); }

// Tiles of one level of one image.
struct LevelOf {
  std::string image;
  int32_t level, columns, rows;
  int64_t count() const { return int64_t{columns} * rows; }
};

}  // namespace

std::shared_ptr<Prefetch> Prefetch::start(const model::effect::Prefetch& wish, Ask ask, AnswerStore& store,
                                          std::function<void(model::reply::Prefetched)> done) {
  const std::shared_ptr<Prefetch> prefetch(new Prefetch(wish, std::move(ask), store, std::move(done)));
  const Call first = call_for(model::effect::GetCase{0, wish.case_name});
  {
    std::lock_guard lock(prefetch->mutex_);
    prefetch->running_ = 1;
  }
  prefetch->ask_(first, [prefetch, first](Outcome outcome) {
    if (!outcome.error) prefetch->plan(outcome.bytes);
    prefetch->take(first, std::move(outcome));
  });
  return prefetch;
}

void Prefetch::stop() {
  std::lock_guard lock(mutex_);
  over_ = true;
  left_.clear();
}

Prefetch::Prefetch(const model::effect::Prefetch& wish, Ask ask, AnswerStore& store,
                   std::function<void(model::reply::Prefetched)> done)
    : case_name_(wish.case_name), ask_(std::move(ask)), store_(store), done_(std::move(done)) {
  reply_.ticket = wish.ticket;
  reply_.case_name = wish.case_name;
}

void Prefetch::plan(const std::string& case_bytes) {
  v1::Case parsed;
  if (!parsed.ParseFromString(case_bytes)) return;
  const model::Case value = to_model(parsed);
  std::deque<Call> calls = {call_for(model::effect::GetDraft{0, case_name_})};
  std::vector<LevelOf> levels;
  for (const model::Image& image : value.images) {
    calls.push_back(call_for(model::effect::GetImage{0, image.name}));
    calls.push_back(call_for(model::effect::GetThumbnail{0, image.name}));
    for (size_t i = 0; i < image.levels.size(); ++i)
      levels.push_back(
          {image.name, static_cast<int32_t>(i), image.levels[i].columns(), image.levels[i].rows()});
  }
  std::stable_sort(levels.begin(), levels.end(),
                   [](const LevelOf& a, const LevelOf& b) { return a.count() < b.count(); });
  for (const LevelOf& of : levels)
    for (int32_t row = 0; row < of.rows; ++row)
      for (int32_t column = 0; column < of.columns; ++column) {
        // A slide's finest level alone may have 50,000; no case gets as many.
        constexpr size_t kMostCalls = 20'000;
        if (calls.size() < kMostCalls)
          calls.push_back(call_for(model::effect::GetTile{0, of.image, {of.level, column, row}}));
      }
  std::lock_guard lock(mutex_);
  left_ = std::move(calls);
}

void Prefetch::pump() {
  for (;;) {
    Call call;
    {
      std::lock_guard lock(mutex_);
      if (over_ || running_ >= kAtOnce) return;
      while (!left_.empty() && store_.has(left_.front().method, left_.front().request)) left_.pop_front();
      if (left_.empty()) {
        if (running_ > 0) return;
        over_ = true;
      } else {
        call = std::move(left_.front());
        left_.pop_front();
        ++running_;
      }
    }
    if (call.method.empty()) return done_(reply_);
    ask_(call, [self = shared_from_this(), call](Outcome outcome) { self->take(call, std::move(outcome)); });
  }
}

void Prefetch::take(const Call& call, Outcome outcome) {
  {
    std::lock_guard lock(mutex_);
    --running_;
    if (over_) return;
    const Status kept =
        outcome.error ? Status() : store_.put(case_name_, call.method, call.request, outcome.bytes);
    const bool first = call.method.ends_with("/GetCase");
    const bool logged_out =
        outcome.error && outcome.error->code == static_cast<int>(ErrorCode::Unauthenticated);
    if (outcome.error && (first || logged_out || outcome.error->unavailable())) {
      reply_.error = outcome.error;
      left_.clear();
    } else if (!outcome.error) {  // else one broken tile
      bytes_ += static_cast<int64_t>(outcome.bytes.size());
      if (!kept || bytes_ > kBytesOfCase) left_.clear();
      if (!kept && first)
        reply_.error = model::ApiError{
            static_cast<int>(kept.error().code), kept.error().reason, kept.error().message, {}};
    }
  }
  pump();
}

}  // namespace hada::net
