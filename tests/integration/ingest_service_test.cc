// IngestService through a real server: batches, resumable upload, rows.

#include <doctest/doctest.h>

#include <thread>

#include "hada/v1/admin.pb.h"
#include "hada/v1/case.pb.h"
#include "tests/integration/uploader.h"
#include "tests/support/server_process.h"
#include "tests/support/slide_factory/slide_factory.h"
#include "tests/support/world.h"

using namespace hada;
using namespace hada::support;

namespace {

std::string some_bytes(size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

std::string photograph(uint8_t shade = 90) {
  const TempDir dir;
  Raster raster{120, 80, {}};
  raster.rgb.assign(120 * 80 * 3, shade);
  REQUIRE(write_png(dir / "p.png", raster));
  return read_file(dir / "p.png");
}

}  // namespace

TEST_CASE("uploads") {
  ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address());
  coordinator.as("coordinator-a");
  const std::string batch = create_batch(coordinator).name();
  const std::string bytes = some_bytes(100'000);
  const std::string sha256 = contract::sha256_hex(bytes);

  SUBCASE("go on where they stopped, also when the server was killed in between") {
    CHECK(start_upload(coordinator, batch, sha256, bytes.size())->committed_size() == 0);
    CHECK(write_chunk(coordinator, batch, sha256, 0, bytes.substr(0, 40'000))->committed_size() == 40'000);
    server.kill9();
    server.start();
    coordinator.as("coordinator-a");
    const auto resumed = start_upload(coordinator, batch, sha256, bytes.size());
    REQUIRE(reason(resumed) == "");
    CHECK(resumed->committed_size() == 40'000);
    CHECK_FALSE(resumed->complete());
    const auto done = write_chunk(coordinator, batch, sha256, 40'000, bytes.substr(40'000));
    REQUIRE(reason(done) == "");
    CHECK(done->complete());
  }
  SUBCASE("send nothing that is there already") {
    upload(coordinator, batch, bytes);
    const auto again = start_upload(coordinator, batch, sha256, bytes.size());
    CHECK(again->complete());
    CHECK(again->committed_size() == 100'000);
    // The last chunk once more: its answer was lost.
    CHECK(write_chunk(coordinator, batch, sha256, 90'000, bytes.substr(90'000))->complete());
  }
  SUBCASE("name the right offset") {
    (void)start_upload(coordinator, batch, sha256, bytes.size());
    (void)write_chunk(coordinator, batch, sha256, 0, bytes.substr(0, 1000));
    const auto wrong = write_chunk(coordinator, batch, sha256, 0, bytes.substr(0, 1000));
    CHECK(reason(wrong) == "WRONG_OFFSET");
    CHECK(wrong.error().metadata.at("committed_size") == "1000");
  }
  SUBCASE("whose bytes are not those that were promised are dropped") {
    (void)start_upload(coordinator, batch, sha256, bytes.size());
    CHECK(reason(write_chunk(coordinator, batch, sha256, 0, some_bytes(100'000, 2))) == "HASH_MISMATCH");
    CHECK(start_upload(coordinator, batch, sha256, bytes.size())->committed_size() == 0);
  }
  SUBCASE("are refused without a start, too large, or malformed") {
    CHECK(reason(write_chunk(coordinator, batch, sha256, 0, "x")) == "NO_SUCH_UPLOAD");
    CHECK(reason(start_upload(coordinator, batch, "../../x", 5)) == "BAD_FIELD");
    CHECK(reason(start_upload(coordinator, batch, sha256, 0)) == "BAD_FIELD");
    CHECK(reason(start_upload(coordinator, batch, sha256, (size_t{64} << 30) + 1)) == "TOO_LARGE");
    (void)start_upload(coordinator, batch, sha256, 10);
    CHECK(reason(write_chunk(coordinator, batch, sha256, 0, bytes)) == "TOO_MANY_BYTES");
  }
  SUBCASE("of one content by two senders end as one blob") {
    (void)start_upload(coordinator, batch, sha256, bytes.size());
    const auto send = [&] {
      ApiClient sender(server.address());
      sender.as("coordinator-a");
      for (int calls = 0; calls < 500; ++calls) {
        const auto state = start_upload(sender, batch, sha256, bytes.size());
        if (!state || state->complete()) return;
        const auto offset = static_cast<size_t>(state->committed_size());
        (void)write_chunk(sender, batch, sha256, offset, bytes.substr(offset, 8192));
      }
    };
    std::thread other(send);
    send();
    other.join();
    CHECK(start_upload(coordinator, batch, sha256, bytes.size())->complete());
  }
}

TEST_CASE("rows") {
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address());
  coordinator.as("coordinator-a");
  const std::string batch = create_batch(coordinator).name();
  const std::string bytes = photograph();
  const std::string sha256 = upload(coordinator, batch, bytes);
  const auto request = commit_request(batch, "case-1", sha256, bytes.size());

  SUBCASE("become images, once, however often they are sent") {
    const auto first = commit(coordinator, request);
    REQUIRE(reason(first) == "");
    CHECK_FALSE(first->already_present());
    CHECK(commit(coordinator, request)->image() == first->image());

    auto other_id = request;
    other_id.set_request_id(ApiClient::request_id());
    const auto again = commit(coordinator, other_id);
    REQUIRE(reason(again) == "");
    CHECK(again->already_present());
    CHECK(again->image() == first->image());
    CHECK(wait_for_checks(coordinator, batch).ready() == 1);

    // A second run: a new batch, the same request_id, because it stands for the content.
    auto second_run = request;
    second_run.set_batch(create_batch(coordinator).name());
    const auto later = commit(coordinator, second_run);
    REQUIRE(reason(later) == "");
    CHECK(later->already_present());
    CHECK(later->image() == first->image());
    CHECK(later->state() == v1::IMAGE_STATE_READY);
  }
  SUBCASE("of two cases may share one file") {
    const auto first = commit(coordinator, request);
    const auto second = commit(coordinator, commit_request(batch, "case-2", sha256, bytes.size()));
    REQUIRE(reason(second) == "");
    CHECK_FALSE(second->already_present());
    CHECK(second->image() != first->image());
    CHECK(second->case_() != first->case_());
    CHECK(wait_for_checks(coordinator, batch).ready() == 2);
  }
  SUBCASE("are checked field by field") {
    const auto field_of = [&](const auto& spoil) {
      auto bad = request;
      bad.set_request_id(ApiClient::request_id());
      spoil(bad);
      const auto answer = commit(coordinator, bad);
      CHECK(reason(answer) == "BAD_FIELD");
      return answer ? std::string() : answer.error().metadata.at("field");
    };
    const auto fields = [](v1::CommitImageRequest & r) -> auto& {
      return *r.mutable_row()->mutable_fields();
    };
    CHECK(field_of([&](auto& r) { fields(r).erase("licence"); }) == "licence");
    CHECK(field_of([&](auto& r) { fields(r)["age"] = "200"; }) == "age");
    CHECK(field_of([&](auto& r) { fields(r)["optout"] = "yes"; }) == "optout");
    CHECK(field_of([&](auto& r) { r.mutable_row()->set_patient_key("P-12345"); }) == "patient_id");
    CHECK(field_of([&](auto& r) { r.mutable_row()->clear_case_key(); }) == "case_id");
    CHECK(field_of([&](auto& r) { r.mutable_row()->set_kind(v1::IMAGE_KIND_UNSPECIFIED); }) == "kind");
    CHECK(field_of([&](auto& r) { r.clear_files(); }) == "files");
    CHECK(field_of([&](auto& r) { r.mutable_files(0)->set_size(1); }) == "size");
    for (const char* path : {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "."})
      CHECK(field_of([&](auto& r) { r.mutable_files(0)->set_path(path); }) == "path");
    CHECK(field_of([&](auto& r) {
            *r.add_files() = r.files(0);
            r.mutable_files(1)->set_path(r.files(0).path() + "/below");
          }) == "path");
    CHECK(wait_for_checks(coordinator, batch).ready() == 0);
  }
  SUBCASE("need their files") {
    auto missing = request;
    missing.mutable_files(0)->set_sha256(std::string(64, '0'));
    CHECK(reason(commit(coordinator, missing)) == "BLOB_MISSING");
  }
  SUBCASE("of another patient do not go into a case") {
    REQUIRE(reason(commit(coordinator, request)) == "");
    auto other = request;
    other.set_request_id(ApiClient::request_id());
    other.mutable_row()->set_patient_key(contract::sha256_hex("somebody else"));
    CHECK(reason(commit(coordinator, other)) == "BAD_FIELD");
  }
}

TEST_CASE("a batch belongs to its site's coordinators") {
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address()), reader(server.address()), admin(server.address());
  coordinator.as("coordinator-a");
  reader.as("derm-b");
  admin.as(kAdminUser);
  v1::CreateUserRequest other;
  other.set_user_id("coordinator-b");
  other.set_display_name("Coordinator B");
  other.set_home_site("sites/b");
  other.set_password(kPassword);
  other.set_request_id(ApiClient::request_id());
  auto* grant = other.add_grants();
  grant->set_role(v1::ROLE_SITE_COORDINATOR);
  grant->set_site("sites/b");
  REQUIRE(reason(admin.call<v1::User>("AdminService/CreateUser", other)) == "");
  ApiClient foreign(server.address());
  foreign.as("coordinator-b");

  const std::string batch = create_batch(coordinator).name();
  const std::string bytes = photograph();
  const std::string sha256 = upload(coordinator, batch, bytes);
  v1::GetBatchRequest get;
  get.set_name(batch);
  v1::ListBatchImagesRequest list;
  list.set_parent(batch);
  v1::CreateBatchRequest create;
  create.set_site("sites/a");
  create.set_request_id(ApiClient::request_id());
  for (ApiClient* client : {&foreign, &reader, &admin}) {
    CHECK(reason(client->call<v1::Batch>("IngestService/GetBatch", get)) == "ROLE_REQUIRED");
    CHECK(reason(client->call<v1::ListBatchImagesResponse>("IngestService/ListBatchImages", list)) ==
          "ROLE_REQUIRED");
    CHECK(reason(client->call<v1::Batch>("IngestService/CreateBatch", create)) == "ROLE_REQUIRED");
    CHECK(reason(start_upload(*client, batch, sha256, bytes.size())) == "ROLE_REQUIRED");
    CHECK(reason(write_chunk(*client, batch, sha256, 0, bytes)) == "ROLE_REQUIRED");
    CHECK(reason(commit(*client, commit_request(batch, "case", sha256, bytes.size()))) == "ROLE_REQUIRED");
  }
  get.set_name("batches/unknown");
  CHECK(reason(coordinator.call<v1::Batch>("IngestService/GetBatch", get)) == "NO_SUCH_RESOURCE");
}

TEST_CASE("a batch lists what became of its images, page by page") {
  const ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address());
  coordinator.as("coordinator-a");
  const std::string batch = create_batch(coordinator).name();
  for (int i = 0; i < 5; ++i) {
    const std::string bytes = i == 2 ? "a letter" : photograph(static_cast<uint8_t>(40 + i));
    const std::string sha256 = upload(coordinator, batch, bytes);
    REQUIRE(reason(commit(coordinator,
                          commit_request(batch, "case-" + std::to_string(i), sha256, bytes.size()))) == "");
  }
  const v1::Batch after = wait_for_checks(coordinator, batch);
  CHECK(after.ready() == 4);
  CHECK(after.refused() == 1);
  for (const int page_size : {1, 2, 5, 100}) {
    const auto images = batch_images(coordinator, batch, page_size);
    CHECK(images.size() == 5);
    int refused = 0;
    for (const auto& entry : images) {
      if (entry.state() == v1::IMAGE_STATE_READY) continue;
      ++refused;
      CHECK(entry.state() == v1::IMAGE_STATE_QUARANTINED);
      CHECK(entry.state_reason() == "NOT_AN_IMAGE");
      CHECK_FALSE(entry.detail().empty());
    }
    CHECK(refused == 1);
  }
}

TEST_CASE("the log names no patient, case, file or field of what comes in") {
  ServerProcess server;
  make_people(server);
  ApiClient coordinator(server.address());
  coordinator.as("coordinator-a");
  const std::string batch = create_batch(coordinator).name();
  for (const std::string& bytes : {photograph(), std::string("a letter"), photograph(91).substr(0, 200)}) {
    const std::string sha256 = upload(coordinator, batch, bytes);
    auto request = commit_request(batch, "case of " + sha256, sha256, bytes.size());
    (*request.mutable_row()->mutable_fields())["site_diagnosis"] = "a very rare disease";
    REQUIRE(reason(commit(coordinator, request)) == "");
    auto bad = request;
    bad.set_request_id(ApiClient::request_id());
    (*bad.mutable_row()->mutable_fields())["age"] = "9753108642";
    CHECK(reason(commit(coordinator, bad)) == "BAD_FIELD");
    wait_for_checks(coordinator, batch);
    server.kill9();  // what is still unsaid is said at the next start
    server.start();
    coordinator.as("coordinator-a");
    const std::string log = server.log();
    CHECK(log.find("event=listening") != std::string::npos);
    for (const std::string& private_to_the_site :
         {request.row().patient_key(), request.row().case_key(), sha256, std::string("image.bin"),
          std::string("a very rare disease"), std::string("9753108642"), coordinator.token()})
      CHECK(log.find(private_to_the_site) == std::string::npos);
  }
}
