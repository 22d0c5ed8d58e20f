#include "server/handlers/read_content.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "contract/names.h"
#include "contract/vocabulary.h"
#include "server/core/errors.h"
#include "server/handlers/read_annotations.h"
#include "server/store/images.h"

namespace hada::handlers {
namespace {

constexpr int kMaxDiagnoses = 5;
constexpr size_t kMaxNote = 4000;
constexpr size_t kMaxClientVersion = 64;
constexpr int kMaxSeen = 1000;

Status check_differential(const core::Context& context, const v1::ReadContent& content) {
  if (content.differential_size() > kMaxDiagnoses)
    return core::bad_field("content.differential", "at most 5 diagnoses");
  std::set<std::string> terms;
  std::set<int32_t> ranks;
  for (const v1::Diagnosis& d : content.differential()) {
    const auto term = contract::parse_term_name(d.term());
    if (!term || !context.services.vocabulary.find(*term))
      return core::bad_field("content.differential.term", "a term of the vocabulary");
    if (!terms.insert(*term).second) return core::bad_field("content.differential.term", "each term once");
    if (d.confidence() < 1 || d.confidence() > 5)
      return core::bad_field("content.differential.confidence", "1 to 5");
    if (d.rank() < 1 || d.rank() > kMaxDiagnoses)
      return core::bad_field("content.differential.rank", "1 to 5");
    ranks.insert(d.rank());
  }
  if (!ranks.empty() && *ranks.rbegin() != static_cast<int32_t>(ranks.size()))
    return core::bad_field("content.differential.rank", "ranks from 1 without a gap");
  return {};
}

// The names of the case's images; a checked part takes each out that it names.
using ImageNames = std::set<std::string>;

ImageNames names_of(const std::vector<store::ImageRow>& images) {
  ImageNames names;
  for (const store::ImageRow& image : images) names.insert(contract::image_name(image.image_id));
  return names;
}

Status check_flags(ImageNames unnamed, const v1::ReadContent& content) {
  for (const v1::ImageFlags& flags : content.image_flags()) {
    if (unnamed.erase(flags.image()) == 0)
      return core::bad_field("content.image_flags.image", "each an image of the case, once");
    std::set<int> seen;
    for (const int flag : flags.flags())
      if (flag == v1::IMAGE_FLAG_UNSPECIFIED || !v1::ImageFlag_IsValid(flag) || !seen.insert(flag).second)
        return core::bad_field("content.image_flags.flags", "flags of the protocol, each once");
  }
  return {};
}

Status check_adjustments(ImageNames unnamed, const v1::ReadContent& content) {
  for (const v1::ImageAdjustments& a : content.adjustments()) {
    if (unnamed.erase(a.image()) == 0)
      return core::bad_field("content.adjustments.image", "each an image of the case, once");
    // Also false for what is no number.
    const auto within = [](double value, double low, double high) { return value >= low && value <= high; };
    for (const double gain : {a.red_gain(), a.green_gain(), a.blue_gain()})
      if (!within(gain, 0.25, 4)) return core::bad_field("content.adjustments.gain", "0.25 to 4");
    if (!within(a.brightness(), -1, 1)) return core::bad_field("content.adjustments.brightness", "-1 to 1");
    if (!within(a.contrast(), -1, 1)) return core::bad_field("content.adjustments.contrast", "-1 to 1");
    if (!within(a.gamma(), 0.25, 4)) return core::bad_field("content.adjustments.gamma", "0.25 to 4");
    if (!within(a.sharpening(), 0, 2)) return core::bad_field("content.adjustments.sharpening", "0 to 2");
    if (!v1::StainView_IsValid(a.stain()))
      return core::bad_field("content.adjustments.stain", "a stain of the protocol");
  }
  return {};
}

Status check_dermoscopy(const std::vector<store::ImageRow>& images, const v1::ReadContent& content) {
  const bool dermoscopic = std::any_of(images.begin(), images.end(), [](const store::ImageRow& image) {
    return image.kind == ImageKind::Dermoscopic;
  });
  if (!dermoscopic && !content.dermoscopy().empty())
    return core::bad_field("content.dermoscopy", "none in a case without a dermoscopic image");
  std::set<int> named;
  for (const v1::DermoscopyFinding& f : content.dermoscopy()) {
    if (f.feature() == v1::DERMOSCOPY_FEATURE_UNSPECIFIED || !v1::DermoscopyFeature_IsValid(f.feature()) ||
        !named.insert(f.feature()).second)
      return core::bad_field("content.dermoscopy.feature", "features of the protocol, each once");
    if (f.finding() == v1::FINDING_UNSPECIFIED || !v1::Finding_IsValid(f.finding()))
      return core::bad_field("content.dermoscopy.finding", "a finding of the protocol");
  }
  return {};
}

Status check_images(const core::Context& context, store::Tx& tx, const std::string& case_id,
                    const v1::ReadContent& content) {
  if (content.image_flags().empty() && content.adjustments().empty() && content.annotations().empty() &&
      content.dermoscopy().empty())
    return {};
  ASSIGN_OR_RETURN(const auto images, store::images_of_case(tx, case_id));
  const ImageNames names = names_of(images);
  RETURN_IF_ERROR(check_flags(names, content));
  RETURN_IF_ERROR(check_adjustments(names, content));
  RETURN_IF_ERROR(check_dermoscopy(images, content));
  return check_annotations(context.services.vocabulary, images, content);
}

Unexpected not_understood() { return core::internal("a stored read cannot be understood"); }

Result<v1::ReadContent> content_from_json(const std::string& json) {
  v1::ReadContent content;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(json, &content, options).ok()) return not_understood();
  return content;
}

}  // namespace

Status check_content(const core::Context& context, store::Tx& tx, const std::string& case_id,
                     const v1::ReadContent& content, Completeness completeness) {
  RETURN_IF_ERROR(check_differential(context, content));
  RETURN_IF_ERROR(check_images(context, tx, case_id, content));
  RETURN_IF_ERROR(check_text("content.note", content.note(), kMaxNote));
  if (!v1::UngradableReason_IsValid(content.ungradable_reason()))
    return core::bad_field("content.ungradable_reason", "a reason of the protocol");
  if (completeness == Completeness::Draft) return {};

  const bool has_reason = content.ungradable_reason() != v1::UNGRADABLE_REASON_UNSPECIFIED;
  if (content.gradable()) {
    if (content.differential().empty())
      return core::bad_field("content.differential", "one to five diagnoses when gradable");
    if (has_reason) return core::bad_field("content.ungradable_reason", "none when gradable");
  } else {
    if (!content.differential().empty())
      return core::bad_field("content.differential", "none when not gradable");
    if (!has_reason) return core::bad_field("content.ungradable_reason", "a reason when not gradable");
  }
  return {};
}

Status check_telemetry(store::Tx& tx, const std::string& case_id, const v1::ReadTelemetry& telemetry) {
  const auto sane = [](double value) { return std::isfinite(value) && value >= 0; };
  if (!sane(telemetry.active_seconds()))
    return core::bad_field("telemetry.active_seconds", "seconds, not negative");
  if (!sane(telemetry.deepest_zoom()))
    return core::bad_field("telemetry.deepest_zoom", "a zoom, not negative");
  // What protobuf can write as a timestamp: years 1 to 9999.
  if (telemetry.open_time().seconds() < -62135596800 || telemetry.open_time().seconds() > 253402300799 ||
      telemetry.open_time().nanos() < 0 || telemetry.open_time().nanos() > 999999999)
    return core::bad_field("telemetry.open_time", "a time");
  if (telemetry.seen_size() > kMaxSeen)
    return core::bad_field("telemetry.seen", "at most " + std::to_string(kMaxSeen) + " images");
  ImageNames unnamed;
  if (telemetry.seen_size() > 0) {
    ASSIGN_OR_RETURN(const auto images, store::images_of_case(tx, case_id));
    unnamed = names_of(images);
  }
  for (const v1::ImageSeen& seen : telemetry.seen()) {
    if (unnamed.erase(seen.image()) == 0)
      return core::bad_field("telemetry.seen.image", "each an image of the case, once");
    if (!(seen.part() >= 0 && seen.part() <= 1)) return core::bad_field("telemetry.seen.part", "0 to 1");
  }
  return check_text("telemetry.client_version", telemetry.client_version(), kMaxClientVersion);
}

Status check_text(const std::string& field, const std::string& text, size_t max_characters) {
  if (code_points(text) > max_characters)
    return core::bad_field(field, "at most " + std::to_string(max_characters) + " characters");
  return {};
}

size_t code_points(const std::string& utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(),
                                           [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

std::string message_to_json(const google::protobuf::Message& message) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  // Fails only for timestamps out of range, which check_telemetry refuses.
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  return status.ok() ? json : std::string("{}");
}

store::StoredContent to_stored(v1::ReadContent content) {
  v1::ReadContent drawn;
  drawn.mutable_annotations()->Swap(content.mutable_annotations());
  drawn.DiscardUnknownFields();
  return {message_to_json(content), drawn.SerializeAsString()};
}

Result<v1::ReadContent> from_stored(const store::StoredContent& stored) {
  ASSIGN_OR_RETURN(v1::ReadContent content, content_from_json(stored.json));
  if (!content.MergeFromString(stored.annotations)) return not_understood();
  return content;
}

v1::ReadTelemetry telemetry_from_json(const std::string& json) {
  v1::ReadTelemetry telemetry;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  // What an older version left is shown as far as it is understood.
  if (!google::protobuf::util::JsonStringToMessage(json, &telemetry, options).ok()) telemetry.Clear();
  return telemetry;
}

Result<contract::Vote> vote_from_json(const std::string& json) {
  ASSIGN_OR_RETURN(const v1::ReadContent content, content_from_json(json));
  contract::Vote vote;
  vote.gradable = content.gradable();
  for (const v1::Diagnosis& d : content.differential())
    vote.differential.push_back({contract::parse_term_name(d.term()).value_or(""), d.rank(), d.confidence()});
  return vote;
}

}  // namespace hada::handlers
