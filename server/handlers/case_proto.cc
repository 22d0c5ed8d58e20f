#include "server/handlers/case_proto.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "contract/names.h"
#include "hada/v1/decision.pb.h"
#include "server/core/etag.h"
#include "server/handlers/settle.h"
#include "server/images/stored_image.h"
#include "server/store/decisions.h"
#include "server/store/worklist.h"

namespace hada::handlers {
namespace {

using Fields = std::map<std::string, std::string>;

std::string field(const Fields& fields, const std::string& name) {
  const auto it = fields.find(name);
  return it == fields.end() ? std::string() : it->second;
}

template <class Number>
Number number(const Fields& fields, const std::string& name, Number unknown) {
  const std::string text = field(fields, name);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? value : unknown;
}

std::string term_name_of(const std::string& id) {
  return id.empty() ? std::string() : contract::term_name(id);
}

void fill_context(v1::ClinicalContext& out, const store::CaseRow& row) {
  out.set_age(number<int32_t>(row.fields, "age", -1));
  out.set_sex(field(row.patient_fields, "sex"));
  out.set_fitzpatrick(field(row.patient_fields, "fitzpatrick"));
  out.set_anatom_site(field(row.fields, "anatom_site"));
  out.set_laterality(field(row.fields, "laterality"));
  out.set_duration(field(row.fields, "duration"));
  out.set_symptoms(field(row.fields, "symptoms"));
  out.set_clin_size_long_diam_mm(number<double>(row.fields, "clin_size_long_diam_mm", 0));
  out.set_distribution(field(row.fields, "distribution"));
}

void fill_opinion(v1::SiteOpinion& out, const store::CaseRow& row, const contract::Vocabulary& vocabulary) {
  out.set_site_diagnosis(field(row.fields, "site_diagnosis"));
  out.set_site_diagnosis_ja(field(row.fields, "site_diagnosis_ja"));
  out.set_pathology_diagnosis(field(row.fields, "pathology_diagnosis"));
  out.set_dx_confirm_type(field(row.fields, "dx_confirm_type"));
  std::string site_term = term_of_text(vocabulary, out.site_diagnosis());
  if (site_term.empty()) site_term = term_of_text(vocabulary, out.site_diagnosis_ja());
  out.set_site_diagnosis_term(term_name_of(site_term));
  out.set_pathology_diagnosis_term(term_name_of(term_of_text(vocabulary, out.pathology_diagnosis())));
}

// What lists and opened cases have in common.
v1::Case basic_case(const CaseView& view) {
  const store::CaseRow& row = view.row;
  v1::Case out;
  out.set_name(contract::case_name(row.case_id));
  out.set_state(static_cast<v1::CaseState>(view.listed_state()));
  fill_context(*out.mutable_context(), row);
  set_time(out.mutable_create_time(), row.created_us);
  out.set_read_by_caller(view.caller.has_read);
  out.set_leased_by_caller(view.caller.leased);
  out.set_pending_images(row.pending_images);
  out.set_refused_images(row.refused_images);
  if (view.lists_site()) {
    out.set_site(contract::site_name(row.site_id));
    if (view.staff) out.set_tier(static_cast<v1::CaseTier>(row.tier));
    out.set_votes_in(row.votes);
    out.set_votes_wanted(row.read_limit);
    out.set_etag(core::make_etag(row.revision));
    set_time(out.mutable_update_time(), row.updated_us);
  } else {
    // An etag or a time that moves would tell a blind reader when others submit.
    set_time(out.mutable_update_time(), row.created_us);
  }
  if (view.told_of_return()) {
    out.mutable_returned()->set_to(static_cast<v1::ReturnTo>(row.returned_to));
    out.mutable_returned()->set_code(reject_code_text(row.decision_code));
  } else if (view.caller.returned) {
    out.mutable_returned()->set_to(v1::RETURN_TO_READER);
  }
  if (view.sight == Sight::Full) {
    out.set_decided_term(term_name_of(row.decided_term));
    out.set_decision_code(reject_code_text(row.decision_code));
  }
  return out;
}

}  // namespace

Result<v1::Case> listed_case(store::Tx& tx, const CaseView& view) {
  v1::Case out = basic_case(view);
  ASSIGN_OR_RETURN(const auto images, store::listed_images(tx, view.row.case_id));
  for (const store::ListedImage& image : images) {
    v1::Image* added = out.add_images();
    added->set_name(contract::image_name(image.image_id));
    added->set_kind(static_cast<v1::ImageKind>(image.kind));
    added->set_state(v1::IMAGE_STATE_READY);
  }
  return out;
}

Result<v1::Case> opened_case(const core::Context& context, store::Tx& tx, const CaseView& view) {
  v1::Case out = basic_case(view);
  if (view.sight == Sight::Full)
    fill_opinion(*out.mutable_site_opinion(), view.row, context.services.vocabulary);
  if (out.returned().code().size() > 0) {
    ASSIGN_OR_RETURN(const auto why, store::decisions::last_return(tx, view.row.case_id));
    if (why) {
      out.mutable_returned()->set_comment(why->rationale);
      set_time(out.mutable_returned()->mutable_return_time(), why->created_us);
    }
  }
  ASSIGN_OR_RETURN(const auto images, store::images_of_case(tx, view.row.case_id));
  for (const store::ImageRow& image : images) {
    if (image.state != ImageState::Ready) continue;
    ASSIGN_OR_RETURN(*out.add_images(), image_message(view, image));
    if (view.sight == Sight::Full)
      out.mutable_images()->rbegin()->set_exclusion_code(reject_code_text(image.exclusion));
  }
  return out;
}

Result<v1::Image> image_message(const CaseView& view, const store::ImageRow& row) {
  v1::Image out;
  out.set_name(contract::image_name(row.image_id));
  out.set_case_(contract::case_name(row.case_id));
  out.set_kind(static_cast<v1::ImageKind>(row.kind));
  out.set_state(static_cast<v1::ImageState>(row.state));
  out.set_state_reason(row.state_reason);
  out.set_ordinal(row.ordinal);
  if (view.lists_site()) out.set_etag(core::make_etag(row.revision));
  Fields fields;
  const auto json = nlohmann::json::parse(row.fields, nullptr, /*allow_exceptions=*/false);
  for (const auto& [name, value] : json.items())
    if (value.is_string()) fields[name] = value.get<std::string>();
  out.set_stain(field(fields, "stain"));
  out.set_dermoscopic_type(field(fields, "dermoscopic_type"));
  out.set_image_manipulation(field(fields, "image_manipulation"));
  if (row.pyramid.empty()) return out;

  ASSIGN_OR_RETURN(const images::StoredImage stored, images::stored_image_from_json(row.pyramid));
  for (const contract::PyramidLevel& level : stored.pyramid()) {
    v1::PyramidLevel* added = out.add_levels();
    added->set_width(level.width);
    added->set_height(level.height);
    added->set_tile_width(level.tile_width);
    added->set_tile_height(level.tile_height);
    added->set_downsample(level.downsample);
  }
  // A resolution the scanner wrote goes before one the site typed.
  const double typed = number<double>(fields, "mpp", 0);
  out.set_mpp_x(stored.mpp_x > 0 ? stored.mpp_x : typed);
  out.set_mpp_y(stored.mpp_y > 0 ? stored.mpp_y : typed);
  out.set_objective(stored.objective);
  out.set_vendor(stored.vendor);
  out.set_background_rgb(stored.background_rgb);
  out.set_has_icc_profile(!stored.icc_blob.empty());
  return out;
}

std::string reject_code_text(RejectCode code) {
  if (code == RejectCode::Unspecified) return {};
  constexpr std::string_view kPrefix = "REJECT_CODE_";
  const std::string& name = v1::RejectCode_Name(static_cast<v1::RejectCode>(code));
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

void set_time(google::protobuf::Timestamp* time, int64_t us) {
  time->set_seconds(us / 1'000'000);
  time->set_nanos(static_cast<int32_t>(us % 1'000'000 * 1000));
}

}  // namespace hada::handlers
