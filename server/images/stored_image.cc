#include "server/images/stored_image.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace hada::images {
namespace {

using nlohmann::json;

constexpr size_t kMaxLevels = 64;
constexpr int64_t kMaxSide = 1 << 30;
constexpr size_t kMaxNameLength = 128;

Unexpected bad_pyramid() {
  return Unexpected(ErrorCode::Internal, "BAD_PYRAMID", "the stored pyramid cannot be read");
}

bool read_integer(const json& object, const char* name, int64_t min, int64_t max, int64_t& out) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return false;
  out = found->get<int64_t>();
  return out >= min && out <= max;
}

bool read_real(const json& object, const char* name, double min, double max, double& out) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return false;
  out = found->get<double>();
  return std::isfinite(out) && out >= min && out <= max;
}

bool read_text(const json& object, const char* name, std::string& out) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return false;
  out = found->get<std::string>();
  return out.size() <= kMaxNameLength;
}

bool read_level(const json& object, StoredLevel& level) {
  if (!object.is_object()) return false;
  int64_t width = 0, height = 0, tile_width = 0, tile_height = 0, directory = 0;
  if (!read_integer(object, "width", 1, kMaxSide, width) ||
      !read_integer(object, "height", 1, kMaxSide, height) ||
      !read_integer(object, "tile_width", 1, kMaxSide, tile_width) ||
      !read_integer(object, "tile_height", 1, kMaxSide, tile_height) ||
      !read_integer(object, "directory", 0, INT64_MAX, directory) ||
      !read_real(object, "downsample", 1, 1e9, level.geometry.downsample) ||
      !read_text(object, "blob", level.blob))
    return false;
  level.geometry.width = static_cast<int32_t>(width);
  level.geometry.height = static_cast<int32_t>(height);
  level.geometry.tile_width = static_cast<int32_t>(tile_width);
  level.geometry.tile_height = static_cast<int32_t>(tile_height);
  level.directory = static_cast<uint64_t>(directory);
  return !level.blob.empty();
}

}  // namespace

contract::Pyramid StoredImage::pyramid() const {
  contract::Pyramid pyramid;
  for (const StoredLevel& level : levels) pyramid.push_back(level.geometry);
  return pyramid;
}

std::string to_json(const StoredImage& image) {
  json levels = json::array();
  for (const StoredLevel& level : image.levels)
    levels.push_back({{"width", level.geometry.width},
                      {"height", level.geometry.height},
                      {"tile_width", level.geometry.tile_width},
                      {"tile_height", level.geometry.tile_height},
                      {"downsample", level.geometry.downsample},
                      {"blob", level.blob},
                      {"directory", level.directory}});
  const json object = {{"levels", std::move(levels)},    {"mpp_x", image.mpp_x},
                       {"mpp_y", image.mpp_y},           {"file_mpp_x", image.file_mpp_x},
                       {"file_mpp_y", image.file_mpp_y}, {"objective", image.objective},
                       {"vendor", image.vendor},         {"background_rgb", image.background_rgb},
                       {"icc_blob", image.icc_blob},     {"thumbnail_blob", image.thumbnail_blob}};
  // A vendor's name may hold any bytes; what is not UTF-8 is replaced rather than thrown about.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<StoredImage> stored_image_from_json(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return bad_pyramid();
  StoredImage image;
  const auto levels = object.find("levels");
  if (levels == object.end() || !levels->is_array() || levels->empty() || levels->size() > kMaxLevels)
    return bad_pyramid();
  for (const json& level : *levels) {
    StoredLevel read;
    if (!read_level(level, read)) return bad_pyramid();
    if (!image.levels.empty() && read.geometry.downsample <= image.levels.back().geometry.downsample)
      return bad_pyramid();
    image.levels.push_back(std::move(read));
  }
  int64_t background = 0;
  if (!read_real(object, "mpp_x", 0, 1e6, image.mpp_x) || !read_real(object, "mpp_y", 0, 1e6, image.mpp_y) ||
      !read_real(object, "file_mpp_x", 0, 1e6, image.file_mpp_x) ||
      !read_real(object, "file_mpp_y", 0, 1e6, image.file_mpp_y) ||
      !read_real(object, "objective", 0, 1e4, image.objective) ||
      !read_text(object, "vendor", image.vendor) ||
      !read_integer(object, "background_rgb", 0, 0xFFFFFF, background) ||
      !read_text(object, "icc_blob", image.icc_blob) ||
      !read_text(object, "thumbnail_blob", image.thumbnail_blob))
    return bad_pyramid();
  image.background_rgb = static_cast<uint32_t>(background);
  return image;
}

}  // namespace hada::images
