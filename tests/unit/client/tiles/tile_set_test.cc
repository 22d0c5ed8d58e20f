#include "client/tiles/tile_set.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace hada;
using contract::Pyramid;
using contract::TileKey;
using tiles::Actions;
using tiles::Fetch;
using tiles::Pixels;
using tiles::TileLimits;
using tiles::TileSet;
using tiles::TileState;

namespace {

// 16 x 16 tiles of 256 px, then 4 x 4, then one.
const Pyramid kSlide = {{4096, 4096, 256, 256, 1}, {1024, 1024, 256, 256, 4}, {256, 256, 256, 256, 16}};
const Pyramid kPhotograph = {{1500, 1000, 1500, 1000, 1}};

constexpr int64_t kSecond = 1'000'000;

Pixels pixels(int width = 256, int height = 256, int levels = 1) {
  Pixels p;
  p.width = width;
  p.height = height;
  p.levels = levels;
  p.data = std::make_unique<uint8_t[]>(p.bytes());
  return p;
}

std::vector<TileKey> row(int count, int from = 0) {
  std::vector<TileKey> keys;
  for (int i = 0; i < count; ++i) keys.push_back({0, (from + i) % 16, (from + i) / 16});
  return keys;
}

Actions look(TileSet& set, tiles::ImageId image, const std::vector<TileKey>& keys, int64_t now = 0) {
  set.begin_frame();
  set.want(image, {keys, {}});
  return set.step(now);
}

// Answers everything until nothing more happens; every tile of `keys` ends on the GPU if it may.
void settle(TileSet& set, tiles::ImageId image, const std::vector<TileKey>& keys) {
  for (int i = 0; i < 200; ++i) {
    const Actions actions = look(set, image, keys);
    for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string(1000, 'x'), 0);
    for (const tiles::Decode& decode : actions.decodes) set.decoded(decode.ticket, pixels(), 0);
    while (set.next_upload()) {
    }
    if (actions.fetches.empty() && actions.decodes.empty()) return;
  }
}

}  // namespace

TEST_CASE("a wanted tile is fetched, decoded, uploaded and then ready") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const tiles::TileId id = {slide, {0, 3, 4}};

  Actions actions = look(set, slide, {id.key});
  REQUIRE(actions.fetches.size() == 1);
  CHECK(actions.fetches[0].image == "images/a");
  CHECK(actions.fetches[0].key == id.key);
  CHECK(set.state(id) == TileState::Fetching);
  CHECK_FALSE(set.idle());

  CHECK(set.fetched(actions.fetches[0].ticket, std::string("jpeg"), 0));
  actions = set.step(0);
  REQUIRE(actions.decodes.size() == 1);
  CHECK(*actions.decodes[0].jpeg == "jpeg");
  CHECK(set.state(id) == TileState::Decoding);

  CHECK(set.decoded(actions.decodes[0].ticket, pixels(), 0));
  CHECK_FALSE(set.ready(id));
  const auto upload = set.next_upload();
  REQUIRE(upload);
  CHECK(upload->id == id);
  CHECK(set.ready(id));
  CHECK(set.idle());
  CHECK(look(set, slide, {id.key}).fetches.empty());
}

TEST_CASE("no more fetches are in flight than the limit, the most wanted first") {
  TileLimits limits;
  limits.in_flight = 4;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  Actions actions = look(set, slide, row(10));
  REQUIRE(actions.fetches.size() == 4);
  for (int i = 0; i < 4; ++i)
    CHECK(actions.fetches[static_cast<size_t>(i)].key == row(10)[static_cast<size_t>(i)]);
  set.fetched(actions.fetches[0].ticket, std::string("x"), 0);
  actions = set.step(0);
  REQUIRE(actions.fetches.size() == 1);
  CHECK(actions.fetches[0].key == row(10)[4]);
}

TEST_CASE("a fetch that nobody wants any more is cancelled, and its late answer dropped") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const Actions before = look(set, slide, row(3));
  const Actions after = look(set, slide, {row(3)[1]});
  std::set<uint64_t> cancelled;
  for (const auto& cancel : after.cancels) cancelled.insert(cancel.ticket);
  CHECK(cancelled == std::set<uint64_t>{before.fetches[0].ticket, before.fetches[2].ticket});
  CHECK(after.fetches.empty());
  CHECK_FALSE(set.fetched(before.fetches[0].ticket, std::string("late"), 0));
  CHECK(set.fetched(before.fetches[1].ticket, std::string("wanted"), 0));
}

TEST_CASE("two panes of one image share its tiles and take turns") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  CHECK(set.open("images/a", kSlide) == slide);
  set.begin_frame();
  set.want(slide, {row(3, 0), {}});
  set.want(slide, {row(3, 2), {}});
  const Actions actions = set.step(0);
  std::vector<TileKey> asked;
  for (const Fetch& fetch : actions.fetches) asked.push_back(fetch.key);
  CHECK(asked == std::vector<TileKey>{row(9)[0], row(9)[2], row(9)[1], row(9)[3], row(9)[4]});

  set.close(slide);
  CHECK(set.state({slide, row(1)[0]}) == TileState::Fetching);  // the other pane still shows it
}

TEST_CASE("a failed tile is asked for again after a growing wait") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const auto fail = [&](int64_t now) {
    const Actions actions = look(set, slide, row(1), now);
    if (actions.fetches.empty()) return false;
    CHECK(set.fetched(actions.fetches[0].ticket, Unexpected(ErrorCode::Unavailable, "GONE", "gone"), now));
    return true;
  };
  CHECK(fail(0));
  CHECK(set.idle());
  CHECK(set.next_retry_us() == 1 * kSecond);
  CHECK_FALSE(fail(kSecond - 1));
  CHECK(fail(kSecond));
  CHECK_FALSE(fail(2 * kSecond));
  CHECK(fail(3 * kSecond));
  SUBCASE("a damaged picture counts on") {
    const Actions actions = look(set, slide, row(1), 7 * kSecond);
    set.fetched(actions.fetches.at(0).ticket, std::string("x"), 7 * kSecond);
    set.decoded(set.step(0).decodes.at(0).ticket, Unexpected(ErrorCode::DataLoss, "CORRUPT_TILE", "bad"),
                8 * kSecond);
    CHECK(*set.next_retry_us() == 16 * kSecond);  // the fourth failure: 8 s
  }
  SUBCASE("forgive asks at once") {
    set.forgive();
    CHECK(fail(3 * kSecond));
  }
  SUBCASE("the wait ends at a minute") {
    int64_t now = 100 * kSecond;
    for (int i = 0; i < 20; ++i, now += 60 * kSecond) CHECK(fail(now));
  }
}

TEST_CASE("a damaged or too small picture makes its tile failed") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const auto answer = [&](Result<Pixels> result) {
    const Actions actions = look(set, slide, row(1));
    set.fetched(actions.fetches.at(0).ticket, std::string("x"), 0);
    set.decoded(set.step(0).decodes.at(0).ticket, std::move(result), 0);
    return set.state({slide, row(1)[0]});
  };
  CHECK(answer(Unexpected(ErrorCode::DataLoss, "CORRUPT_TILE", "bad")) == TileState::Failed);
  set.forgive();
  CHECK(answer(pixels(255, 256)) == TileState::Failed);
  set.forgive();
  CHECK(answer(pixels(256, 256)) == TileState::Decoded);
  CHECK(set.jpeg_bytes() == 1);
}

TEST_CASE(
    "the GPU's budget holds: what was used longest ago leaves first and comes back without the network") {
  TileLimits limits;
  limits.slots = 8;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(8, 0));
  CHECK(set.slots_used() == 8);
  settle(set, slide, row(2, 0));  // these two are used again
  settle(set, slide, row(6, 8));
  CHECK(set.slots_used() <= 8);
  CHECK(set.ready({slide, row(1, 0)[0]}));
  CHECK_FALSE(set.ready({slide, row(1, 4)[0]}));
  CHECK(set.state({slide, row(1, 4)[0]}) == TileState::Kept);
  CHECK_FALSE(set.take_dropped().empty());
  const Actions back = look(set, slide, row(1, 4));
  CHECK(back.fetches.empty());
  CHECK(back.decodes.size() == 1);
}

TEST_CASE("what the view itself uses never leaves for its own sake") {
  TileLimits limits;
  limits.slots = 4;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(6));
  CHECK(set.slots_used() == 4);
  for (int i = 0; i < 4; ++i) CHECK(set.ready({slide, row(6)[static_cast<size_t>(i)]}));
  CHECK(set.idle());  // the two that do not fit are not work in progress
}

TEST_CASE("large pictures are counted by their bytes") {
  TileLimits limits;
  limits.large_bytes = pixels(1500, 1000).bytes() + 100;
  TileSet set(limits);
  const auto show = [&](const char* name) {
    const auto id = set.open(name, kPhotograph);
    for (int i = 0; i < 3; ++i) {
      const Actions actions = look(set, id, {{0, 0, 0}});
      for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string("x"), 0);
      for (const auto& decode : actions.decodes) {
        CHECK(decode.half_sizes == tiles::HalfSizes::All);
        set.decoded(decode.ticket, pixels(1500, 1000), 0);
      }
      while (set.next_upload()) {
      }
      CHECK(set.large_bytes() <= limits.large_bytes);
    }
    look(set, id, {});
    look(set, id, {});
    return id;
  };
  const auto first = show("images/a");
  CHECK(set.ready({first, {0, 0, 0}}));
  const auto second = show("images/b");
  CHECK(set.ready({second, {0, 0, 0}}));
  CHECK_FALSE(set.ready({first, {0, 0, 0}}));
}

TEST_CASE("kept JPEGs stay within their budget") {
  TileLimits limits;
  limits.slots = 4;
  limits.jpeg_bytes = 10'000;  // ten of them
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  for (int i = 0; i < 60; i += 3) {
    settle(set, slide, row(3, i));
    CHECK(set.jpeg_bytes() <= 10'000);
  }
}

TEST_CASE("pixels between fetch and upload stay within their budget, but one tile always may") {
  TileLimits limits;
  limits.in_flight = 100;
  limits.work_bytes = 3 * Pixels::bytes(256, 256, 2);
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  CHECK(look(set, slide, row(10)).fetches.size() == 3);
  limits.work_bytes = 1;
  TileSet tight(limits);
  CHECK(look(tight, tight.open("images/a", kSlide), row(10)).fetches.size() == 1);
}

TEST_CASE("closing an image gives everything back") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(5));
  const Actions actions = look(set, slide, row(6));
  REQUIRE(actions.fetches.size() == 1);
  set.close(slide);
  CHECK(set.slots_used() == 0);
  CHECK(set.jpeg_bytes() == 0);
  CHECK(set.take_dropped().size() == 5);
  CHECK_FALSE(set.fetched(actions.fetches[0].ticket, std::string("late"), 0));
  set.begin_frame();
  CHECK(set.step(0).cancels.size() == 1);
  CHECK(set.idle());
  SUBCASE("and an image opened later under its name starts anew") {
    const auto again = set.open("images/a", kSlide);
    CHECK(look(set, again, row(1)).fetches.size() == 1);
  }
}

TEST_CASE("pixels decoded for a view that has gone are not kept, their JPEG is") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const Actions actions = look(set, slide, row(1));
  set.fetched(actions.fetches[0].ticket, std::string("x"), 0);
  set.decoded(set.step(0).decodes.at(0).ticket, pixels(), 0);
  look(set, slide, row(1, 5));
  CHECK(set.state({slide, row(1)[0]}) == TileState::Kept);
  CHECK_FALSE(set.next_upload());
}

TEST_CASE("a half size is built only where the next level is more than twice coarser") {
  TileSet set;
  const auto steep = set.open("images/steep", kSlide);
  const auto gentle = set.open("images/gentle", {{512, 512, 256, 256, 1}, {256, 256, 256, 256, 2}});
  const auto asked = [&](tiles::ImageId image) {
    const Actions actions = look(set, image, row(1));
    set.fetched(actions.fetches.at(0).ticket, std::string("x"), 0);
    return set.step(0).decodes.at(0).half_sizes;
  };
  CHECK(asked(steep) == tiles::HalfSizes::One);
  CHECK(asked(gentle) == tiles::HalfSizes::None);
}

// --- prefetches -------------------------------------------------------------------------------------------

namespace {

Actions look_ahead(TileSet& set, tiles::ImageId image, const std::vector<TileKey>& visible,
                   const std::vector<TileKey>& prefetch) {
  set.begin_frame();
  set.want(image, {visible, prefetch});
  return set.step(0);
}

// Answers what was asked and uploads what may be.
void answer(TileSet& set, Actions actions) {
  for (int i = 0; i < 100 && !(actions.fetches.empty() && actions.decodes.empty()); ++i) {
    for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string(1000, 'x'), 0);
    for (const tiles::Decode& decode : actions.decodes) set.decoded(decode.ticket, pixels(), 0);
    while (set.next_upload()) {
    }
    actions = set.step(0);
  }
}

}  // namespace

TEST_CASE("a prefetch is asked for only when all that is visible has come") {
  TileLimits limits;
  limits.prefetches = 4;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  Actions actions = look_ahead(set, slide, row(2), row(6, 8));
  REQUIRE(actions.fetches.size() == 2);
  set.fetched(actions.fetches[0].ticket, std::string("x"), 0);
  Actions then = set.step(0);
  CHECK(then.fetches.empty());
  answer(set, {{}, {}, std::move(then.decodes)});
  set.fetched(actions.fetches[1].ticket, std::string("x"), 0);
  actions = set.step(0);
  CHECK(actions.fetches.size() == 4);  // no more than may be on the wire for what is not visible
  CHECK(actions.fetches[0].key == row(1, 8)[0]);
  answer(set, std::move(actions));
  CHECK(set.ready({slide, row(6, 8)[5]}));
  CHECK(set.idle());
}

TEST_CASE(
    "a visible tile that has to be fetched ends the prefetches in flight, but not one that it is itself") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  answer(set, look_ahead(set, slide, row(2), {}));
  const Actions ahead = look_ahead(set, slide, row(2), row(3, 8));
  REQUIRE(ahead.fetches.size() == 3);
  // The first comes into view, and so does a tile that nobody foresaw.
  const Actions actions = look_ahead(set, slide, {row(1, 8)[0], row(1, 20)[0]}, row(2, 9));
  std::set<uint64_t> cancelled;
  for (const auto& cancel : actions.cancels) cancelled.insert(cancel.ticket);
  CHECK(cancelled == std::set<uint64_t>{ahead.fetches[1].ticket, ahead.fetches[2].ticket});
  REQUIRE(actions.fetches.size() == 1);
  CHECK(actions.fetches[0].key == row(1, 20)[0]);
  CHECK(set.fetched(ahead.fetches[0].ticket, std::string("x"), 0));
}

TEST_CASE("a prefetch pushes out neither what is visible nor what was just seen, and then waits as a JPEG") {
  TileLimits limits;
  limits.slots = 6;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(3, 0));
  settle(set, slide, row(3, 4));
  answer(set, look_ahead(set, slide, row(3, 4), row(2, 8)));
  for (const TileKey& key : {row(1, 0)[0], row(1, 2)[0], row(1, 4)[0], row(1, 6)[0]})
    CHECK(set.ready({slide, key}));
  CHECK(set.state({slide, row(1, 8)[0]}) == TileState::Kept);
  CHECK(set.idle());
  CHECK(set.take_dropped().empty());
  SUBCASE("seen long ago, a tile makes room") {
    for (uint64_t i = 0; i < 2 * tiles::kJustSeenFrames; ++i) look_ahead(set, slide, row(3, 4), {});
    answer(set, look_ahead(set, slide, row(3, 4), row(2, 8)));
    CHECK(set.ready({slide, row(1, 8)[0]}));
    CHECK(set.ready({slide, row(1, 4)[0]}));
  }
  SUBCASE("in view it takes the place of what was just seen, without the network") {
    Actions actions = look(set, slide, row(2, 8));
    CHECK(actions.fetches.empty());
    answer(set, std::move(actions));
    CHECK(set.ready({slide, row(1, 8)[0]}));
  }
}

TEST_CASE("prefetches leave the GPU before anything that was seen") {
  TileLimits limits;
  limits.slots = 40;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  answer(set, look_ahead(set, slide, row(20, 0), row(4, 200)));
  REQUIRE(set.ready({slide, row(1, 203)[0]}));
  settle(set, slide, row(18, 40));
  for (const TileKey& key : row(20, 0)) CHECK(set.ready({slide, key}));
}

TEST_CASE("a view is complete as soon as its last visible tile is decoded, whatever is fetched ahead") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  Actions actions = look_ahead(set, slide, row(2), row(3, 8));
  for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string("x"), 0);
  actions = set.step(0);
  REQUIRE(actions.decodes.size() == 2);
  REQUIRE(actions.fetches.size() == 3);  // the prefetches are on their way
  set.decoded(actions.decodes[0].ticket, pixels(), 0);
  CHECK_FALSE(set.completes_view());
  set.decoded(actions.decodes[1].ticket, pixels(), 0);
  CHECK(set.completes_view());
  while (set.next_upload()) {
  }
  CHECK_FALSE(set.completes_view());
  CHECK_FALSE(set.idle());
}

// --- several panes ----------------------------------------------------------------------------------------

TEST_CASE("a photograph without room holds up nobody, and pushes out no other pane's tiles") {
  TileLimits limits;
  limits.large_bytes = pixels(1500, 1000).bytes();
  TileSet set(limits);
  const auto slide = set.open("images/slide", kSlide);
  const auto first = set.open("images/photo1", kPhotograph), second = set.open("images/photo2", kPhotograph);
  Actions actions;
  for (int i = 0; i < 20; ++i) {
    set.begin_frame();
    set.want(first, {{{0, 0, 0}}, {}});
    if (i > 5) set.want(second, {{{0, 0, 0}}, {}});
    set.want(slide, {row(i > 5 ? 12 : 6), {}});
    actions = set.step(0);
    for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string(1000, 'x'), 0);
    actions = set.step(0);
    for (const auto& decode : actions.decodes)
      set.decoded(decode.ticket, decode.half_sizes == tiles::HalfSizes::All ? pixels(1500, 1000) : pixels(),
                  0);
    while (set.next_upload()) {
    }
  }
  CHECK(set.ready({first, {0, 0, 0}}));
  CHECK(set.state({second, {0, 0, 0}}) == TileState::Decoded);  // waits
  for (const TileKey& key : row(12)) CHECK(set.ready({slide, key}));
  CHECK(set.idle());
}

TEST_CASE("of six panes each gets its share of the fetches in flight") {
  TileLimits limits;
  limits.in_flight = 12;
  TileSet set(limits);
  std::map<std::string, int> asked;
  set.begin_frame();
  for (int i = 0; i < 6; ++i) set.want(set.open("images/" + std::to_string(i), kSlide), {row(40), {}});
  for (const Fetch& fetch : set.step(0).fetches) ++asked[fetch.image];
  CHECK(asked.size() == 6);
  for (const auto& [image, count] : asked) CHECK(count == 2);
}

// --- a GPU that fails -------------------------------------------------------------------------------------

TEST_CASE("a GPU that refuses memory gets half the budget, and what was used longest ago leaves") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(100, 0));
  settle(set, slide, row(100, 100));
  REQUIRE(set.slots_used() == 200);
  Actions actions = look(set, slide, row(101, 100));
  set.fetched(actions.fetches.at(0).ticket, std::string(1000, 'x'), 0);
  set.decoded(set.step(0).decodes.at(0).ticket, pixels(), 0);
  const auto upload = set.next_upload();
  REQUIRE(upload);
  set.refused(upload->id, 0);
  CHECK(set.limits().slots == 100);
  CHECK(set.slots_used() == 100);
  CHECK(set.take_dropped().size() == 100);
  CHECK(set.state(upload->id) == TileState::Kept);
  CHECK(set.ready({slide, row(1, 150)[0]}));
  CHECK_FALSE(set.ready({slide, row(1, 50)[0]}));
  SUBCASE("at the floor the tile fails and is tried again later") {
    // Refuses everything from now on.
    for (int i = 0; i < 500; ++i) {
      actions = look(set, slide, row(20, 220));
      for (const Fetch& fetch : actions.fetches) set.fetched(fetch.ticket, std::string(1000, 'x'), 0);
      for (const auto& decode : actions.decodes) set.decoded(decode.ticket, pixels(), 0);
      while (const auto refused = set.next_upload()) set.refused(refused->id, 0);
    }
    CHECK(set.limits().slots == tiles::kLeastSlots);
    CHECK(set.state({slide, row(1, 220)[0]}) == TileState::Failed);
    CHECK(set.next_retry_us());
    CHECK(set.idle());
  }
}

TEST_CASE("a budget that was refused grows back by eighths, a minute after each") {
  TileLimits limits;
  limits.slots = 200;
  TileSet set(limits);
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(200));
  const auto refuse = [&](int64_t now, int from) {
    for (int i = 0; i < 3; ++i) look(set, slide, {}, now);  // what is on the GPU may leave
    const Actions actions = look(set, slide, row(1, from), now);
    set.fetched(actions.fetches.at(0).ticket, std::string(1000, 'x'), now);
    set.decoded(set.step(now).decodes.at(0).ticket, pixels(), now);
    const auto upload = set.next_upload();
    REQUIRE(upload);
    set.refused(upload->id, now);
    set.take_dropped();
  };
  refuse(100 * kSecond, 220);
  const int halved = set.limits().slots;
  const size_t large = set.limits().large_bytes;
  REQUIRE(halved < 100);
  set.step(159 * kSecond);
  CHECK(set.limits().slots == halved);
  set.step(160 * kSecond);
  CHECK(set.limits().slots == halved + halved / 8);
  CHECK(set.limits().large_bytes == large);  // it was never refused
  set.step(161 * kSecond);
  CHECK(set.limits().slots == halved + halved / 8);

  SUBCASE("up to what it was, and no further") {
    for (int64_t minute = 4; minute < 30; ++minute) set.step(minute * 60 * kSecond);
    CHECK(set.limits().slots == 200);
  }
  SUBCASE("a refusal in between halves it again and begins the minute anew") {
    settle(set, slide, row(200));
    refuse(215 * kSecond, 230);
    const int again = set.limits().slots;
    CHECK(again < halved);
    set.step(274 * kSecond);
    CHECK(set.limits().slots == again);
    set.step(275 * kSecond);
    CHECK(set.limits().slots == again + again / 8);
  }
}

TEST_CASE("an upload that fails for another reason than memory leaves the budget and is tried again later") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  Actions actions = look(set, slide, row(1));
  set.fetched(actions.fetches.at(0).ticket, std::string(1000, 'x'), 0);
  set.decoded(set.step(0).decodes.at(0).ticket, pixels(), 0);
  const auto upload = set.next_upload();
  REQUIRE(upload);
  set.upload_failed(upload->id, 0);
  CHECK(set.limits().slots == TileLimits{}.slots);
  CHECK(set.slots_used() == 0);
  CHECK(set.state(upload->id) == TileState::Failed);
  CHECK(set.take_dropped().empty());
  REQUIRE(set.next_retry_us());
  actions = look(set, slide, row(1), *set.next_retry_us());
  CHECK(actions.decodes.size() == 1);  // its JPEG is still there
}

TEST_CASE("after the context was lost what is wanted comes back from the kept JPEGs") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  settle(set, slide, row(20));
  set.textures_lost();
  CHECK(set.slots_used() == 0);
  CHECK(set.take_dropped().empty());
  const Actions actions = look(set, slide, row(20));
  CHECK(actions.fetches.empty());
  CHECK(actions.decodes.size() == 20);
  answer(set, actions);
  for (const TileKey& key : row(20)) CHECK(set.ready({slide, key}));
}

TEST_CASE("a picture larger than its tile is refused: it would break the budgets") {
  TileSet set;
  const auto slide = set.open("images/a", kSlide);
  const Actions actions = look(set, slide, row(1));
  set.fetched(actions.fetches.at(0).ticket, std::string("x"), 0);
  set.decoded(set.step(0).decodes.at(0).ticket, pixels(4000, 4000), 0);
  CHECK(set.state({slide, row(1)[0]}) == TileState::Failed);
}
