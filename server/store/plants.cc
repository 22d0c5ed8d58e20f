#include "server/store/plants.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "server/store/events.h"
#include "server/store/images.h"

namespace hada::store::plants {
namespace {

// Of a reader's earlier reads, how many are looked at for one that may come back.
constexpr int32_t kRepeatsLookedAt = 32;
// How far from its neighbour a copy may come to stand in the lists.
constexpr int32_t kPlacesLookedAt = 64;

// Runs a search for one case id for each of the reader's sites, until one finds something. `sql` is called
// with what narrows `c` to the site.
Result<std::optional<std::string>> at_sites(Tx& tx, const Reader& reader, const Params& common,
                                            const std::function<std::string(const std::string&)>& sql) {
  std::string where = reader.not_of_site.empty() ? "" : " AND c.site_id <> :not_of_site";
  // Of the few rows that an index by tier or by reader finds: an index by site would find too many.
  if (!reader.sites.empty()) where += " AND c.site_id || '' = :site";
  for (size_t i = 0; i < std::max<size_t>(reader.sites.size(), 1); ++i) {
    Params params = common;
    params.emplace_back("user", reader.user);
    if (!reader.not_of_site.empty()) params.emplace_back("not_of_site", reader.not_of_site);
    if (!reader.sites.empty()) params.emplace_back("site", reader.sites[i]);
    ASSIGN_OR_RETURN(const Rows rows, tx.query(sql(where), params));
    if (!rows.empty()) return std::optional<std::string>(rows[0].text(0));
  }
  return std::optional<std::string>();
}

// A place that no case has, as soon as possible after `seq`, so that the copy follows its neighbour in lists;
// `last` where there is no room near.
Result<int64_t> place_after(Tx& tx, int64_t seq, int64_t last) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT seq FROM cases WHERE seq > :seq ORDER BY seq LIMIT :limit",
                            {{"seq", seq}, {"limit", kPlacesLookedAt}}));
  int64_t place = seq + 1;
  for (const Row& row : rows) {
    if (row.integer(0) != place) break;
    ++place;
  }
  return rows.size() == static_cast<size_t>(kPlacesLookedAt) && place == seq + 1 + kPlacesLookedAt ? last
                                                                                                   : place;
}

Status copy_images(Tx& tx, const Planting& p, const std::string& case_id, int64_t seq,
                   const std::function<std::string()>& new_id) {
  ASSIGN_OR_RETURN(const std::vector<ImageRow> images, images_of_case(tx, p.original.case_id));
  for (ImageRow image : images) {
    if (image.state != ImageState::Ready) continue;
    image.image_id = new_id();
    image.case_id = case_id;
    // The same files come again one day: they are no duplicate of the copy.
    image.bundle_hash = image.image_id;
    RETURN_IF_ERROR(insert_image(tx, image, {}));
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO case_kinds (case_id, kind, seq, state, site_id, readable) "
                "VALUES (:case_id, :kind, :seq, :state, :site, 0) ON CONFLICT (case_id, kind) DO NOTHING",
                {{"case_id", case_id},
                 {"kind", static_cast<int32_t>(image.kind)},
                 {"seq", seq},
                 {"state", static_cast<int32_t>(CaseState::Open)},
                 {"site", p.original.site_id}}));
  }
  return {};
}

}  // namespace

Result<int64_t> unread(Tx& tx, const std::string& user) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT COUNT(*) FROM cases WHERE planted_for = :user "
                                             "AND planted_for <> '' AND readable = 1",
                                             {{"user", user}}));
  return rows[0].integer(0);
}

Result<std::optional<std::string>> find_gold(Tx& tx, const Reader& reader, int64_t from_seq) {
  return at_sites(tx, reader, {{"from", from_seq}}, [](const std::string& at_site) {
    // The plus keeps the planner from an index by state: only the few of tier gold are looked through.
    return "SELECT c.case_id FROM cases c WHERE c.tier = 3 AND c.planted_for = '' AND c.seq >= :from "
           "AND +c.state IN (4, 5, 7, 10, 11) AND c.decided_term <> '' AND c.pending_images = 0 "
           "AND c.ready_images > 0" +
           at_site +
           " AND NOT EXISTS (SELECT 1 FROM case_readers r WHERE r.case_id = c.case_id AND r.user_id = :user) "
           "AND NOT EXISTS (SELECT 1 FROM cases p WHERE p.planted_for = :user AND p.planted_for <> '' "
           "AND p.plant_of = c.case_id) ORDER BY c.seq LIMIT 1";
  });
}

Result<std::optional<std::string>> find_repeat(Tx& tx, const Reader& reader, int64_t from_us,
                                               int64_t before_us) {
  return at_sites(
      tx, reader, {{"from", from_us}, {"before", before_us}, {"looked_at", kRepeatsLookedAt}},
      [](const std::string& at_site) {
        return "SELECT c.case_id FROM (SELECT r.case_id, r.created_us FROM reads r WHERE r.user_id = :user "
               "AND r.late = 0 AND r.purpose = 1 AND r.created_us >= :from AND r.created_us < :before "
               "ORDER BY r.created_us LIMIT :looked_at) t JOIN cases c ON c.case_id = t.case_id "
               "WHERE c.state NOT IN (12, 13, 15) AND c.pending_images = 0 AND c.ready_images > 0" +
               at_site +
               " AND NOT EXISTS (SELECT 1 FROM case_readers s WHERE s.case_id = c.case_id "
               "AND s.user_id = :user AND s.revealed_us > 0) "
               "AND NOT EXISTS (SELECT 1 FROM cases p WHERE p.planted_for = :user AND p.planted_for <> '' "
               "AND p.plant_of = c.case_id) ORDER BY t.created_us LIMIT 1";
      });
}

Result<std::optional<int64_t>> first_vote_us(Tx& tx, const std::string& user) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT created_us FROM reads WHERE user_id = :user "
                                             "AND late = 0 AND purpose = 1 ORDER BY created_us LIMIT 1",
                                             {{"user", user}}));
  if (rows.empty()) return std::optional<int64_t>();
  return std::optional<int64_t>(rows[0].integer(0));
}

Result<std::optional<int64_t>> next_arrival_us(Tx& tx, int64_t seq) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT created_us FROM cases WHERE seq > :seq ORDER BY seq LIMIT 1", {{"seq", seq}}));
  if (rows.empty()) return std::optional<int64_t>();
  return std::optional<int64_t>(rows[0].integer(0));
}

Result<std::string> plant(Tx& tx, const Planting& p, const std::function<std::string()>& new_id,
                          const Act& act) {
  const std::string case_id = new_id();
  // Told of no case: a reader follows what happens to theirs.
  const nlohmann::json detail = {{"of", contract::case_name(p.original.case_id)},
                                 {"purpose", p.purpose == ReadPurpose::Gold ? "gold" : "repeat"}};
  ASSIGN_OR_RETURN(const int64_t event, record_event(tx, {.actor = act.actor,
                                                          .verb = "plant_case",
                                                          .subject = contract::case_name(case_id),
                                                          .case_id = {},
                                                          .detail_json = detail.dump(),
                                                          .at_us = act.now_us}));
  ASSIGN_OR_RETURN(const int64_t seq, place_after(tx, p.beside.seq, event * kPlacesPerCase));
  RETURN_IF_ERROR(tx.exec(
      "INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, lesion_key, state, fields, tier, "
      "first_votes, read_limit, ready_images, refused_images, created_us, updated_us, planted_for, plant_of) "
      "SELECT "
      ":case_id, :seq, site_id, :case_id, patient_key, lesion_key, :state, fields, :tier, 1, 1, "
      "ready_images, refused_images, :created, :created, :user, case_id FROM cases WHERE case_id = :original",
      {{"case_id", case_id},
       {"seq", seq},
       {"state", static_cast<int32_t>(CaseState::Open)},
       {"tier", static_cast<int32_t>(p.beside.tier)},
       {"created", p.created_us},
       {"user", p.user},
       {"original", p.original.case_id}}));
  RETURN_IF_ERROR(tx.exec("INSERT INTO read_slots (case_id, slot, purpose) VALUES (:case_id, 1, :purpose)",
                          {{"case_id", case_id}, {"purpose", static_cast<int32_t>(p.purpose)}}));
  RETURN_IF_ERROR(copy_images(tx, p, case_id, seq, new_id));
  ASSIGN_OR_RETURN(CaseRow row, cases::get(tx, case_id));
  RETURN_IF_ERROR(cases::save(tx, row, act));
  return case_id;
}

}  // namespace hada::store::plants
