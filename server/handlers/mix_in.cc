#include "server/handlers/mix_in.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/core/access.h"
#include "server/core/clock.h"
#include "server/core/ids.h"
#include "server/store/plants.h"

namespace hada::handlers {
namespace {

// A reader who leaves copies unread is given no more of them.
constexpr int64_t kMostUnread = 3;
constexpr int64_t kDayUs = 24 * 60 * core::kMinuteUs;
// A copy is told to have arrived up to so long after the case beside it.
constexpr int64_t kApartUs = 2'000'000;

std::optional<store::ReadPurpose> drawn(const contract::Policy& policy) {
  // The rates are of all reads; here they are of those that vote.
  const double votes = 100 - policy.gold_percent - policy.repeat_percent;
  const double draw = core::random_fraction() * votes;
  if (draw < policy.gold_percent) return store::ReadPurpose::Gold;
  if (draw < policy.gold_percent + policy.repeat_percent) return store::ReadPurpose::Repeat;
  return std::nullopt;
}

// Begins at a random place, and at the beginning where there is nothing behind it.
template <class Find>
Result<std::optional<std::string>> find_somewhere(int64_t first, int64_t end, Find find) {
  const auto from = first + static_cast<int64_t>(core::random_fraction() *
                                                 static_cast<double>(std::max<int64_t>(end - first, 0)));
  ASSIGN_OR_RETURN(std::optional<std::string> found, find(from));
  if (found || from == first) return found;
  return find(first);
}

Result<std::optional<std::string>> find_original(store::Tx& tx, const store::plants::Reader& reader,
                                                 store::ReadPurpose purpose, int64_t newest_seq,
                                                 int64_t read_before_us) {
  if (purpose == store::ReadPurpose::Gold)
    return find_somewhere(0, newest_seq,
                          [&](int64_t from) { return store::plants::find_gold(tx, reader, from); });
  ASSIGN_OR_RETURN(const auto first, store::plants::first_vote_us(tx, reader.user));
  if (!first || *first >= read_before_us) return std::optional<std::string>();
  return find_somewhere(*first, read_before_us, [&](int64_t from) {
    return store::plants::find_repeat(tx, reader, from, read_before_us);
  });
}

}  // namespace

Status mix_in(const core::Context& context, store::Tx& tx, const contract::Policy& policy,
              const store::CaseRow& given) {
  const auto purpose = drawn(policy);
  const auto sites = core::sites_of(context.caller, {Role::Dermatologist});
  if (!purpose || !sites) return {};
  const std::string& user = context.caller.user_id;
  ASSIGN_OR_RETURN(const int64_t unread, store::plants::unread(tx, user));
  if (unread >= kMostUnread) return {};

  const int64_t now = context.services.clock.now_us();
  const store::plants::Reader reader{user, *sites, policy.own_site_reading ? "" : context.caller.home_site};
  ASSIGN_OR_RETURN(const auto found,
                   find_original(tx, reader, *purpose, given.seq, now - policy.repeat_after_days * kDayUs));
  if (!found) return {};
  ASSIGN_OR_RETURN(store::CaseRow original, store::cases::get(tx, *found));
  // It arrived between its neighbours.
  ASSIGN_OR_RETURN(const auto next_us, store::plants::next_arrival_us(tx, given.seq));
  const int64_t apart = std::max<int64_t>(std::min(next_us.value_or(now), now) - given.created_us, 0);
  store::plants::Planting planting{std::move(original), user, *purpose, given, given.created_us};
  planting.created_us +=
      static_cast<int64_t>(core::random_fraction() * static_cast<double>(std::min(apart, kApartUs)));
  RETURN_IF_ERROR(store::plants::plant(tx, planting, [&] { return core::new_id(planting.created_us / 1000); },
                                       {"system", now}));
  return {};
}

}  // namespace hada::handlers
