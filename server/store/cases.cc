#include "server/store/cases.h"

#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "contract/review_rules.h"
#include "server/store/decisions.h"
#include "server/store/events.h"
#include "server/store/panels.h"
#include "server/store/policies.h"
#include "server/store/reads.h"

namespace hada::store::cases {
namespace {

using Fields = std::map<std::string, std::string>;

Unexpected bad_field(const std::string& field, const std::string& expected) {
  return Unexpected(Error{ErrorCode::InvalidArgument,
                          "BAD_FIELD",
                          "field " + field + ": expected " + expected,
                          {{"field", field}, {"expected", expected}}});
}

Unexpected no_such_case(const std::string& case_id) {
  const std::string name = contract::case_name(case_id);
  return Unexpected(
      Error{ErrorCode::NotFound, "NO_SUCH_RESOURCE", "no such resource: " + name, {{"resource", name}}});
}

Fields fields_from_json(const std::string& text) {
  Fields fields;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return fields;
  for (const auto& [name, value] : json.items())
    if (value.is_string()) fields[name] = value.get<std::string>();
  return fields;
}

std::string to_json(const Fields& fields) { return nlohmann::json(fields).dump(); }

// Fills in what was missing; true when there was something. What is known is not overwritten: images of one
// patient or case that contradict each other are a mistake in the manifest, and which of them is right is not
// ours to guess.
Result<bool> fill_in(Fields& known, const Fields& given) {
  bool filled = false;
  for (const auto& [name, value] : given) {
    if (value.empty()) continue;
    const auto [at, missing] = known.try_emplace(name, value);
    filled = filled || missing;
    if (!missing && at->second != value) return bad_field(name, "the value that is already recorded");
  }
  return filled;
}

Status place_patient(Tx& tx, const Arrival& a) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT fields FROM patients WHERE site_id = :site AND patient_key = :patient",
                            {{"site", a.site_id}, {"patient", a.patient_key}}));
  Fields fields = rows.empty() ? Fields{} : fields_from_json(rows[0].text(0));
  ASSIGN_OR_RETURN(const bool filled, fill_in(fields, a.patient_fields));
  if (!rows.empty() && !filled) return {};
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO patients (site_id, patient_key, fields) VALUES (:site, :patient, :fields) "
              "ON CONFLICT (site_id, patient_key) DO UPDATE SET fields = excluded.fields",
              {{"site", a.site_id}, {"patient", a.patient_key}, {"fields", to_json(fields)}}));
  return {};
}

Status place_lesion(Tx& tx, const Arrival& a) {
  if (a.lesion_key.empty()) return {};
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT patient_key FROM lesions WHERE site_id = :site AND lesion_key = :lesion",
                            {{"site", a.site_id}, {"lesion", a.lesion_key}}));
  if (!rows.empty()) {
    if (rows[0].text(0) != a.patient_key) return bad_field("lesion_id", "a lesion of this patient");
    return {};
  }
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO lesions (site_id, lesion_key, patient_key) VALUES (:site, :lesion, :patient)",
              {{"site", a.site_id}, {"lesion", a.lesion_key}, {"patient", a.patient_key}}));
  return {};
}

Result<Placed> create(Tx& tx, const Arrival& a, const Act& act) {
  ASSIGN_OR_RETURN(const contract::Policy policy, policies::current(tx));
  Fields fields;
  RETURN_IF_ERROR(fill_in(fields, a.case_fields));
  // The event's number is the case's place in every list: both are in commit order.
  ASSIGN_OR_RETURN(const int64_t seq, record_event(tx, {.actor = act.actor,
                                                        .verb = "create_case",
                                                        .subject = contract::case_name(a.new_case_id),
                                                        .case_id = a.new_case_id,
                                                        .detail_json = {},
                                                        .at_us = act.now_us}));
  RETURN_IF_ERROR(tx.exec(
      "INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, lesion_key, state, fields, "
      "tier, first_votes, read_limit, created_us, updated_us) VALUES (:case_id, :seq, :site, :case_key, "
      ":patient, :lesion, :state, :fields, :tier, :votes, :votes, :now, :now)",
      {{"case_id", a.new_case_id},
       {"seq", seq * kPlacesPerCase},
       {"site", a.site_id},
       {"case_key", a.case_key},
       {"patient", a.patient_key},
       {"lesion", a.lesion_key},
       {"state", static_cast<int32_t>(CaseState::Open)},
       {"fields", to_json(fields)},
       {"tier", static_cast<int32_t>(CaseTier::Standard)},
       {"votes", policy.votes_default},
       {"now", act.now_us}}));
  for (int32_t slot = 0; slot < policy.votes_default; ++slot) RETURN_IF_ERROR(add_slot(tx, a.new_case_id));
  return Placed{a.new_case_id, true, false};
}

// What a case rests on has grown: an approval is void; a returned case is open again and its readers are
// asked to look again.
Status supply_data(Tx& tx, CaseRow& row, const Act& act) {
  ASSIGN_OR_RETURN(const CaseState next,
                   contract::next_state(row.state, contract::Verb::SupplyData, Role::Unspecified,
                                        {.before = row.decided_state}));
  if (next == row.state) return {};
  if (row.state == CaseState::Approved) return void_approval(tx, row, next, act);
  row.state = next;
  row.votes = 0;
  row.decided_term.clear();
  row.decided_state = CaseState::Unspecified;
  row.decision_code = RejectCode::Unspecified;
  row.returned_to = ReturnTo::Unspecified;
  RETURN_IF_ERROR(reads::ask_all_again(tx, row.case_id));
  RETURN_IF_ERROR(record_event(tx, {.actor = act.actor,
                                    .verb = "supply_data",
                                    .subject = contract::case_name(row.case_id),
                                    .case_id = row.case_id,
                                    .detail_json = {},
                                    .at_us = act.now_us}));
  return {};
}

constexpr std::string_view kSelect =
    "SELECT c.case_id, c.seq, c.site_id, c.patient_key, c.lesion_key, c.state, c.fields, c.read_limit, "
    "c.votes, "
    "c.readable, c.ready_images, c.pending_images, c.refused_images, c.decided_term, c.decided_state, "
    "c.decision_code, c.revision, c.created_us, c.updated_us, c.tier, c.first_votes, "
    "c.planted_for, p.fields, c.returned_to FROM cases c "
    "LEFT JOIN patients p ON p.site_id = c.site_id AND p.patient_key = c.patient_key ";

CaseRow from_row(const Row& r) {
  CaseRow row;
  row.case_id = r.text(0);
  row.seq = r.integer(1);
  row.site_id = r.text(2);
  row.patient_key = r.text(3);
  row.lesion_key = r.text(4);
  row.state = static_cast<CaseState>(r.integer(5));
  row.fields = fields_from_json(r.text(6));
  row.read_limit = static_cast<int32_t>(r.integer(7));
  row.votes = static_cast<int32_t>(r.integer(8));
  row.readable = r.integer(9) != 0;
  row.ready_images = static_cast<int32_t>(r.integer(10));
  row.pending_images = static_cast<int32_t>(r.integer(11));
  row.refused_images = static_cast<int32_t>(r.integer(12));
  row.decided_term = r.text(13);
  row.decided_state = static_cast<CaseState>(r.integer(14));
  row.decision_code = static_cast<RejectCode>(r.integer(15));
  row.revision = r.integer(16);
  row.created_us = r.integer(17);
  row.updated_us = r.integer(18);
  row.tier = static_cast<CaseTier>(r.integer(19));
  row.first_votes = static_cast<int32_t>(r.integer(20));
  row.planted_for = r.text(21);
  row.patient_fields = fields_from_json(r.text(22));
  row.returned_to = static_cast<ReturnTo>(r.integer(23));
  return row;
}

Status withdraw_copies(Tx& tx, const std::string& case_id) {
  const Params params = {{"withdrawn", static_cast<int32_t>(CaseState::Withdrawn)}, {"case_id", case_id}};
  RETURN_IF_ERROR(
      tx.exec("UPDATE case_kinds SET state = :withdrawn, readable = 0 WHERE case_id IN "
              "(SELECT case_id FROM cases WHERE plant_of = :case_id AND plant_of <> '')",
              params));
  RETURN_IF_ERROR(
      tx.exec("UPDATE cases SET state = :withdrawn, readable = 0, revision = revision + 1 "
              "WHERE plant_of = :case_id AND plant_of <> ''",
              params));
  return {};
}

bool is_readable(const CaseRow& row) {
  return contract::collects_votes(row.state) && row.votes < row.read_limit && row.pending_images == 0 &&
         row.ready_images > 0;
}

}  // namespace

Result<Placed> create_or_get(Tx& tx, const Arrival& a, const Act& act) {
  RETURN_IF_ERROR(place_patient(tx, a));
  RETURN_IF_ERROR(place_lesion(tx, a));
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query("SELECT case_id FROM cases WHERE site_id = :site AND case_key = :key",
                            {{"site", a.site_id}, {"key", a.case_key}}));
  if (rows.empty()) return create(tx, a, act);

  ASSIGN_OR_RETURN(CaseRow row, get(tx, rows[0].text(0)));
  if (row.patient_key != a.patient_key) return bad_field("patient_id", "the patient this case belongs to");
  if (row.state == CaseState::Withdrawn)
    return Unexpected(ErrorCode::FailedPrecondition, "WRONG_STATE", "the case has been withdrawn");
  bool changed = false;
  if (!a.lesion_key.empty() && a.lesion_key != row.lesion_key) {
    if (!row.lesion_key.empty()) return bad_field("lesion_id", "the lesion this case shows");
    row.lesion_key = a.lesion_key;
    changed = true;
  }
  ASSIGN_OR_RETURN(const bool filled, fill_in(row.fields, a.case_fields));
  changed = changed || filled;
  if (changed) {
    RETURN_IF_ERROR(
        tx.exec("UPDATE cases SET lesion_key = :lesion, fields = :fields WHERE case_id = :case_id",
                {{"lesion", row.lesion_key}, {"fields", to_json(row.fields)}, {"case_id", row.case_id}}));
    RETURN_IF_ERROR(supply_data(tx, row, act));
    RETURN_IF_ERROR(save(tx, row, act));
  }
  return Placed{row.case_id, false, changed};
}

Status image_added(Tx& tx, const std::string& case_id, const Act& act) {
  ASSIGN_OR_RETURN(CaseRow row, get(tx, case_id));
  ++row.pending_images;
  return save(tx, row, act);
}

Status image_finished(Tx& tx, const std::string& case_id, ImageKind kind, ImageState final_state,
                      const Act& act) {
  ASSIGN_OR_RETURN(CaseRow row, get(tx, case_id));
  if (row.pending_images > 0) --row.pending_images;
  if (final_state != ImageState::Ready) {
    ++row.refused_images;
    return save(tx, row, act);
  }
  ++row.ready_images;
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO case_kinds (case_id, kind, seq, state, site_id, readable) "
              "VALUES (:case_id, :kind, :seq, :state, :site, 0) ON CONFLICT (case_id, kind) DO NOTHING",
              {{"case_id", case_id},
               {"kind", static_cast<int32_t>(kind)},
               {"seq", row.seq},
               {"state", static_cast<int32_t>(row.state)},
               {"site", row.site_id}}));
  // A withdrawn case takes in nothing; its images only finish their checks.
  if (row.state != CaseState::Withdrawn) RETURN_IF_ERROR(supply_data(tx, row, act));
  return save(tx, row, act);
}

Result<CaseRow> get(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(const Rows rows,
                   tx.query(std::string(kSelect) + "WHERE c.case_id = :case_id", {{"case_id", case_id}}));
  if (rows.empty()) return no_such_case(case_id);
  return from_row(rows[0]);
}

Result<std::optional<Place>> place(Tx& tx, const std::string& case_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT site_id, state, planted_for, returned_to FROM cases WHERE case_id = :case_id",
               {{"case_id", case_id}}));
  if (rows.empty()) return std::optional<Place>();
  const Row& r = rows[0];
  return std::optional<Place>(
      {r.text(0), static_cast<CaseState>(r.integer(1)), r.text(2), static_cast<ReturnTo>(r.integer(3))});
}

Result<std::optional<CaseRow>> find_by_seq(Tx& tx, int64_t seq) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query(std::string(kSelect) + "WHERE c.seq = :seq", {{"seq", seq}}));
  if (rows.empty()) return std::optional<CaseRow>();
  return std::optional<CaseRow>(from_row(rows[0]));
}

Status save(Tx& tx, CaseRow& row, const Act& act) {
  row.readable = is_readable(row);
  row.updated_us = act.now_us;
  ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.exec("UPDATE cases SET state = :state, tier = :tier, first_votes = :first_votes, "
              "read_limit = :read_limit, votes = :votes, readable = :readable, "
              "ready_images = :ready, pending_images = :pending, refused_images = :refused, "
              "decided_term = :term, decided_state = :decided_state, decision_code = :code, "
              "returned_to = :returned_to, "
              "revision = revision + 1, updated_us = :now WHERE case_id = :case_id AND revision = :revision",
              {{"state", static_cast<int32_t>(row.state)},
               {"tier", static_cast<int32_t>(row.tier)},
               {"first_votes", row.first_votes},
               {"read_limit", row.read_limit},
               {"votes", row.votes},
               {"readable", row.readable},
               {"ready", row.ready_images},
               {"pending", row.pending_images},
               {"refused", row.refused_images},
               {"term", row.decided_term},
               {"decided_state", static_cast<int32_t>(row.decided_state)},
               {"code", static_cast<int32_t>(row.decision_code)},
               {"returned_to", static_cast<int32_t>(row.returned_to)},
               {"now", act.now_us},
               {"case_id", row.case_id},
               {"revision", row.revision}}));
  if (changed != 1)
    return Unexpected(ErrorCode::Aborted, "ETAG_MISMATCH", "the case has changed since it was read");
  ++row.revision;

  // Nobody is waited for on a case that is settled, however it came to be.
  if (!contract::allows(row.state, contract::Verb::Adjudicate, Role::QaReviewer))
    RETURN_IF_ERROR(panels::close(tx, row.case_id, act.now_us));
  // Consent that is withdrawn reaches the copies.
  if (row.state == CaseState::Withdrawn) RETURN_IF_ERROR(withdraw_copies(tx, row.case_id));

  const Params copies = {{"state", static_cast<int32_t>(row.state)}, {"case_id", row.case_id}};
  RETURN_IF_ERROR(
      tx.exec("UPDATE case_kinds SET state = :state, readable = :readable WHERE case_id = :case_id",
              {copies[0], {"readable", row.readable}, copies[1]}));
  RETURN_IF_ERROR(
      tx.exec("UPDATE reads SET shown_state = :state WHERE case_id = :case_id AND user_id IN "
              "(SELECT user_id FROM case_readers WHERE case_id = :case_id AND revealed_us > 0)",
              copies));
  return {};
}

Status void_last_decision(Tx& tx, const CaseRow& row, const std::string& verb, const Act& act) {
  ASSIGN_OR_RETURN(const int64_t seq, record_event(tx, {.actor = act.actor,
                                                        .verb = verb,
                                                        .subject = contract::case_name(row.case_id),
                                                        .case_id = row.case_id,
                                                        .detail_json = {},
                                                        .at_us = act.now_us}));
  ASSIGN_OR_RETURN(std::vector<DecisionRow> standing, decisions::standing(tx, row.case_id));
  DecisionRow reopening = standing.empty() ? DecisionRow{} : std::move(standing.back());
  reopening.decision_id = "void-" + std::to_string(seq);
  reopening.case_id = row.case_id;
  reopening.seq = seq;
  reopening.kind = DecisionKind::Reopen;
  reopening.decider = "system";
  reopening.rationale.clear();
  reopening.images.clear();
  reopening.sample.clear();
  reopening.panel_id.clear();
  reopening.created_us = act.now_us;
  return decisions::insert(tx, reopening);
}

Status void_approval(Tx& tx, CaseRow& row, CaseState next, const Act& act) {
  row.state = next;
  return void_last_decision(tx, row, "void_approval", act);
}

Status add_slot(Tx& tx, const std::string& case_id) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO read_slots (case_id, slot) SELECT :case_id, COALESCE(MAX(slot), 0) + 1 "
              "FROM read_slots WHERE case_id = :case_id",
              {{"case_id", case_id}}));
  return {};
}

}  // namespace hada::store::cases
