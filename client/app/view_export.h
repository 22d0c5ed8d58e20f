#pragma once

// The picture of a pane as a PNG file or on the clipboard. Encoding, disk and clipboard are off the main
// thread.

#include <cstdint>
#include <ctime>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client/app/image_clipboard.h"
#include "client/model/viewer_intent.h"
#include "contract/result.h"

namespace hada::app {

struct ViewPicture {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;  // rows from the bottom, as OpenGL reads them; not padded
};

// A PNG with nothing but the pixels: no text, no time, no profile.
Result<std::string> encode_png(const ViewPicture& picture);
// "hada-20261126-013012.png": the moment alone, never a case or a person.
std::string view_file_name(const std::tm& when);
// The chosen folder; else the home's Pictures where there is one; else "pictures" beside the settings.
std::string pictures_folder(const std::string& chosen, const std::string& settings_path);

class ViewExporter {
 public:
  explicit ViewExporter(std::string folder) : folder_(std::move(folder)) {}
  ~ViewExporter();

  // Main thread.
  void take(ViewPicture picture, model::ExportTarget target);
  // What was copied leaves the clipboard: the next person at this screen is another one. Main thread.
  void forget_clipboard();
  // Of those that are done; each once.
  std::vector<model::intent::ViewExported> answers();
  bool idle() const { return running_.empty(); }

 private:
  // Opened with the first copy, by the thread that makes it.
  struct Clipboard {
    std::mutex mutex;
    std::unique_ptr<ImageClipboard> open;  // guarded by mutex
    bool offer(const std::string& png);
  };

  std::string folder_;
  std::shared_ptr<Clipboard> clipboard_ = std::make_shared<Clipboard>();
  std::vector<std::future<model::intent::ViewExported>> running_;
  std::future<void> forgetting_;
};

}  // namespace hada::app
