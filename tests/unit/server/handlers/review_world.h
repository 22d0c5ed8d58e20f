#pragma once

// A registry in a temporary folder for tests of the review handlers: a real SQLite, a clock that stands
// still, sites a to d, a small vocabulary, and people who are whoever the test says.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "contract/vocabulary.h"
#include "hada/v1/case.pb.h"
#include "hada/v1/decision.pb.h"
#include "hada/v1/read.pb.h"
#include "server/blobs/file_blobs.h"
#include "server/core/context.h"
#include "server/core/ids.h"
#include "server/core/jobs.h"
#include "server/core/presence.h"
#include "server/core/sessions.h"
#include "server/handlers/case.h"
#include "server/handlers/decision.h"
#include "server/handlers/read.h"
#include "server/images/stored_image.h"
#include "server/images/tile_source.h"
#include "server/store/batches.h"
#include "server/store/cases.h"
#include "server/store/images.h"
#include "server/store/migrate.h"
#include "server/store/policies.h"
#include "server/store/reads.h"
#include "server/store/sites.h"
#include "server/store/sqlite_store.h"
#include "server/store/users.h"
#include "tests/support/fake_clock.h"

namespace hada::review_test {

using namespace hada::handlers;  // NOLINT: the subject of these tests

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hada-review-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// skin -> {tumour -> {naevus, melanoma (high risk)}, eczema -> {atopic, contact}, psoriasis}
inline contract::Vocabulary small_vocabulary() {
  return contract::Vocabulary::from(
             {{"skin", "skin disease", "皮膚疾患", {}, {}, {}, "", 0, ""},
              {"tumour", "tumour", "腫瘍", {}, {}, {"skin"}, "", 1, ""},
              {"naevus", "naevus", "母斑", {"mole"}, {}, {"tumour"}, "", 0, "naevus"},
              {"melanoma", "melanoma", "悪性黒色腫", {}, {}, {"tumour"}, "", 2, "melanoma"},
              {"eczema", "eczema", "湿疹", {}, {}, {"skin"}, "", 0, "eczema"},
              {"atopic", "atopic dermatitis", "アトピー性皮膚炎", {}, {}, {"eczema"}, "", 0, "eczema"},
              {"contact", "contact dermatitis", "接触皮膚炎", {}, {}, {"eczema"}, "", 0, "eczema"},
              {"psoriasis", "psoriasis", "乾癬", {}, {}, {"skin"}, "", 0, "psoriasis"}},
             {{"naevus", "naevus", "母斑"},
              {"melanoma", "melanoma", "悪性黒色腫"},
              {"eczema", "eczema", "湿疹"},
              {"psoriasis", "psoriasis", "乾癬"}},
             "test-1")
      .value();
}

struct Person {
  std::string id;
  std::string home_site;
  std::vector<core::Grant> grants;
};

inline Person derm(const std::string& id, const std::string& home = "b", const std::string& site = "") {
  return {id, home, {{Role::Dermatologist, site}}};
}
inline Person qa(const std::string& id = "quinn", const std::string& home = "d") {
  return {id, home, {{Role::QaReviewer, ""}}};
}
inline Person coordinator(const std::string& id = "cora", const std::string& site = "a") {
  return {id, site, {{Role::SiteCoordinator, site}}};
}

inline v1::ReadContent says(const std::string& term, int confidence = 4) {
  v1::ReadContent content;
  content.set_gradable(true);
  v1::Diagnosis* d = content.add_differential();
  d->set_term("terms/" + term);
  d->set_rank(1);
  d->set_confidence(confidence);
  return content;
}
inline v1::ReadContent says_ungradable() {
  v1::ReadContent content;
  content.set_gradable(false);
  content.set_ungradable_reason(v1::UNGRADABLE_REASON_IMAGE_QUALITY);
  return content;
}

// A request_id nobody has used.
inline std::string fresh() { return core::new_id(); }

class World {
 public:
  World()
      : store_(store::SqliteStore::open(folder_ / "hada.db").value()),
        blobs_(blobs::FileBlobs::create(folder_ / "blobs").value()),
        vocabulary_(small_vocabulary()),
        tiles_(*blobs_,
               [](const std::string&) -> Result<images::ImageRecord> {
                 return Unexpected(ErrorCode::NotFound, "NO_SUCH_RESOURCE", "");
               }),
        jobs_(*store_, clock),
        sessions_(*store_, clock),
        services_{store(), *blobs_, tiles_, vocabulary_, clock, jobs_, sessions_, presence, "test"} {
    REQUIRE(store::migrate(*store_, store::built_in_migrations(), clock.now_us()));
    write([&](store::Tx& tx) -> Status {
      for (const char* site : {"a", "b", "c", "d"}) {
        RETURN_IF_ERROR(store::insert_site(tx, {site, site, 1, clock.now_us()}));
        RETURN_IF_ERROR(store::insert_batch(tx, {.batch_id = std::string("batch-") + site,
                                                 .site_id = site,
                                                 .created_by = "cora",
                                                 .tool_version = "test",
                                                 .created_us = clock.now_us()}));
      }
      return {};
    });
  }

  // Puts another policy in force: world.set_policy([](contract::Policy& p) { p.votes_default = 3; });
  void set_policy(const std::function<void(contract::Policy&)>& change) {
    write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(store::PolicyRow row, store::policies::newest(tx));
      change(row.policy);
      row.policy.version = "test-" + std::to_string(row.seq + 1);
      return store::policies::keep(tx, row.policy, "test", clock.now_us());
    });
  }
  // What two votes leave open goes to QA at once.
  void without_third_read() {
    set_policy([](contract::Policy& policy) { policy.third_read_on_disagreement = false; });
  }

  // Lets every handler go through `wrapped` instead of the store itself.
  World& through(store::Store& wrapped) {
    wrapped_services_ = std::make_unique<core::Services>(
        core::Services{wrapped, *blobs_, tiles_, vocabulary_, clock, jobs_, sessions_, presence, "test"});
    return *this;
  }

  store::Store& store() { return *store_; }
  core::Services& services() { return services_; }
  blobs::BlobStore& blobs() { return *blobs_; }
  const contract::Vocabulary& vocabulary() const { return vocabulary_; }

  core::Context context(const Person& person) {
    core::Context ctx{wrapped_services_ ? *wrapped_services_ : services_, {}, {}};
    ctx.caller.user_id = person.id;
    ctx.caller.home_site = person.home_site;
    ctx.caller.grants = person.grants;
    return ctx;
  }

  // call(approve_case, person, request); the method's name only keeps request ids of different verbs apart.
  template <class Response, class Request>
  Result<Response> call(Result<Response> (*handler)(core::Context&, const Request&), const Person& person,
                        const Request& request) {
    core::Context ctx = context(person);
    ctx.method = Request::descriptor()->full_name();
    return handler(ctx, request);
  }

  void write(const std::function<Status(store::Tx&)>& fn) {
    const Status status = store_->write(fn);
    if (!status) MESSAGE(status.error().message);
    REQUIRE(status);
  }
  // The first column of the first row.
  int64_t number(const std::string& sql, const store::Params& params = {}) {
    int64_t value = -1;
    REQUIRE(store_->read([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::Rows rows, tx.query(sql, params));
      value = rows.empty() ? -1 : rows[0].integer(0);
      return {};
    }));
    return value;
  }

  struct NewCase {
    std::string site = "a";
    std::vector<ImageKind> kinds = {ImageKind::ClinicalCloseup};
    std::map<std::string, std::string> fields = {{"site_diagnosis", "psoriasis"}, {"age", "42"}};
    std::map<std::string, std::string> patient_fields = {{"sex", "female"}};
  };
  // A case whose images are all READY; its name. Cases of one call each have a patient of their own.
  std::string add_case() { return add_case(NewCase()); }
  std::string add_case(const NewCase& what) {
    std::string case_id;
    write([&](store::Tx& tx) -> Status {
      const std::string key = std::to_string(++cases_);
      store::cases::Arrival arrival;
      arrival.new_case_id = core::new_id();
      arrival.site_id = what.site;
      arrival.patient_key = "p" + key;
      arrival.case_key = "c" + key;
      arrival.patient_fields = what.patient_fields;
      arrival.case_fields = what.fields;
      ASSIGN_OR_RETURN(const auto placed, store::cases::create_or_get(tx, arrival, by("cora")));
      case_id = placed.case_id;
      return {};
    });
    for (const ImageKind kind : what.kinds)
      finish(case_id, add_image("cases/" + case_id, kind), ImageState::Ready);
    return "cases/" + case_id;
  }

  // An image that waits for its check; its id.
  std::string add_image(const std::string& case_name, ImageKind kind = ImageKind::ClinicalCloseup) {
    const std::string case_id = case_name.substr(6);
    const std::string image_id = core::new_id();
    write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::CaseRow row, store::cases::get(tx, case_id));
      store::ImageRow image;
      image.image_id = image_id;
      image.case_id = case_id;
      image.batch_id = "batch-" + row.site_id;
      ASSIGN_OR_RETURN(image.ordinal, store::next_ordinal(tx, case_id, kind));
      image.kind = kind;
      image.bundle_hash = image_id;
      image.fields = R"({"stain":"H&E","dermoscopic_type":"contact polarized"})";
      image.created_us = clock.now_us();
      RETURN_IF_ERROR(store::insert_image(tx, image, {}));
      return store::cases::image_added(tx, case_id, by("cora"));
    });
    return image_id;
  }

  void finish(const std::string& case_id, const std::string& image_id, ImageState state,
              const std::string& icc_blob = {}) {
    images::StoredImage stored;
    for (const int size : {1024, 256}) {
      images::StoredLevel level;
      level.geometry = {size, size, 256, 256, 1024.0 / size};
      level.blob = std::string(64, 'a');
      stored.levels.push_back(level);
    }
    stored.mpp_x = stored.mpp_y = 0.25;
    stored.objective = 20;
    stored.vendor = "photograph";
    stored.icc_blob = icc_blob;
    stored.thumbnail_blob = std::string(64, 'b');
    const bool ready = state == ImageState::Ready;
    write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::ImageRow image, unwrap(store::find_image(tx, image_id)));
      ASSIGN_OR_RETURN(const bool moved,
                       store::finish_image(tx, image_id, state, ready ? "" : "FACE", "",
                                           ready ? images::to_json(stored) : std::string()));
      REQUIRE(moved);
      return store::cases::image_finished(tx, case_id, image.kind, state, by("system"));
    });
  }

  store::Act by(const std::string& user) const { return {user, clock.now_us()}; }

  // ---- the verbs, short ----
  Result<v1::ReadLease> claim(const Person& who, const std::string& name) {
    v1::ClaimCaseRequest request;
    request.set_case_(name);
    request.set_request_id(fresh());
    return call(claim_case, who, request);
  }
  Result<v1::ReadLease> claim_any(const Person& who) {
    v1::ClaimNextRequest request;
    request.set_request_id(fresh());
    return call(claim_next, who, request);
  }
  Result<v1::ReadLease> renew(const Person& who, const std::string& lease) {
    v1::RenewLeaseRequest request;
    request.set_name(lease);
    return call(renew_lease, who, request);
  }
  Result<v1::ReleaseLeaseResponse> release(const Person& who, const std::string& lease) {
    v1::ReleaseLeaseRequest request;
    request.set_name(lease);
    request.set_request_id(fresh());
    return call(release_lease, who, request);
  }
  Result<v1::Read> submit(const Person& who, const std::string& name, const v1::ReadContent& content) {
    v1::SubmitReadRequest request;
    request.set_case_(name);
    *request.mutable_content() = content;
    request.mutable_telemetry()->set_client_version("test");
    request.set_request_id(fresh());
    return call(submit_read, who, request);
  }
  // Claims and submits; the read's name.
  v1::Read reads(const Person& who, const std::string& name, const v1::ReadContent& content) {
    REQUIRE(claim(who, name));
    auto read = submit(who, name, content);
    REQUIRE(read);
    return *read;
  }
  // A read that does not vote, as the queue would have asked for it.
  void hidden_read(const std::string& name, const std::string& user, store::ReadPurpose purpose,
                   const std::string& term) {
    clock.advance_seconds(1);  // one after the other: ids of one millisecond are in no order
    write([&](store::Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const store::CaseRow row, store::cases::get(tx, name.substr(6)));
      store::ReadRow read{core::new_id(), row.case_id, row.seq, user, "", purpose, false, 1, clock.now_us()};
      store::ReadRevisionRow first;
      first.content.json =
          R"({"gradable":true,"differential":[{"term":"terms/)" + term + R"(","rank":1,"confidence":4}]})";
      first.telemetry = R"({"active_seconds":30})";
      first.created_us = clock.now_us();
      return store::reads::insert(tx, read, first, CaseState::Reading);
    });
  }
  Result<v1::Read> amend(const Person& who, const v1::Read& read, const v1::ReadContent& content) {
    v1::AmendReadRequest request;
    request.set_name(read.name());
    *request.mutable_content() = content;
    request.set_reason("looked again");
    request.set_etag(read.etag());
    request.set_request_id(fresh());
    return call(amend_read, who, request);
  }
  Result<v1::Case> get(const Person& who, const std::string& name) {
    v1::GetCaseRequest request;
    request.set_name(name);
    return call(get_case, who, request);
  }
  Result<v1::ListReadsResponse> list_of_reads(const Person& who, const std::string& name) {
    v1::ListReadsRequest request;
    request.set_parent(name);
    return call(list_reads, who, request);
  }
  Result<v1::ListDecisionsResponse> list_of_decisions(const Person& who, const std::string& name) {
    v1::ListDecisionsRequest request;
    request.set_parent(name);
    return call(list_decisions, who, request);
  }
  // Names of the cases on the first page.
  std::vector<std::string> listed(const Person& who, v1::WorklistView view,
                                  std::vector<v1::CaseState> states = {},
                                  std::vector<v1::ImageKind> kinds = {}, const std::string& site = "") {
    v1::ListCasesRequest request;
    request.set_view(view);
    for (const auto state : states) request.add_states(state);
    for (const auto kind : kinds) request.add_kinds(kind);
    request.set_site(site);
    const auto response = call(list_cases, who, request);
    if (!response) return {"error " + response.error().reason};
    std::vector<std::string> names;
    for (const v1::Case& c : response->cases()) names.push_back(c.name());
    return names;
  }
  // A decision's request with the etag the decider sees now.
  template <class Request>
  Request about(const std::string& name, const Person& who = qa()) {
    Request request;
    request.set_name(name);
    request.set_request_id(fresh());
    const auto seen = get(who, name);
    REQUIRE(seen);
    request.set_etag(seen->etag());
    return request;
  }
  v1::CaseState state(const std::string& name) {
    return static_cast<v1::CaseState>(
        number("SELECT state FROM cases WHERE case_id = :id", {{"id", name.substr(6)}}));
  }

  support::FakeClock clock;
  core::Presence presence{clock};

 private:
  template <class T>
  static Result<T> unwrap(Result<std::optional<T>> found) {
    if (!found) return Unexpected(found.error());
    if (!*found) return Unexpected(ErrorCode::NotFound, "NO_SUCH_RESOURCE", "");
    return std::move(**found);
  }

  TempFolder folder_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<blobs::FileBlobs> blobs_;
  contract::Vocabulary vocabulary_;
  images::TileSource tiles_;
  core::JobQueue jobs_;
  core::Sessions sessions_;
  core::Services services_;
  std::unique_ptr<core::Services> wrapped_services_;
  int64_t cases_ = 0;
};

template <class T>
std::string reason(const Result<T>& result) {
  return result ? std::string() : result.error().reason;
}

}  // namespace hada::review_test
