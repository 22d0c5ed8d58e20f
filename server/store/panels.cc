#include "server/store/panels.h"

#include <algorithm>
#include <tuple>

#include "contract/panel_rules.h"

namespace hada::store {

bool PanelRow::holds(const std::string& user_id) const {
  return std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.user_id == user_id; });
}

bool PanelRow::complete() const {
  return std::all_of(members.begin(), members.end(), [](const auto& m) { return !m.term.empty(); });
}

bool PanelRow::awaits(const PanelMemberRow& member) const {
  return complete() ? member.user_id == convener : member.term.empty();
}

std::string PanelRow::term() const {
  std::vector<std::string> answers;
  for (const PanelMemberRow& member : members) answers.push_back(member.term);
  return contract::panel_term(mode, answers);
}

namespace panels {
namespace {

Result<std::optional<PanelRow>> select_one(Tx& tx, const std::string& where, const Params& params) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT panel_id, case_id, mode, convener, rationale, created_us, closed_us "
                            "FROM panels " +
                                where,
                            params));
  if (rows.empty()) return std::optional<PanelRow>();
  PanelRow panel;
  panel.panel_id = rows[0].text(0);
  panel.case_id = rows[0].text(1);
  panel.mode = static_cast<PanelMode>(rows[0].integer(2));
  panel.convener = rows[0].text(3);
  panel.rationale = rows[0].text(4);
  panel.created_us = rows[0].integer(5);
  panel.closed = rows[0].integer(6) != 0;
  ASSIGN_OR_RETURN(const Rows members,
                   tx.query("SELECT m.user_id, u.display_name, m.term, m.rationale FROM panel_members m "
                            "LEFT JOIN users u ON u.user_id = m.user_id WHERE m.panel_id = :panel "
                            "ORDER BY m.user_id",
                            {{"panel", panel.panel_id}}));
  for (const Row& r : members) panel.members.push_back({r.text(0), r.text(1), r.text(2), r.text(3)});
  std::stable_partition(panel.members.begin(), panel.members.end(),
                        [&](const PanelMemberRow& m) { return m.user_id == panel.convener; });
  return std::optional<PanelRow>(std::move(panel));
}

}  // namespace

Status insert(Tx& tx, const PanelRow& panel, int64_t case_seq) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO panels (panel_id, case_id, mode, convener, rationale, created_us) "
              "VALUES (:panel, :case_id, :mode, :convener, :rationale, :now)",
              {{"panel", panel.panel_id},
               {"case_id", panel.case_id},
               {"mode", static_cast<int32_t>(panel.mode)},
               {"convener", panel.convener},
               {"rationale", panel.rationale},
               {"now", panel.created_us}}));
  for (const PanelMemberRow& member : panel.members)
    RETURN_IF_ERROR(
        tx.exec("INSERT INTO panel_members (panel_id, user_id, case_seq) VALUES (:panel, :user, :seq)",
                {{"panel", panel.panel_id}, {"user", member.user_id}, {"seq", case_seq}}));
  return {};
}

Result<std::optional<PanelRow>> find(Tx& tx, const std::string& panel_id) {
  return select_one(tx, "WHERE panel_id = :panel", {{"panel", panel_id}});
}

Result<std::optional<PanelRow>> open_of_case(Tx& tx, const std::string& case_id) {
  return select_one(tx, "WHERE case_id = :case_id AND closed_us = 0", {{"case_id", case_id}});
}

Status answer(Tx& tx, PanelRow& panel, const PanelMemberRow& said, int64_t seq, int64_t now_us) {
  for (PanelMemberRow& member : panel.members) {
    if (member.user_id != said.user_id) continue;
    member.term = said.term;
    member.rationale = said.rationale;
  }
  for (const PanelMemberRow& member : panel.members)
    RETURN_IF_ERROR(
        tx.exec("UPDATE panel_members SET term = :term, rationale = :rationale, awaited = :awaited "
                "WHERE panel_id = :panel AND user_id = :user",
                {{"term", member.term},
                 {"rationale", member.rationale},
                 {"awaited", panel.awaits(member)},
                 {"panel", panel.panel_id},
                 {"user", member.user_id}}));
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO panel_answers (seq, panel_id, user_id, term, rationale, created_us) "
              "VALUES (:seq, :panel, :user, :term, :rationale, :now)",
              {{"seq", seq},
               {"panel", panel.panel_id},
               {"user", said.user_id},
               {"term", said.term},
               {"rationale", said.rationale},
               {"now", now_us}}));
  return {};
}

Status close(Tx& tx, const std::string& case_id, int64_t now_us) {
  ASSIGN_OR_RETURN(const Rows closed,
                   tx.query("UPDATE panels SET closed_us = :now WHERE case_id = :case_id AND closed_us = 0 "
                            "RETURNING panel_id",
                            {{"now", now_us}, {"case_id", case_id}}));
  for (const Row& row : closed)
    RETURN_IF_ERROR(
        tx.exec("UPDATE panel_members SET awaited = 0 WHERE panel_id = :panel", {{"panel", row.text(0)}}));
  return {};
}

Result<std::vector<PanelMemberRow>> candidates(Tx& tx, const std::string& case_id, const std::string& site_id,
                                               const std::string& user_id, int32_t limit) {
  const std::string of_one = user_id.empty() ? "" : "AND g.user_id = :user ";
  Params params = {{"qa", static_cast<int32_t>(Role::QaReviewer)},
                   {"site", site_id},
                   {"case_id", case_id},
                   {"limit", limit}};
  if (!user_id.empty()) params.emplace_back("user", user_id);
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT u.user_id, u.display_name FROM role_grants g JOIN users u ON u.user_id = g.user_id "
               "WHERE g.role = :qa AND g.site_id IN ('', :site) " +
                   of_one +
                   "AND u.disabled = 0 AND u.home_site <> :site AND NOT EXISTS (SELECT 1 FROM reads r "
                   "WHERE r.case_id = :case_id AND r.user_id = u.user_id) LIMIT :limit",
               params));
  std::vector<PanelMemberRow> found;
  for (const Row& r : rows) found.push_back({r.text(0), r.text(1), {}, {}});
  // Somebody may be granted the role for all sites and for this one.
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.display_name, a.user_id) < std::tie(b.display_name, b.user_id);
  });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const auto& a, const auto& b) { return a.user_id == b.user_id; }),
              found.end());
  return found;
}

}  // namespace panels
}  // namespace hada::store
