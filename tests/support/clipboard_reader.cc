#include "tests/support/clipboard_reader.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>

#include <stdexcept>
#include <thread>

namespace hada::support {
namespace {

using Clock = std::chrono::steady_clock;

class Reader {
 public:
  Reader(const std::string& display, Clock::time_point deadline)
      : x_(XOpenDisplay(display.c_str())), deadline_(deadline) {
    if (!x_) throw std::runtime_error("cannot open display " + display);
    window_ = XCreateSimpleWindow(x_, DefaultRootWindow(x_), 0, 0, 1, 1, 0, 0, 0);
    XSelectInput(x_, window_, PropertyChangeMask);
    property_ = atom("HADA_PASTE");
  }
  ~Reader() { XCloseDisplay(x_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Atom atom(const char* name) { return XInternAtom(x_, name, False); }
  std::string name(Atom a) {
    char* text = XGetAtomName(x_, a);
    std::string result = text;
    XFree(text);
    return result;
  }

  struct Content {
    Atom type = None;
    int format = 0;
    std::string bytes;
  };

  std::optional<Content> convert(Atom target, bool* in_pieces) {
    XDeleteProperty(x_, window_, property_);
    XConvertSelection(x_, atom("CLIPBOARD"), target, property_, window_, CurrentTime);
    XFlush(x_);
    const auto notified = wait([](const XEvent& e) { return e.type == SelectionNotify; });
    if (!notified || notified->xselection.property == None) return std::nullopt;
    drain();
    Content first = take();
    if (first.type != atom("INCR")) return first;
    *in_pieces = true;
    Content all;
    for (;;) {
      const Atom wanted = property_;
      const auto next = wait([wanted](const XEvent& e) {
        return e.type == PropertyNotify && e.xproperty.atom == wanted &&
               e.xproperty.state == PropertyNewValue;
      });
      if (!next) return std::nullopt;
      const Content piece = take();
      if (piece.bytes.empty()) return all;
      all.type = piece.type;
      all.bytes += piece.bytes;
    }
  }

 private:
  // Property events of before the answer say nothing about the pieces to come.
  void drain() {
    XEvent event;
    while (XCheckTypedWindowEvent(x_, window_, PropertyNotify, &event)) {
    }
  }

  template <typename Wanted>
  std::optional<XEvent> wait(Wanted wanted) {
    while (Clock::now() < deadline_) {
      while (XPending(x_) > 0) {
        XEvent event;
        XNextEvent(x_, &event);
        if (wanted(event)) return event;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return std::nullopt;
  }

  Content take() {
    Content content;
    unsigned long count = 0, after = 0;
    unsigned char* data = nullptr;
    XGetWindowProperty(x_, window_, property_, 0, 0x1FFFFFFF, True, AnyPropertyType, &content.type,
                       &content.format, &count, &after, &data);
    // Xlib hands 32-bit items as longs.
    const size_t item = content.format == 32 ? sizeof(long) : static_cast<size_t>(content.format) / 8;
    if (data) content.bytes.assign(reinterpret_cast<char*>(data), count * item);
    if (data) XFree(data);
    XFlush(x_);
    return content;
  }

  Display* x_;
  Window window_ = 0;
  Atom property_ = None;
  Clock::time_point deadline_;
};

}  // namespace

Pasted paste(const std::string& display, const std::string& target, std::chrono::milliseconds timeout) {
  Reader reader(display, Clock::now() + timeout);
  Pasted pasted;
  if (const auto targets = reader.convert(reader.atom("TARGETS"), &pasted.in_pieces)) {
    const auto* atoms = reinterpret_cast<const long*>(targets->bytes.data());
    for (size_t i = 0; i < targets->bytes.size() / sizeof(long); ++i)
      pasted.targets.push_back(reader.name(static_cast<Atom>(atoms[i])));
  }
  if (auto content = reader.convert(reader.atom(target.c_str()), &pasted.in_pieces))
    pasted.content = std::move(content->bytes);
  return pasted;
}

}  // namespace hada::support
