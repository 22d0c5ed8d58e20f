#include "client/app/image_clipboard.h"

#include <poll.h>
#include <unistd.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace hada::app {
namespace {

constexpr size_t kRequestOverhead = 256;
constexpr size_t kMaxTransfers = 16;  // of readers that went away in the middle

template <typename T>
using Owned = std::unique_ptr<T, decltype(&std::free)>;
template <typename T>
Owned<T> own(T* value) {
  return {value, &std::free};
}

xcb_atom_t atom(xcb_connection_t* x, const char* name) {
  const auto cookie = xcb_intern_atom(x, 0, static_cast<uint16_t>(std::strlen(name)), name);
  const auto reply = own(xcb_intern_atom_reply(x, cookie, nullptr));
  return reply ? reply->atom : static_cast<xcb_atom_t>(XCB_ATOM_NONE);
}

}  // namespace

struct ImageClipboard::Impl {
  using Png = std::shared_ptr<const std::string>;
  struct Transfer {
    xcb_window_t window;
    xcb_atom_t property;
    Png png;
    size_t sent = 0;
  };

  xcb_connection_t* x = nullptr;
  xcb_window_t window = 0;
  xcb_atom_t clipboard = 0, targets = 0, timestamp = 0, image_png = 0, incr = 0, clock = 0;
  size_t largest = 0;
  int wake[2] = {-1, -1};
  std::thread thread;

  std::mutex mutex;
  std::condition_variable answered;
  Png offered;                 // guarded by mutex: to be taken by the thread
  std::optional<bool> answer;  // guarded by mutex: whether it became the clipboard's
  bool stop = false;           // guarded by mutex

  // The thread's own.
  Png waiting, current;
  xcb_timestamp_t since = 0;
  std::vector<Transfer> transfers;

  ~Impl() {
    if (thread.joinable()) {
      {
        std::lock_guard lock(mutex);
        stop = true;
      }
      poke();
      thread.join();
    }
    if (x) xcb_disconnect(x);
    for (const int end : wake)
      if (end >= 0) ::close(end);
  }

  void poke() const {
    const char one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake[1], &one, 1);
  }

  bool start(const char* display, size_t largest_piece) {
    int screen_number = 0;
    x = xcb_connect(display, &screen_number);
    if (!x || xcb_connection_has_error(x) || ::pipe(wake) != 0) return false;
    auto screens = xcb_setup_roots_iterator(xcb_get_setup(x));
    for (; screens.rem > 1 && screen_number > 0; --screen_number) xcb_screen_next(&screens);
    window = xcb_generate_id(x);
    const uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
    xcb_create_window(x, XCB_COPY_FROM_PARENT, window, screens.data->root, -1, -1, 1, 1, 0,
                      XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK, &events);
    clipboard = atom(x, "CLIPBOARD");
    targets = atom(x, "TARGETS");
    timestamp = atom(x, "TIMESTAMP");
    image_png = atom(x, "image/png");
    incr = atom(x, "INCR");
    clock = atom(x, "HADA_CLOCK");
    largest = size_t{4} * xcb_get_maximum_request_length(x) - kRequestOverhead;
    if (largest_piece > 0) largest = std::min(largest, largest_piece);
    xcb_flush(x);
    thread = std::thread([this] { serve(); });
    return true;
  }

  void serve() {
    for (;;) {
      pollfd ready[2] = {{xcb_get_file_descriptor(x), POLLIN, 0}, {wake[0], POLLIN, 0}};
      ::poll(ready, 2, -1);
      if (ready[1].revents) {
        char bytes[16];
        [[maybe_unused]] const ssize_t read = ::read(wake[0], bytes, sizeof bytes);
        std::lock_guard lock(mutex);
        if (stop) return;
        if (offered) {
          waiting = std::move(offered);
          offered = nullptr;
          // ICCCM wants the server's time with the ownership: a change of a property tells it.
          xcb_change_property(x, XCB_PROP_MODE_APPEND, window, clock, XCB_ATOM_INTEGER, 8, 0, nullptr);
        }
      }
      while (const auto event = own(xcb_poll_for_event(x))) handle(*event);
      xcb_flush(x);
      if (xcb_connection_has_error(x)) return say(false);
    }
  }

  void say(bool owned) {
    std::lock_guard lock(mutex);
    answer = owned;
    answered.notify_all();
  }

  void handle(const xcb_generic_event_t& event) {
    switch (event.response_type & 0x7F) {
      case XCB_PROPERTY_NOTIFY:
        return property(reinterpret_cast<const xcb_property_notify_event_t&>(event));
      case XCB_SELECTION_REQUEST:
        return request(reinterpret_cast<const xcb_selection_request_event_t&>(event));
      case XCB_SELECTION_CLEAR:
        current = nullptr;
        return;
      default:  // an error (type 0) of a reader that has gone
        return;
    }
  }

  void property(const xcb_property_notify_event_t& event) {
    if (event.window == window) {
      if (event.atom != clock || !waiting) return;
      since = event.time;
      xcb_set_selection_owner(x, window, clipboard, since);
      const auto owner =
          own(xcb_get_selection_owner_reply(x, xcb_get_selection_owner(x, clipboard), nullptr));
      const bool ours = owner && owner->owner == window;
      if (ours) current = std::move(waiting);
      waiting = nullptr;
      return say(ours);
    }
    if (event.state != XCB_PROPERTY_DELETE) return;
    const auto it = std::find_if(transfers.begin(), transfers.end(), [&](const Transfer& t) {
      return t.window == event.window && t.property == event.atom;
    });
    if (it == transfers.end()) return;
    const size_t piece = std::min(largest, it->png->size() - it->sent);
    put(it->window, it->property, image_png, 8, piece, it->png->data() + it->sent);
    it->sent += piece;
    if (piece == 0) transfers.erase(it);  // an empty piece ends it
  }

  void put(xcb_window_t to, xcb_atom_t property, xcb_atom_t type, uint8_t format, size_t count,
           const void* data) {
    xcb_change_property(x, XCB_PROP_MODE_REPLACE, to, property, type, format, static_cast<uint32_t>(count),
                        data);
  }

  void request(const xcb_selection_request_event_t& event) {
    xcb_selection_notify_event_t reply{};
    reply.response_type = XCB_SELECTION_NOTIFY;
    reply.time = event.time;
    reply.requestor = event.requestor;
    reply.selection = event.selection;
    reply.target = event.target;
    // Clients of old name no property and mean the target's name.
    reply.property = event.property != XCB_ATOM_NONE ? event.property : event.target;
    if (!current || event.selection != clipboard) {
      reply.property = XCB_ATOM_NONE;
    } else if (event.target == targets) {
      const xcb_atom_t all[] = {targets, timestamp, image_png};
      put(event.requestor, reply.property, XCB_ATOM_ATOM, 32, std::size(all), all);
    } else if (event.target == timestamp) {
      put(event.requestor, reply.property, XCB_ATOM_INTEGER, 32, 1, &since);
    } else if (event.target == image_png && current->size() <= largest) {
      put(event.requestor, reply.property, image_png, 8, current->size(), current->data());
    } else if (event.target == image_png) {
      const uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
      xcb_change_window_attributes(x, event.requestor, XCB_CW_EVENT_MASK, &events);
      const auto size = static_cast<uint32_t>(current->size());
      put(event.requestor, reply.property, incr, 32, 1, &size);
      if (transfers.size() >= kMaxTransfers) transfers.erase(transfers.begin());
      transfers.push_back({event.requestor, reply.property, current, 0});
    } else {
      reply.property = XCB_ATOM_NONE;
    }
    xcb_send_event(x, 0, event.requestor, 0, reinterpret_cast<const char*>(&reply));
  }
};

ImageClipboard::ImageClipboard(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImageClipboard::~ImageClipboard() = default;

std::unique_ptr<ImageClipboard> ImageClipboard::open(const char* display, size_t largest_piece) {
  auto impl = std::make_unique<Impl>();
  if (!impl->start(display, largest_piece)) return nullptr;
  return std::unique_ptr<ImageClipboard>(new ImageClipboard(std::move(impl)));
}

bool ImageClipboard::offer(std::string png) {
  std::unique_lock lock(impl_->mutex);
  impl_->offered = std::make_shared<const std::string>(std::move(png));
  impl_->answer.reset();
  impl_->poke();
  impl_->answered.wait_for(lock, std::chrono::seconds(1), [&] { return impl_->answer.has_value(); });
  return impl_->answer.value_or(false);
}

}  // namespace hada::app
