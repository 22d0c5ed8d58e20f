#include "client/app/image_clipboard.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/clipboard_reader.h"
#include "tests/support/ui_driver.h"

using namespace hada;
using namespace hada::support;

namespace {
Xvfb& screen() {
  static Xvfb one{640, 480};
  // A server whose last client leaves starts anew, and may miss the next.
  static const auto stays = app::ImageClipboard::open(one.display().c_str());
  return one;
}
std::string picture(size_t bytes) {
  std::string content(bytes, '\0');
  for (size_t i = 0; i < bytes; ++i) content[i] = static_cast<char>(i * 131 >> 3);
  return content;
}
}  // namespace

TEST_CASE("another program finds the picture on the clipboard, whole, as image/png") {
  const auto clipboard = app::ImageClipboard::open(screen().display().c_str());
  REQUIRE(clipboard);
  REQUIRE(clipboard->offer(picture(50'000)));
  Pasted pasted = paste(screen().display(), "image/png");
  CHECK(std::count(pasted.targets.begin(), pasted.targets.end(), "image/png") == 1);
  CHECK(pasted.content == picture(50'000));
  CHECK_FALSE(pasted.in_pieces);
  CHECK_FALSE(paste(screen().display(), "UTF8_STRING").content);
  // A second copy takes the place of the first.
  REQUIRE(clipboard->offer(picture(70)));
  CHECK(paste(screen().display(), "image/png").content == picture(70));
}

TEST_CASE("a picture larger than one request comes in pieces") {
  const auto clipboard = app::ImageClipboard::open(screen().display().c_str(), 4'096);
  REQUIRE(clipboard);
  for (const size_t size : {size_t{4'097}, size_t{3 * 4'096}, size_t{100'000}}) {
    REQUIRE(clipboard->offer(picture(size)));
    const Pasted pasted = paste(screen().display(), "image/png");
    CHECK(pasted.in_pieces);
    CHECK(pasted.content == picture(size));
  }
}

TEST_CASE("another program's copy ends ours; without a display there is no clipboard") {
  const auto first = app::ImageClipboard::open(screen().display().c_str());
  const auto second = app::ImageClipboard::open(screen().display().c_str());
  REQUIRE(first->offer(picture(100)));
  REQUIRE(second->offer(picture(200)));
  CHECK(paste(screen().display(), "image/png").content == picture(200));
  CHECK_FALSE(app::ImageClipboard::open(":987"));
}
