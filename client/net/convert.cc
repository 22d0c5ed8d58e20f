#include "client/net/convert.h"

#include "client/net/convert_annotations.h"
#include "contract/enums.h"

namespace hada::net {
namespace {

// The model's enums are the protocol's by number; a new value must be added to both.
template <typename Model, typename Proto>
constexpr bool same(Model m, Proto p) {
  return static_cast<int>(m) == static_cast<int>(p);
}
static_assert(same(Role::Admin, v1::ROLE_ADMIN));
static_assert(same(ImageKind::HistopathologyField, v1::IMAGE_KIND_HISTOPATHOLOGY_FIELD));
static_assert(same(ImageState::DeidCheck, v1::IMAGE_STATE_DEID_CHECK));
static_assert(same(CaseState::Agreed, v1::CASE_STATE_AGREED));
static_assert(same(CaseState::Withdrawn, v1::CASE_STATE_WITHDRAWN));
static_assert(same(WorklistView::Panels, v1::WORKLIST_VIEW_PANELS));
static_assert(same(UngradableReason::ImageQuality, v1::UNGRADABLE_REASON_IMAGE_QUALITY));
static_assert(same(ImageFlag::Hair, v1::IMAGE_FLAG_HAIR));
static_assert(same(DermoscopyFeature::Vessels, v1::DERMOSCOPY_FEATURE_VESSELS));
static_assert(same(Finding::NotAssessable, v1::FINDING_NOT_ASSESSABLE));
static_assert(same(model::StainView::Eosin, v1::STAIN_VIEW_EOSIN));
static_assert(same(DecisionKind::Reopen, v1::DECISION_KIND_REOPEN));
static_assert(same(RejectCode::ImageMissing, v1::REJECT_CODE_IMAGE_MISSING));
static_assert(same(ReturnTo::Site, v1::RETURN_TO_SITE));
static_assert(same(PanelMode::Consensus, v1::PANEL_MODE_CONSENSUS));

std::string term_id(const std::string& name) {
  constexpr std::string_view kPrefix = "terms/";
  return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
}

// Codes beside a case or image come as words; one this version does not know is still a reason.
RejectCode code_of(const std::string& word) {
  if (word.empty()) return RejectCode::Unspecified;
  v1::RejectCode code = v1::REJECT_CODE_UNSPECIFIED;
  if (!v1::RejectCode_Parse("REJECT_CODE_" + word, &code)) return RejectCode::Other;
  return static_cast<RejectCode>(code);
}

model::PanelMember to_model(const v1::PanelMember& member) {
  return {member.user(), member.display_name(), member.answered(), member.term(), member.rationale()};
}

}  // namespace

int64_t micros(const google::protobuf::Timestamp& t) { return t.seconds() * 1'000'000 + t.nanos() / 1000; }

model::User to_model(const v1::User& user) {
  model::User out{user.name(), user.display_name(), user.home_site(), {}};
  for (const v1::RoleGrant& grant : user.grants())
    out.grants.push_back({static_cast<Role>(grant.role()), grant.site()});
  return out;
}

model::Image to_model(const v1::Image& image) {
  model::Image out;
  out.name = image.name();
  out.kind = static_cast<ImageKind>(image.kind());
  out.state = static_cast<ImageState>(image.state());
  out.state_reason = image.state_reason();
  for (const v1::PyramidLevel& level : image.levels())
    out.levels.push_back(
        {level.width(), level.height(), level.tile_width(), level.tile_height(), level.downsample()});
  out.mpp_x = image.mpp_x();
  out.mpp_y = image.mpp_y();
  out.objective = image.objective();
  out.stain = image.stain();
  out.icc_profile = image.icc_profile();
  out.has_icc_profile = image.has_icc_profile();
  out.vendor = image.vendor();
  out.dermoscopic_type = image.dermoscopic_type();
  out.image_manipulation = image.image_manipulation();
  out.background_rgb = image.background_rgb();
  out.etag = image.etag();
  out.exclusion = code_of(image.exclusion_code());
  return out;
}

model::Case to_model(const v1::Case& value) {
  model::Case out;
  out.name = value.name();
  out.site = value.site();
  out.state = static_cast<CaseState>(value.state());
  for (const v1::Image& image : value.images()) out.images.push_back(to_model(image));
  const v1::ClinicalContext& c = value.context();
  out.context = {c.age(),        c.sex(),          c.anatom_site(),
                 c.laterality(), c.fitzpatrick(),  c.duration(),
                 c.symptoms(),   c.distribution(), c.clin_size_long_diam_mm()};
  if (value.has_site_opinion()) {
    const v1::SiteOpinion& s = value.site_opinion();
    out.site_opinion =
        model::SiteOpinion{s.site_diagnosis(),  s.site_diagnosis_ja(),   s.pathology_diagnosis(),
                           s.dx_confirm_type(), s.site_diagnosis_term(), s.pathology_diagnosis_term()};
  }
  out.decided_term = value.decided_term();
  out.decision_code = value.decision_code();
  out.votes_in = value.votes_in();
  out.votes_wanted = value.votes_wanted();
  out.create_time_us = micros(value.create_time());
  out.update_time_us = micros(value.update_time());
  out.etag = value.etag();
  out.read_by_caller = value.read_by_caller();
  out.leased_by_caller = value.leased_by_caller();
  out.pending_images = value.pending_images();
  out.refused_images = value.refused_images();
  if (value.has_returned()) {
    const v1::CaseReturn& r = value.returned();
    out.returned = model::CaseReturn{static_cast<ReturnTo>(r.to()), code_of(r.code()), r.comment(),
                                     micros(r.return_time())};
  }
  return out;
}

model::ReadContent to_model(const v1::ReadContent& content) {
  model::ReadContent out;
  out.gradable = content.gradable();
  out.ungradable_reason = static_cast<UngradableReason>(content.ungradable_reason());
  for (const v1::Diagnosis& d : content.differential())
    out.differential.push_back({d.term(), d.rank(), d.confidence()});
  for (const v1::ImageFlags& flags : content.image_flags())
    for (int flag : flags.flags()) out.image_flags[flags.image()].push_back(static_cast<ImageFlag>(flag));
  for (const v1::ImageAdjustments& a : content.adjustments()) {
    const model::ImageAdjustments taken =
        model::clamped({a.red_gain(), a.green_gain(), a.blue_gain(), a.brightness(), a.contrast(), a.gamma(),
                        a.sharpening(), static_cast<model::StainView>(a.stain()), a.stain_grey()});
    if (!model::is_neutral(taken)) out.adjustments[a.image()] = taken;
  }
  out.annotations = to_model(content.annotations());
  for (const v1::DermoscopyFinding& f : content.dermoscopy())
    out.dermoscopy[static_cast<DermoscopyFeature>(f.feature())] = static_cast<Finding>(f.finding());
  out.note = content.note();
  return out;
}

model::ReadTelemetry to_model(const v1::ReadTelemetry& telemetry) {
  model::ReadTelemetry out;
  out.open_time_us = micros(telemetry.open_time());
  out.active_seconds = telemetry.active_seconds();
  out.deepest_zoom = telemetry.deepest_zoom();
  for (const v1::ImageSeen& seen : telemetry.seen()) out.seen[seen.image()] = seen.part();
  return out;
}

model::Read to_model(const v1::Read& read) {
  model::Read out;
  out.name = read.name();
  out.reader = read.reader();
  out.reader_display_name = read.reader_display_name();
  for (const v1::ReadRevision& r : read.revisions()) {
    out.revisions.push_back(
        {r.revision(), to_model(r.content()), micros(r.create_time()), r.reason(), r.after_reveal(), {}});
    if (r.has_telemetry()) out.revisions.back().telemetry = to_model(r.telemetry());
  }
  out.late = read.late();
  out.returned = read.returned();
  out.etag = read.etag();
  return out;
}

model::Lease to_model(const v1::ReadLease& lease) {
  return {lease.name(), lease.case_(), micros(lease.expire_time())};
}

model::Comment to_model(const v1::Comment& comment) {
  model::Comment out;
  out.name = comment.name();
  out.author = comment.author();
  out.author_display_name = comment.author_display_name();
  for (const v1::CommentText& version : comment.texts()) out.texts.push_back(version.text());
  if (out.texts.empty()) out.texts.emplace_back();
  out.image = comment.image();
  out.at = {comment.x(), comment.y()};
  out.reply_to = comment.reply_to();
  out.resolved = comment.resolved();
  out.settled_by =
      comment.settled_by_display_name().empty() ? comment.settled_by() : comment.settled_by_display_name();
  out.settle_time_us = micros(comment.settle_time());
  out.create_time_us = micros(comment.create_time());
  out.etag = comment.etag();
  return out;
}

model::Panel to_model(const v1::Panel& panel) {
  model::Panel out;
  out.name = panel.name();
  out.mode = static_cast<PanelMode>(panel.mode());
  out.convener = panel.convener();
  out.rationale = panel.rationale();
  for (const v1::PanelMember& member : panel.members()) out.members.push_back(to_model(member));
  out.create_time_us = micros(panel.create_time());
  out.complete = panel.complete();
  out.term = panel.term();
  return out;
}

model::PanelState to_model(const v1::PanelState& state) {
  model::PanelState out;
  if (state.has_panel()) out.panel = to_model(state.panel());
  for (const v1::PanelMember& member : state.candidates()) out.candidates.push_back(to_model(member));
  return out;
}

model::Decision to_model(const v1::Decision& d) {
  return {d.name(),
          static_cast<DecisionKind>(d.kind()),
          d.decider(),
          d.decider_display_name(),
          d.term(),
          static_cast<RejectCode>(d.code()),
          d.rationale(),
          micros(d.create_time()),
          {d.images().begin(), d.images().end()},
          static_cast<ReturnTo>(d.returned_to()),
          {d.returned_readers().begin(), d.returned_readers().end()},
          d.has_panel() ? std::optional(to_model(d.panel())) : std::nullopt};
}

model::Sample to_model(const v1::Sample& sample) {
  model::Sample out;
  out.name = sample.name();
  out.percent = sample.percent();
  out.waiting = sample.waiting();
  out.approved = sample.approved();
  out.not_approved = sample.not_approved();
  out.rest_waiting = sample.rest_waiting();
  out.rest_approved = sample.rest_approved();
  for (const v1::LeftOut& each : sample.left_out()) out.left_out.push_back({each.reason(), each.cases()});
  out.closed = sample.closed();
  return out;
}

std::optional<model::reply::Changed> to_model(const v1::Hint& hint) {
  model::reply::Changed out;
  switch (hint.kind()) {
    case v1::HINT_KIND_RELOAD:
      return out;
    case v1::HINT_KIND_CASE:
      out.kind = model::reply::ChangeKind::Case;
      break;
    case v1::HINT_KIND_READ:
      out.kind = model::reply::ChangeKind::Read;
      break;
    case v1::HINT_KIND_PRESENCE:
      out.kind = model::reply::ChangeKind::Presence;
      break;
    default:
      return std::nullopt;
  }
  out.case_name = hint.case_();
  if (hint.arrived_in() != v1::WORKLIST_VIEW_UNSPECIFIED)
    out.arrived_in = static_cast<WorklistView>(hint.arrived_in());
  out.by_caller = hint.by_caller();
  return out;
}

contract::Term to_model(const v1::Term& term) {
  contract::Term out;
  out.id = term_id(term.name());
  out.en = term.display_name_en();
  out.ja = term.display_name_ja();
  out.synonyms_en = {term.synonyms_en().begin(), term.synonyms_en().end()};
  out.synonyms_ja = {term.synonyms_ja().begin(), term.synonyms_ja().end()};
  for (const std::string& parent : term.parents()) out.parents.push_back(term_id(parent));
  out.icd10 = term.icd10();
  out.risk = term.risk_tier();
  out.release_class = term.release_class();
  return out;
}

contract::ReleaseClass to_model(const v1::ReleaseClass& value) {
  return {value.id(), value.display_name_en(), value.display_name_ja()};
}

v1::ReadContent to_proto(const model::ReadContent& content) {
  v1::ReadContent out;
  out.set_gradable(content.gradable);
  out.set_ungradable_reason(static_cast<v1::UngradableReason>(content.ungradable_reason));
  for (const model::Diagnosis& d : content.differential) {
    v1::Diagnosis* added = out.add_differential();
    added->set_term(d.term);
    added->set_rank(d.rank);
    added->set_confidence(d.confidence);
  }
  for (const auto& [image, flags] : content.image_flags) {
    if (flags.empty()) continue;
    v1::ImageFlags* added = out.add_image_flags();
    added->set_image(image);
    for (ImageFlag flag : flags) added->add_flags(static_cast<v1::ImageFlag>(flag));
  }
  for (const auto& [image, a] : content.adjustments) {
    v1::ImageAdjustments* added = out.add_adjustments();
    added->set_image(image);
    added->set_red_gain(a.red_gain);
    added->set_green_gain(a.green_gain);
    added->set_blue_gain(a.blue_gain);
    added->set_stain(static_cast<v1::StainView>(a.stain));
    added->set_stain_grey(a.stain_grey);
    added->set_brightness(a.brightness);
    added->set_contrast(a.contrast);
    added->set_gamma(a.gamma);
    added->set_sharpening(a.sharpening);
  }
  *out.mutable_annotations() = to_proto(content.annotations);
  for (const auto& [feature, finding] : content.dermoscopy) {
    v1::DermoscopyFinding* added = out.add_dermoscopy();
    added->set_feature(static_cast<v1::DermoscopyFeature>(feature));
    added->set_finding(static_cast<v1::Finding>(finding));
  }
  out.set_note(content.note);
  return out;
}

v1::ReadTelemetry to_proto(const model::ReadTelemetry& telemetry, const std::string& client_version) {
  v1::ReadTelemetry out;
  out.mutable_open_time()->set_seconds(telemetry.open_time_us / 1'000'000);
  out.mutable_open_time()->set_nanos(static_cast<int32_t>(telemetry.open_time_us % 1'000'000) * 1000);
  out.set_active_seconds(telemetry.active_seconds);
  out.set_deepest_zoom(telemetry.deepest_zoom);
  for (const auto& [image, part] : telemetry.seen) {
    v1::ImageSeen* seen = out.add_seen();
    seen->set_image(image);
    seen->set_part(part);
  }
  out.set_client_version(client_version);
  return out;
}

v1::ListCasesRequest to_proto(const model::WorklistFilter& filter) {
  v1::ListCasesRequest out;
  out.set_view(static_cast<v1::WorklistView>(filter.view));
  for (CaseState state : filter.states) out.add_states(static_cast<v1::CaseState>(state));
  for (ImageKind kind : filter.kinds) out.add_kinds(static_cast<v1::ImageKind>(kind));
  out.set_site(filter.site);
  out.set_order(static_cast<v1::WorklistOrder>(filter.order));
  return out;
}

}  // namespace hada::net
