#include "server/ingest/decode_protocol.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

namespace hada::ingest {
namespace {

using nlohmann::json;

constexpr size_t kMaxReason = 64, kMaxDetail = 512;

template <typename T>
bool parse(const char* text, T& out) {
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, out);
  return parsed.ec == std::errc() && parsed.ptr == end && out > 0;
}

bool plain_file_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

bool upper_snake(const std::string& reason) {
  return !reason.empty() &&
         std::all_of(reason.begin(), reason.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

}  // namespace

std::vector<std::string> to_arguments(const ChildArguments& child) {
  const DecodeLimits& l = child.limits;
  return {"decode-child",
          std::to_string(child.parent),
          child.job_dir,
          child.main_path,
          std::to_string(l.slide_memory),
          std::to_string(l.photograph_memory),
          std::to_string(l.output_bytes),
          std::to_string(l.photograph_seconds),
          std::to_string(l.slide_seconds),
          std::to_string(l.photograph_pixels),
          std::to_string(l.slide_pixels)};
}

std::optional<ChildArguments> from_arguments(int argc, char** argv) {
  if (argc != 12) return std::nullopt;
  ChildArguments child;
  child.job_dir = argv[3];
  child.main_path = argv[4];
  DecodeLimits& l = child.limits;
  const bool read = parse(argv[2], child.parent) && parse(argv[5], l.slide_memory) &&
                    parse(argv[6], l.photograph_memory) && parse(argv[7], l.output_bytes) &&
                    parse(argv[8], l.photograph_seconds) && parse(argv[9], l.slide_seconds) &&
                    parse(argv[10], l.photograph_pixels) && parse(argv[11], l.slide_pixels);
  if (!read || child.job_dir.empty() || child.main_path.empty()) return std::nullopt;
  return child;
}

std::string to_answer(const DecodeOutcome& outcome) {
  json answer = {{"ok", outcome.ok}};
  if (outcome.ok) {
    answer["image"] = images::to_json(outcome.image);
  } else {
    answer["reason"] = outcome.reason;
    answer["detail"] = outcome.detail;
  }
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<DecodeOutcome> from_answer(std::string_view text) {
  const json answer = json::parse(text, nullptr, false);
  if (!answer.is_object() || !answer.contains("ok") || !answer["ok"].is_boolean()) return std::nullopt;
  const auto string_at = [&](const char* name) -> std::string {
    const auto found = answer.find(name);
    return found != answer.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  DecodeOutcome outcome;
  outcome.ok = answer["ok"].get<bool>();
  if (!outcome.ok) {
    outcome.reason = string_at("reason");
    outcome.detail = string_at("detail");
    if (!upper_snake(outcome.reason) || outcome.reason.size() > kMaxReason ||
        outcome.detail.size() > kMaxDetail)
      return std::nullopt;
    return outcome;
  }
  auto image = images::stored_image_from_json(string_at("image"));
  if (!image) return std::nullopt;
  outcome.image = std::move(*image);
  for (const images::StoredLevel& level : outcome.image.levels)
    if (!plain_file_name(level.blob)) return std::nullopt;
  if (!plain_file_name(outcome.image.thumbnail_blob)) return std::nullopt;
  if (!outcome.image.icc_blob.empty() && !plain_file_name(outcome.image.icc_blob)) return std::nullopt;
  return outcome;
}

}  // namespace hada::ingest
