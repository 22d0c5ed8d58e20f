#include "client/app/view_export.h"

#include <fcntl.h>
#include <png.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace hada::app {
namespace {

namespace fs = std::filesystem;

// The file's path; two pictures of one second get a number.
Result<std::string> write_view(const std::string& folder, const std::string& png) {
  std::error_code error;
  fs::create_directories(folder, error);
  const std::time_t now = std::time(nullptr);
  std::tm when{};
  localtime_r(&now, &when);
  const fs::path base = fs::path(folder) / view_file_name(when);
  const auto failed = [] {
    return Unexpected(ErrorCode::Internal, "WRITE_FAILED", "A file could not be written.");
  };
  fs::path path = base;
  // For the user's eyes only, and never over another picture: two may be saved at once.
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  for (int i = 2; file < 0 && errno == EEXIST && i < 1000; ++i) {
    path = base.parent_path() / (base.stem().string() + "-" + std::to_string(i) + ".png");
    file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  }
  if (file < 0) return failed();
  std::FILE* out = ::fdopen(file, "wb");
  if (!out) ::close(file);
  bool written = out && std::fwrite(png.data(), 1, png.size(), out) == png.size();
  if (out) written = std::fclose(out) == 0 && written;
  if (written) return path.string();
  fs::remove(path, error);
  return failed();
}

}  // namespace

Result<std::string> encode_png(const ViewPicture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  const auto failed = [] {
    return Unexpected(ErrorCode::Internal, "WRITE_FAILED", "The picture could not be encoded.");
  };
  const size_t row = size_t{3} * image.width;
  if (picture.width <= 0 || picture.height <= 0 || picture.rgb.size() != row * image.height) return failed();
  std::string png(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t size = png.size();
  // A negative step: the rows come from the bottom.
  if (!png_image_write_to_memory(&image, png.data(), &size, 0, picture.rgb.data(),
                                 -static_cast<png_int_32>(row), nullptr))
    return failed();
  png.resize(size);
  return png;
}

std::string view_file_name(const std::tm& when) {
  char name[40];
  std::strftime(name, sizeof name, "hada-%Y%m%d-%H%M%S.png", &when);
  return name;
}

std::string pictures_folder(const std::string& chosen, const std::string& settings_path) {
  if (!chosen.empty()) return chosen;
  std::error_code error;
  if (const char* home = std::getenv("HOME"); home && *home) {
    const fs::path pictures = fs::path(home) / "Pictures";
    if (fs::is_directory(pictures, error)) return pictures.string();
  }
  return (fs::path(settings_path).parent_path() / "pictures").string();
}

ViewExporter::~ViewExporter() {
  for (auto& each : running_) each.wait();
}

bool ViewExporter::Clipboard::offer(const std::string& png) {
  std::lock_guard lock(mutex);
  if (!open) open = ImageClipboard::open();
  return open && open->offer(png);
}

void ViewExporter::take(ViewPicture picture, model::ExportTarget target) {
  running_.push_back(std::async(
      std::launch::async, [picture = std::move(picture), target, folder = folder_, clipboard = clipboard_] {
        model::intent::ViewExported answer{target, false, {}};
        const Result<std::string> png = encode_png(picture);
        if (!png) return answer;
        if (target == model::ExportTarget::Clipboard) {
          answer.ok = clipboard->offer(*png);
        } else if (const Result<std::string> path = write_view(folder, *png)) {
          answer.ok = true;
          answer.path = *path;
        }
        return answer;
      }));
}

void ViewExporter::forget_clipboard() {
  // The X connection closes on another thread, and the selection with it.
  forgetting_ =
      std::async(std::launch::async,
                 [old = std::exchange(clipboard_, std::make_shared<Clipboard>())]() mutable { old.reset(); });
}

std::vector<model::intent::ViewExported> ViewExporter::answers() {
  std::vector<model::intent::ViewExported> done;
  std::erase_if(running_, [&](auto& each) {
    if (each.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    done.push_back(each.get());
    return true;
  });
  return done;
}

}  // namespace hada::app
