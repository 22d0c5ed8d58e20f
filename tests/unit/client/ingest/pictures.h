#pragma once

// Small real pictures for tests, and real decoders to look at them.

#include <openslide/openslide.h>
#include <png.h>
#include <turbojpeg.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace hada::ingest {

struct Picture {
  int width = 0, height = 0;
  std::vector<uint8_t> pixels;  // RGB
  bool operator==(const Picture&) const = default;
};

inline Picture gradient(int width, int height, uint8_t blue) {
  Picture picture{width, height, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      picture.pixels.insert(picture.pixels.end(), {static_cast<uint8_t>(x * 255 / width),
                                                   static_cast<uint8_t>(y * 255 / height), blue});
  return picture;
}

inline std::string encode_jpeg(const Picture& picture) {
  tjhandle handle = tjInitCompress();
  unsigned char* out = nullptr;
  unsigned long size = 0;
  tjCompress2(handle, picture.pixels.data(), picture.width, 0, picture.height, TJPF_RGB, &out, &size,
              TJSAMP_444, 95, 0);
  std::string bytes(reinterpret_cast<char*>(out), size);
  tjFree(out);
  tjDestroy(handle);
  return bytes;
}

// Empty where libjpeg-turbo cannot read it at all.
inline Picture decode_jpeg(const std::string& bytes) {
  Picture picture;
  tjhandle handle = tjInitDecompress();
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  int subsampling = 0, colours = 0;
  // Both verbs return an error for a warning too; what was read is there all the same.
  const int header = tjDecompressHeader3(handle, data, bytes.size(), &picture.width, &picture.height,
                                         &subsampling, &colours);
  if ((header == 0 || tjGetErrorCode(handle) == TJERR_WARNING) &&
      static_cast<int64_t>(picture.width) * picture.height < 50'000'000) {
    const int format = colours == TJCS_CMYK || colours == TJCS_YCCK ? TJPF_CMYK : TJPF_RGB;
    picture.pixels.resize(static_cast<size_t>(picture.width) * static_cast<size_t>(picture.height) * 4);
    tjDecompress2(handle, data, bytes.size(), picture.pixels.data(), picture.width, 0, picture.height, format,
                  0);
  } else {
    picture = {};
  }
  tjDestroy(handle);
  return picture;
}

inline Picture decode_png(const std::string& bytes) {
  Picture picture;
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return picture;
  image.format = PNG_FORMAT_RGBA;
  picture.width = static_cast<int>(image.width);
  picture.height = static_cast<int>(image.height);
  if (static_cast<int64_t>(picture.width) * picture.height < 50'000'000) {
    picture.pixels.resize(PNG_IMAGE_SIZE(image));
    if (png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr) == 0) picture = {};
  } else {
    picture = {};
  }
  png_image_free(&image);
  return picture;
}

// Level 0 of a slide through OpenSlide, and the names of its associated images.
struct SlideView {
  std::string error = "not opened";
  int64_t width = 0, height = 0;
  std::vector<uint32_t> pixels;
  std::vector<std::string> associated;
  std::vector<std::string> properties;  // "name=value"
};

inline SlideView view_slide(const std::string& path) {
  SlideView view;
  const std::unique_ptr<openslide_t, decltype(&openslide_close)> slide(openslide_open(path.c_str()),
                                                                       openslide_close);
  if (!slide) return view;
  if (const char* error = openslide_get_error(slide.get())) {
    view.error = error;
    return view;
  }
  openslide_get_level0_dimensions(slide.get(), &view.width, &view.height);
  view.pixels.resize(static_cast<size_t>(view.width * view.height));
  openslide_read_region(slide.get(), view.pixels.data(), 0, 0, 0, view.width, view.height);
  for (auto* name = openslide_get_associated_image_names(slide.get()); *name; ++name)
    view.associated.emplace_back(*name);
  for (auto* name = openslide_get_property_names(slide.get()); *name; ++name)
    // A reader may list a property that has no value.
    if (const char* value = openslide_get_property_value(slide.get(), *name))
      view.properties.push_back(std::string(*name) + "=" + value);
  const char* error = openslide_get_error(slide.get());
  view.error = error ? error : "";
  return view;
}

}  // namespace hada::ingest
