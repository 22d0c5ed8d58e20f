#pragma once

// A big registry, written by a few SQL statements: for tests and benchmarks of the worklist. Of every hundred
// cases 40 are OPEN, 20 READING with one vote, 2 NEEDS_READ and the rest decided in the proportions below.
// Sites a to d in turn, one or two kinds of image each. `ann` and `bob` have read what has votes; ann has
// opened every third of the decided ones.

#include <string>

#include "contract/result.h"
#include "server/store/store.h"

namespace hada::review_test {

// Needs the sites a to d and the batches batch-a to batch-d.
inline Status add_many_cases(store::Store& store, int64_t count) {
  // n counts the cases from 1; every statement derives its rows from it.
  static constexpr const char* kNumbers =
      "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count) ";
  static constexpr const char* kStatements[] = {
      "INSERT INTO patients (site_id, patient_key, fields) SELECT substr('abcd', n % 4 + 1, 1), 'p' || n, "
      "'{\"sex\":\"female\"}' FROM numbers",

      // state: 1 open, 2 reading, 3 needs read, 4 agreed, 5 majority, 6 to panel, 7 panel, 8 none, 9
      // ungradable, 10 pathology, 11 approved, 12 rejected
      "INSERT INTO cases (case_id, seq, site_id, case_key, patient_key, state, fields, read_limit, votes, "
      "readable, "
      "ready_images, decided_term, created_us, updated_us) "
      "SELECT 'case' || n, n, substr('abcd', n % 4 + 1, 1), 'k' || n, 'p' || n, state, '{\"age\":\"42\"}', "
      "CASE WHEN state = 3 THEN 3 ELSE 2 END, CASE WHEN state = 1 THEN 0 WHEN state = 2 THEN 1 ELSE 2 END, "
      "state <= 3, 1, CASE WHEN state IN (4, 5, 7, 11) THEN 'psoriasis' ELSE '' END, n, n FROM "
      "(SELECT n, CASE WHEN h < 40 THEN 1 WHEN h < 60 THEN 2 WHEN h < 62 THEN 3 WHEN h < 77 THEN 4 WHEN h < "
      "79 THEN 5 "
      "WHEN h < 87 THEN 6 WHEN h < 89 THEN 7 WHEN h = 89 THEN 8 WHEN h = 90 THEN 9 WHEN h = 91 THEN 10 WHEN "
      "h < 98 THEN 11 "
      "ELSE 12 END AS state FROM (SELECT n, (n * 2654435761 / 65536) % 100 AS h FROM numbers) AS spread) AS "
      "stated",

      "INSERT INTO images (image_id, case_id, batch_id, ordinal, kind, state, bundle_hash, created_us) "
      "SELECT 'i' || n, 'case' || n, 'batch-a', 1, n % 5 + 1, 3, 'h1', 0 FROM numbers",
      "INSERT INTO images (image_id, case_id, batch_id, ordinal, kind, state, bundle_hash, created_us) "
      "SELECT 'j' || n, 'case' || n, 'batch-a', 2, (n / 5) % 5 + 1, 3, 'h2', 0 FROM numbers "
      "WHERE n % 2 = 0 AND n % 5 <> (n / 5) % 5",

      "INSERT INTO read_slots (case_id, slot) SELECT 'case' || n, 1 FROM numbers",
      "INSERT INTO read_slots (case_id, slot) SELECT 'case' || n, 2 FROM numbers",
  };
  static constexpr const char* kDerived[] = {
      "INSERT INTO case_kinds (case_id, kind, seq, state, site_id, readable) SELECT DISTINCT i.case_id, "
      "i.kind, c.seq, c.state, "
      "c.site_id, c.readable FROM images i JOIN cases c ON c.case_id = i.case_id",
      "INSERT INTO read_slots (case_id, slot) SELECT case_id, 3 FROM cases WHERE state = 3",
      "INSERT INTO reads (read_id, case_id, case_seq, user_id, shown_state, created_us) "
      "SELECT 'ra' || seq, case_id, seq, 'ann', CASE WHEN votes = 2 AND state > 3 AND seq % 3 = 0 THEN state "
      "ELSE 2 END, 0 "
      "FROM cases WHERE votes = 2 OR (votes = 1 AND seq % 2 = 0)",
      "INSERT INTO reads (read_id, case_id, case_seq, user_id, shown_state, created_us) "
      "SELECT 'rb' || seq, case_id, seq, 'bob', 2, 0 FROM cases WHERE votes = 2 OR (votes = 1 AND seq % 2 = "
      "1)",
      "INSERT INTO case_readers (case_id, user_id, claimed_us, revealed_us) "
      "SELECT case_id, user_id, 1, CASE WHEN shown_state > 3 THEN 1 ELSE 0 END FROM reads",
      "UPDATE read_slots SET holder = 'ann', read_id = COALESCE((SELECT read_id FROM reads r WHERE "
      "r.case_id = read_slots.case_id AND r.user_id = 'ann'), '') WHERE slot = 1 AND EXISTS "
      "(SELECT 1 FROM reads r WHERE r.case_id = read_slots.case_id AND r.user_id = 'ann')",
      "UPDATE read_slots SET holder = 'bob', read_id = COALESCE((SELECT read_id FROM reads r WHERE "
      "r.case_id = read_slots.case_id AND r.user_id = 'bob'), '') WHERE slot = 2 AND EXISTS "
      "(SELECT 1 FROM reads r WHERE r.case_id = read_slots.case_id AND r.user_id = 'bob')",
  };
  return store.write([&](store::Tx& tx) -> Status {
    for (const char* sql : kStatements) {
      // The numbers stand before the SELECT: "INSERT INTO t (...) WITH RECURSIVE ... SELECT ...".
      std::string text = sql;
      text.insert(text.find("SELECT"), kNumbers);
      RETURN_IF_ERROR(tx.exec(text, {{"count", count}}));
    }
    for (const char* sql : kDerived) RETURN_IF_ERROR(tx.exec(sql));
    RETURN_IF_ERROR(tx.exec("UPDATE clock SET seq = :count", {{"count", count}}));
    return {};
  });
}

}  // namespace hada::review_test
