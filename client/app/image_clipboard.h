#pragma once

// A picture on the X11 clipboard. GLFW's clipboard holds text only, so this owns the selection itself: a
// window of its own on a connection of its own (XCB: a client that vanishes while it is served is an event,
// where Xlib would end the program), served by a thread of its own. Targets: TARGETS, TIMESTAMP, image/png;
// in pieces (INCR) where the picture exceeds what the server takes in one request.

#include <cstddef>
#include <memory>
#include <string>

namespace hada::app {

class ImageClipboard {
 public:
  // Null where there is no X server (`display` null: $DISPLAY's). `largest_piece` in bytes, 0: what the
  // server takes.
  static std::unique_ptr<ImageClipboard> open(const char* display = nullptr, size_t largest_piece = 0);
  ~ImageClipboard();
  ImageClipboard(const ImageClipboard&) = delete;
  ImageClipboard& operator=(const ImageClipboard&) = delete;

  // Any thread but the main one: waits until the server says who owns the clipboard, a second at most. The
  // picture stays there until another program copies something or this object goes.
  bool offer(std::string png);

 private:
  struct Impl;
  explicit ImageClipboard(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hada::app
