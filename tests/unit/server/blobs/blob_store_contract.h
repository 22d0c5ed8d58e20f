#pragma once

// What every BlobStore promises; each driver's test runs it on a fresh store.

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>

#include "contract/sha256.h"
#include "server/blobs/blob_store.h"

namespace hada::blobs {

inline std::string read_all(BlobStore& store, const Hash& hash) {
  const auto reader = store.open(hash);
  REQUIRE(reader);
  std::string bytes((*reader)->size(), '\0');
  REQUIRE((*reader)->read_into(0, bytes.size(), bytes.data()));
  return bytes;
}

template <typename T>
std::string reason_of(const Result<T>& result) {
  return result ? std::string() : result.error().reason;
}

// `make` opens the store again over the same place each time it is called; `spare_file` writes a local file.
inline void check_blob_store_contract(const std::function<std::unique_ptr<BlobStore>()>& make,
                                      const std::function<std::string(const std::string&)>& spare_file) {
  const auto store = make();
  const std::string bytes = "the bytes of a blob";
  const Hash hash = contract::sha256_hex(bytes);

  SUBCASE("keeps what was put, under its hash") {
    CHECK_FALSE(*store->contains(hash));
    CHECK(*store->put(bytes) == hash);
    CHECK(*store->contains(hash));
    CHECK(read_all(*store, hash) == bytes);
    CHECK(*store->put(bytes) == hash);
  }
  SUBCASE("keeps it after being opened again") {
    REQUIRE(store->put(bytes));
    CHECK(read_all(*make(), hash) == bytes);
  }
  SUBCASE("reads any part, and nothing past the end") {
    REQUIRE(store->put(bytes));
    const auto reader = *store->open(hash);
    std::string part(5, '\0');
    CHECK(reader->read_into(4, part.size(), part.data()));
    CHECK(part == "bytes");
    CHECK(reason_of(reader->read_into(bytes.size() - 2, 3, part.data())) == "SHORT_READ");
    CHECK(reason_of(reader->read_into(~uint64_t{0}, 3, part.data())) == "SHORT_READ");
  }
  SUBCASE("takes a file in and removes it") {
    const std::string path = spare_file(bytes);
    CHECK(*store->adopt(path) == hash);
    CHECK(read_all(*store, hash) == bytes);
    CHECK(*store->adopt(spare_file(bytes)) == hash);
  }
  SUBCASE("says that an unknown blob is unknown") {
    CHECK(reason_of(store->open(hash)) == "NO_SUCH_BLOB");
    CHECK(reason_of(store->local_path(hash)) == "NO_SUCH_BLOB");
  }
  SUBCASE("refuses what is no hash, in every call") {
    for (const std::string bad : {"", "..", "../../etc/passwd", "ABCDEF", "zz"}) {
      CHECK(reason_of(store->contains(bad)) == "BAD_HASH");
      CHECK(reason_of(store->open(bad)) == "BAD_HASH");
      CHECK(reason_of(store->begin_upload(bad, 1)) == "BAD_HASH");
      CHECK(reason_of(store->upload_state(bad)) == "BAD_HASH");
      CHECK(reason_of(store->append(bad, 0, "x")) == "BAD_HASH");
      CHECK(reason_of(store->finish(bad)) == "BAD_HASH");
      CHECK(reason_of(store->local_path(bad)) == "BAD_HASH");
    }
  }
  SUBCASE("takes an upload in pieces, across restarts") {
    CHECK(*store->begin_upload(hash, bytes.size()) == 0);
    CHECK(*store->append(hash, 0, bytes.substr(0, 7)) == 7);
    const auto again = make();
    CHECK(*again->begin_upload(hash, bytes.size()) == 7);
    CHECK(again->upload_state(hash)->size == bytes.size());
    CHECK_FALSE(*again->contains(hash));
    CHECK(*again->append(hash, 7, bytes.substr(7)) == bytes.size());
    CHECK(again->finish(hash));
    CHECK(read_all(*again, hash) == bytes);
    CHECK(reason_of(again->upload_state(hash)) == "NO_SUCH_UPLOAD");
  }
  SUBCASE("names the right offset when a chunk comes at a wrong one") {
    REQUIRE(store->begin_upload(hash, bytes.size()));
    REQUIRE(store->append(hash, 0, bytes.substr(0, 7)));
    for (const uint64_t offset : {uint64_t{0}, uint64_t{6}, uint64_t{8}, ~uint64_t{0}}) {
      const auto wrong = store->append(hash, offset, "x");
      CHECK(reason_of(wrong) == "WRONG_OFFSET");
      CHECK(wrong.error().metadata.at("committed_size") == "7");
    }
    CHECK(store->upload_state(hash)->committed == 7);
  }
  SUBCASE("refuses bytes past the declared size") {
    REQUIRE(store->begin_upload(hash, 3));
    CHECK(reason_of(store->append(hash, 0, "four")) == "TOO_MANY_BYTES");
    CHECK(store->upload_state(hash)->committed == 0);
  }
  SUBCASE("refuses an upload that was not started") {
    CHECK(reason_of(store->append(hash, 0, "x")) == "NO_SUCH_UPLOAD");
    CHECK(reason_of(store->finish(hash)) == "NO_SUCH_UPLOAD");
  }
  SUBCASE("drops an upload whose bytes have another hash") {
    std::string other = bytes;
    other[3] ^= 1;
    REQUIRE(store->begin_upload(hash, bytes.size()));
    REQUIRE(store->append(hash, 0, other));
    CHECK(reason_of(store->finish(hash)) == "HASH_MISMATCH");
    CHECK_FALSE(*store->contains(hash));
    CHECK(reason_of(store->upload_state(hash)) == "NO_SUCH_UPLOAD");
  }
  SUBCASE("does not finish what is not complete") {
    REQUIRE(store->begin_upload(hash, bytes.size()));
    REQUIRE(store->append(hash, 0, bytes.substr(0, 7)));
    CHECK(reason_of(store->finish(hash)) == "UPLOAD_INCOMPLETE");
    CHECK(store->upload_state(hash)->committed == 7);
  }
  SUBCASE("starts again when the size turns out to be another") {
    REQUIRE(store->begin_upload(hash, 5));
    REQUIRE(store->append(hash, 0, "12345"));
    CHECK(*store->begin_upload(hash, bytes.size()) == 0);
    REQUIRE(store->append(hash, 0, bytes));
    CHECK(store->finish(hash));
  }
  SUBCASE("finishes twice when the answer was lost") {
    REQUIRE(store->begin_upload(hash, bytes.size()));
    REQUIRE(store->append(hash, 0, bytes));
    CHECK(store->finish(hash));
    CHECK(store->finish(hash));
  }
}

}  // namespace hada::blobs
