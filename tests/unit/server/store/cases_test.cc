#include "server/store/cases.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "server/store/migrate.h"
#include "server/store/reads.h"
#include "server/store/sites.h"
#include "server/store/sqlite_store.h"

using namespace hada;
using namespace hada::store;

namespace {

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hada-cases-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::filesystem::path path;
};

struct Db {
  Db() : store(SqliteStore::open((folder.path / "hada.db").string()).value()) {
    REQUIRE(migrate(*store, built_in_migrations(), 1));
    REQUIRE(store->write([](Tx& tx) -> Status {
      RETURN_IF_ERROR(insert_site(tx, {"a", "A", 1, 1}));
      return insert_site(tx, {"b", "B", 1, 1});
    }));
  }
  // Runs fn in one transaction; "" or the error's reason with the field it names.
  std::string run(const std::function<Status(Tx&)>& fn) {
    const Status status = store->write(fn);
    if (status) return {};
    const auto field = status.error().metadata.find("field");
    return status.error().reason + (field == status.error().metadata.end() ? "" : " " + field->second);
  }
  std::string arrive(const cases::Arrival& arrival, cases::Placed* placed = nullptr) {
    return run([&](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(const cases::Placed result, cases::create_or_get(tx, arrival, {"cora", 5}));
      if (placed) *placed = result;
      return {};
    });
  }
  CaseRow get(const std::string& case_id) {
    CaseRow row;
    CHECK(run([&](Tx& tx) -> Status {
            ASSIGN_OR_RETURN(row, cases::get(tx, case_id));
            return {};
          }) == "");
    return row;
  }
  int64_t number(const std::string& sql) {
    int64_t value = -1;
    CHECK(run([&](Tx& tx) -> Status {
            ASSIGN_OR_RETURN(const Rows rows, tx.query(sql));
            value = rows.at(0).integer(0);
            return {};
          }) == "");
    return value;
  }
  Folder folder;
  std::unique_ptr<SqliteStore> store;
};

cases::Arrival arrival(const std::string& id = "c1") {
  return {.new_case_id = id,
          .site_id = "a",
          .patient_key = "patient",
          .case_key = "visit",
          .lesion_key = "lesion",
          .patient_fields = {{"sex", "female"}},
          .case_fields = {{"age", "42"}}};
}

}  // namespace

TEST_CASE("an arrival makes patient, lesion, case and read slots, once") {
  Db db;
  cases::Placed placed;
  REQUIRE(db.arrive(arrival("c1"), &placed) == "");
  CHECK(placed.created);
  CHECK(placed.case_id == "c1");
  REQUIRE(db.arrive(arrival("c2"), &placed) == "");
  CHECK_FALSE(placed.created);
  CHECK_FALSE(placed.changed);
  CHECK(placed.case_id == "c1");
  CHECK(db.number("SELECT COUNT(*) FROM cases") == 1);
  CHECK(db.number("SELECT COUNT(*) FROM patients") == 1);
  CHECK(db.number("SELECT COUNT(*) FROM lesions") == 1);
  CHECK(db.number("SELECT COUNT(*) FROM read_slots") == 2);
  const CaseRow row = db.get("c1");
  CHECK(row.state == CaseState::Open);
  CHECK(row.read_limit == 2);
  CHECK(row.fields.at("age") == "42");
  CHECK(row.patient_fields.at("sex") == "female");
  CHECK_FALSE(row.readable);
  CHECK(db.number("SELECT seq FROM events WHERE verb = 'create_case'") * kPlacesPerCase == row.seq);

  SUBCASE("the same keys at another site are other people") {
    cases::Arrival other = arrival("c3");
    other.site_id = "b";
    REQUIRE(db.arrive(other, &placed) == "");
    CHECK(placed.created);
    CHECK(db.get("c3").seq > row.seq);
  }
}

TEST_CASE("a lesion and a case belong to one patient each") {
  Db db;
  REQUIRE(db.arrive(arrival()) == "");
  cases::Arrival wrong = arrival("c2");
  wrong.patient_key = "somebody else";
  wrong.case_key = "another visit";
  CHECK(db.arrive(wrong) == "BAD_FIELD lesion_id");
  wrong.lesion_key = "";
  wrong.case_key = "visit";
  CHECK(db.arrive(wrong) == "BAD_FIELD patient_id");
  wrong = arrival("c2");
  wrong.lesion_key = "another lesion";
  CHECK(db.arrive(wrong) == "BAD_FIELD lesion_id");
  CHECK(db.number("SELECT COUNT(*) FROM cases") == 1);
  CHECK(db.number("SELECT COUNT(*) FROM patients") == 1);  // nothing is half imported
}

TEST_CASE("facts fill in and do not contradict") {
  Db db;
  REQUIRE(db.arrive(arrival()) == "");
  cases::Arrival more = arrival("c2");
  more.case_fields = {{"age", ""}, {"site_diagnosis", "psoriasis"}};
  more.patient_fields = {{"fitzpatrick", "III"}};
  cases::Placed placed;
  REQUIRE(db.arrive(more, &placed) == "");
  CHECK(placed.changed);
  CHECK(db.get("c1").fields.at("age") == "42");
  CHECK(db.get("c1").fields.at("site_diagnosis") == "psoriasis");
  CHECK(db.get("c1").patient_fields.size() == 2);
  CHECK(db.get("c1").revision == 2);

  more.case_fields = {{"age", "43"}};
  CHECK(db.arrive(more) == "BAD_FIELD age");
  more.case_fields = {};
  more.patient_fields = {{"sex", "male"}};
  CHECK(db.arrive(more) == "BAD_FIELD sex");
}

TEST_CASE("a case is readable when all its images are checked and one is READY") {
  Db db;
  REQUIRE(db.arrive(arrival()) == "");
  const auto add = [&] {
    CHECK(db.run([](Tx& tx) { return cases::image_added(tx, "c1", {"cora", 6}); }) == "");
  };
  const auto finish = [&](ImageKind kind, ImageState state) {
    CHECK(db.run([&](Tx& tx) { return cases::image_finished(tx, "c1", kind, state, {"system", 7}); }) == "");
  };
  const auto kinds = [&](const std::string& also) {
    return db.number("SELECT COUNT(*) FROM case_kinds WHERE 1 = 1 " + also);
  };

  add();
  add();
  finish(ImageKind::Dermoscopic, ImageState::Corrupt);
  CHECK_FALSE(db.get("c1").readable);
  finish(ImageKind::Dermoscopic, ImageState::Ready);
  CaseRow row = db.get("c1");
  CHECK(row.readable);
  CHECK(row.ready_images == 1);
  CHECK(row.refused_images == 1);
  CHECK(row.pending_images == 0);
  CHECK(kinds("AND kind = 3 AND readable = 1 AND state = 1 AND site_id = 'a'") == 1);

  add();
  CHECK_FALSE(db.get("c1").readable);
  CHECK(kinds("AND readable = 1") == 0);
  finish(ImageKind::ClinicalOverview, ImageState::Ready);
  CHECK(kinds("AND readable = 1") == 2);

  SUBCASE("and no longer once its votes are in, in every copy") {
    REQUIRE(db.run([](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(CaseRow r, cases::get(tx, "c1"));
      r.state = CaseState::Agreed;
      r.votes = 2;
      return cases::save(tx, r, {"system", 8});
    }) == "");
    CHECK(kinds("AND readable = 0 AND state = 4") == 2);
  }
  SUBCASE("a writer that saw an older revision is refused") {
    CHECK(db.run([](Tx& tx) -> Status {
      ASSIGN_OR_RETURN(CaseRow first, cases::get(tx, "c1"));
      CaseRow second = first;
      RETURN_IF_ERROR(cases::save(tx, first, {"x", 8}));
      return cases::save(tx, second, {"x", 8});
    }) == "ETAG_MISMATCH");
  }
  SUBCASE("new data reopens a case that was returned to its site; a withdrawn one takes in nothing") {
    const auto set_state = [&](CaseState state) {
      CHECK(db.run([&](Tx& tx) -> Status {
        ASSIGN_OR_RETURN(CaseRow r, cases::get(tx, "c1"));
        r.state = state;
        return cases::save(tx, r, {"x", 8});
      }) == "");
    };
    set_state(CaseState::Returned);
    add();
    finish(ImageKind::ClinicalCloseup, ImageState::Ready);
    CHECK(db.get("c1").state == CaseState::Open);
    set_state(CaseState::Withdrawn);
    CHECK(db.arrive(arrival("c9")) == "WRONG_STATE");
    add();
    finish(ImageKind::ClinicalCloseup, ImageState::Ready);
    CHECK(db.get("c1").state == CaseState::Withdrawn);
  }
}

TEST_CASE("the database itself refuses two open slots of one case for one reader") {
  Db db;
  REQUIRE(db.arrive(arrival()) == "");
  CHECK(db.run([](Tx& tx) { return reads::lease_slot(tx, "c1", 1, "ann", 1, 9); }) == "");
  CHECK(db.run([](Tx& tx) { return reads::lease_slot(tx, "c1", 2, "ann", 1, 9); }) == "CONSTRAINT");
}
