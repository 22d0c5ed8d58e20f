#include "client/app/display_profile.h"

#include <xcb/xcb.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string_view>

#include "client/render/colour_transform.h"

namespace hada::app {
namespace {

constexpr std::streamoff kMaxProfile = 16 << 20;

struct Free {
  void operator()(void* reply) const { std::free(reply); }
};
struct Disconnect {
  void operator()(xcb_connection_t* connection) const { xcb_disconnect(connection); }
};
template <typename Reply>
using Owned = std::unique_ptr<Reply, Free>;

}  // namespace

Result<std::string> read_display_profile(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const auto refuse = [&](const char* why) {
    return Unexpected(ErrorCode::InvalidArgument, "BAD_OPTION", path + ": " + why);
  };
  if (!in || in.tellg() <= 0 || in.tellg() > kMaxProfile)
    return refuse("the display profile cannot be read.");
  in.seekg(0);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!render::is_display_profile(bytes.str())) return refuse("this is no ICC profile of an RGB display.");
  return bytes.str();
}

std::string desktop_profile() {
  constexpr std::string_view kName = "_ICC_PROFILE";
  int screen_number = 0;
  const std::unique_ptr<xcb_connection_t, Disconnect> x(xcb_connect(nullptr, &screen_number));
  if (xcb_connection_has_error(x.get())) return {};
  xcb_screen_iterator_t screens = xcb_setup_roots_iterator(xcb_get_setup(x.get()));
  while (screen_number-- > 0 && screens.rem > 1) xcb_screen_next(&screens);
  const Owned<xcb_intern_atom_reply_t> atom(xcb_intern_atom_reply(
      x.get(), xcb_intern_atom(x.get(), 1, static_cast<uint16_t>(kName.size()), kName.data()), nullptr));
  if (!atom || atom->atom == XCB_ATOM_NONE || screens.rem == 0) return {};
  // The length is asked for in units of 4 bytes.
  const Owned<xcb_get_property_reply_t> property(
      xcb_get_property_reply(x.get(),
                             xcb_get_property(x.get(), 0, screens.data->root, atom->atom,
                                              XCB_GET_PROPERTY_TYPE_ANY, 0, kMaxProfile / 4),
                             nullptr));
  if (!property || property->format != 8 || property->bytes_after != 0) return {};
  const std::string profile(static_cast<const char*>(xcb_get_property_value(property.get())),
                            static_cast<size_t>(xcb_get_property_value_length(property.get())));
  return render::is_display_profile(profile) ? profile : std::string();
}

}  // namespace hada::app
