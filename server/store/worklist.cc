#include "server/store/worklist.h"

#include <algorithm>
#include <tuple>

#include "contract/review_rules.h"

namespace hada::store {
namespace {

constexpr int32_t kMinPiece = 8;

// Calls fn with a pointer to each element, or once with null when there is none to choose by.
template <class T, class Fn>
void each_or_any(const std::vector<T>& values, Fn fn) {
  if (values.empty()) fn(static_cast<const T*>(nullptr));
  for (const T& value : values) fn(&value);
}

std::vector<CaseState> offered_states(const std::vector<CaseState>& asked) {
  std::vector<CaseState> offered = contract::states_allowing(contract::Verb::Claim, Role::Dermatologist);
  if (!asked.empty())
    std::erase_if(offered,
                  [&](CaseState s) { return std::find(asked.begin(), asked.end(), s) == asked.end(); });
  return offered;
}

}  // namespace

Worklist::Worklist(Tx& tx, const std::vector<WorklistSource>& sources, Place after, int32_t page) : tx_(tx) {
  for (const WorklistSource& source : sources) {
    std::vector<CaseState> states = source.states;
    // What can be offered lies in a few states; naming them is what lets one index serve every filter.
    if (source.of == WorklistSource::Of::Offers) {
      states = offered_states(source.states);
      if (states.empty()) continue;
    }
    each_or_any(source.sites, [&](const std::string* site) {
      each_or_any(states, [&](const CaseState* state) {
        each_or_any(source.kinds, [&](const ImageKind* kind) { add(source, site, state, kind, after); });
      });
    });
  }
  const auto share = page / static_cast<int32_t>(std::max<size_t>(streams_.size(), 1)) + 1;
  for (Stream& stream : streams_) stream.limit = std::max(kMinPiece, share);
}

void Worklist::add(const WorklistSource& source, const std::string* site, const CaseState* state,
                   const ImageKind* kind, Place after) {
  Stream stream;
  stream.after = after;
  stream.by_doubt = source.by_doubt;
  std::string where;
  const auto also = [&](std::string_view condition) {
    where += where.empty() ? " WHERE " : " AND ";
    where += condition;
  };

  if (source.of == WorklistSource::Of::Reads) {
    also("c.user_id = :user");
    stream.params.emplace_back("user", source.user);
    if (source.returned) also("c.returned = 1");
    if (state) also("c.shown_state = :state");
    if (kind) also("EXISTS (SELECT 1 FROM case_kinds k WHERE k.case_id = c.case_id AND k.kind = :kind)");
    also("c.case_seq > :after");
    stream.sql = "SELECT c.case_seq FROM reads c" + where + " ORDER BY c.case_seq LIMIT :limit";
  } else if (source.of == WorklistSource::Of::Panels) {
    also("c.user_id = :user AND c.awaited = 1 AND c.case_seq > :after");
    stream.params.emplace_back("user", source.user);
    if (kind)
      also(
          "EXISTS (SELECT 1 FROM cases k JOIN case_kinds i ON i.case_id = k.case_id "
          "WHERE k.seq = c.case_seq AND i.kind = :kind)");
    stream.sql = "SELECT c.case_seq FROM panel_members c" + where + " ORDER BY c.case_seq LIMIT :limit";
  } else {
    if (site) {
      also("c.site_id = :site");
      stream.params.emplace_back("site", *site);
    }
    if (kind) also("c.kind = :kind");
    if (state) also("c.state = :state");
    also(source.by_doubt ? "(c.certainty, c.seq) > (:certainty, :after)" : "c.seq > :after");
    if (source.of == WorklistSource::Of::Offers) {
      also("c.readable = 1");
      if (source.tier != CaseTier::Unspecified) {
        also("c.tier = :tier");
        // For the index over the few that are not standard.
        if (source.tier != CaseTier::Standard) also("c.tier > 1");
        stream.params.emplace_back("tier", static_cast<int32_t>(source.tier));
      }
      also("NOT EXISTS (SELECT 1 FROM reads r WHERE r.user_id = :user AND r.case_seq = c.seq)");
      also(
          "NOT EXISTS (SELECT 1 FROM case_readers s WHERE s.case_id = c.case_id AND s.user_id = :user "
          "AND s.revealed_us > 0)");
      also(
          "EXISTS (SELECT 1 FROM read_slots s WHERE s.case_id = c.case_id AND s.read_id = '' "
          "AND (s.holder = '' OR s.holder = :user OR s.lease_until_us <= :now))");
      stream.params.emplace_back("now", source.now_us);
    }
    // A copy exists for the one reader it was made for.
    also(kind ? "EXISTS (SELECT 1 FROM cases p WHERE p.case_id = c.case_id AND p.planted_for IN ('', :user))"
              : "c.planted_for IN ('', :user)");
    stream.params.emplace_back("user", source.user);
    if (!source.not_of_site.empty()) {
      also("c.site_id <> :not_of_site");
      stream.params.emplace_back("not_of_site", source.not_of_site);
    }
    if (!source.not_read_by.empty()) {
      also("NOT EXISTS (SELECT 1 FROM reads r WHERE r.user_id = :not_read_by AND r.case_seq = c.seq)");
      stream.params.emplace_back("not_read_by", source.not_read_by);
    }
    const std::string_view order = source.by_doubt ? "c.certainty, c.seq" : "c.seq";
    stream.sql = "SELECT ";
    stream.sql.append(order).append(kind ? " FROM case_kinds c" : " FROM cases c").append(where);
    stream.sql.append(" ORDER BY ").append(order).append(" LIMIT :limit");
  }
  if (state) stream.params.emplace_back("state", static_cast<int32_t>(*state));
  if (kind) stream.params.emplace_back("kind", static_cast<int32_t>(*kind));
  streams_.push_back(std::move(stream));
}

Status Worklist::fill(Stream& stream) {
  if (stream.at < stream.piece.size() || stream.ended) return {};
  Params params = stream.params;
  if (stream.by_doubt) params.emplace_back("certainty", stream.after.certainty);
  params.emplace_back("after", stream.after.seq);
  params.emplace_back("limit", stream.limit);
  ASSIGN_OR_RETURN(const Rows rows, tx_.query(stream.sql, params));
  stream.piece.clear();
  stream.at = 0;
  for (const Row& row : rows)
    stream.piece.push_back(stream.by_doubt ? Place(row.integer(0), row.integer(1)) : Place(row.integer(0)));
  stream.ended = static_cast<int32_t>(rows.size()) < stream.limit;
  if (!stream.piece.empty()) stream.after = stream.piece.back();
  // One stream may turn out to carry the whole page.
  stream.limit = std::min(stream.limit * 2, 512);
  return {};
}

Result<std::optional<Place>> Worklist::next() {
  std::optional<Place> first;
  for (Stream& stream : streams_) {
    RETURN_IF_ERROR(fill(stream));
    if (stream.at < stream.piece.size() && (!first || stream.piece[stream.at] < *first))
      first = stream.piece[stream.at];
  }
  // A case in several streams (two of the kinds asked for, say) is passed in all of them.
  if (first)
    for (Stream& stream : streams_)
      while (stream.at < stream.piece.size() && stream.piece[stream.at] == *first) ++stream.at;
  return first;
}

Result<std::vector<ListedImage>> listed_images(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT image_id, kind, ordinal FROM images WHERE case_id = :case_id AND state = :ready",
               {{"case_id", case_id}, {"ready", static_cast<int32_t>(ImageState::Ready)}}));
  std::vector<std::tuple<int64_t, int64_t, std::string>> keys;  // kinds are numbered in display order
  for (const Row& r : rows) keys.emplace_back(r.integer(1), r.integer(2), r.text(0));
  std::sort(keys.begin(), keys.end());
  std::vector<ListedImage> images;
  for (auto& [kind, ordinal, id] : keys) images.push_back({std::move(id), static_cast<ImageKind>(kind)});
  return images;
}

}  // namespace hada::store
