#pragma once

// The invariants of workflow.md, asked of the tables themselves.

#include "tests/unit/server/handlers/review_world.h"

namespace hada::review_test {

// What must be true of the tables at any time.
inline void check_invariants(World& world) {
  const auto none = [&](const std::string& what, const std::string& from) {
    CAPTURE(what);
    CHECK(world.number("SELECT COUNT(*) " + from) == 0);
  };
  none("a case with more votes than its limit", "FROM cases WHERE votes > read_limit");
  none("a case whose votes are not its voting reads",
       "FROM cases c WHERE c.planted_for = '' AND votes <> "
       "(SELECT COUNT(*) FROM reads r WHERE r.case_id = c.case_id AND r.purpose = 1 AND r.late = 0)");
  none("a copy that is not read once or not at all",
       "FROM cases c WHERE c.planted_for <> '' AND (read_limit <> 1 OR votes <> (SELECT COUNT(*) FROM "
       "reads r WHERE r.case_id = c.case_id AND r.purpose > 1 AND r.late = 0))");
  none("a copy that settled", "FROM cases c WHERE c.planted_for <> '' AND c.state NOT IN (1, 2, 15)");
  none("a voting read without its slot, or a slot with another's read",
       "FROM reads r WHERE r.late = 0 AND NOT EXISTS (SELECT 1 FROM read_slots s WHERE "
       "s.case_id = r.case_id AND s.read_id = r.read_id AND s.holder = r.user_id AND "
       "s.purpose = r.purpose)");
  none("a submitted slot without its read",
       "FROM read_slots s WHERE s.read_id <> '' AND NOT EXISTS (SELECT 1 FROM reads r WHERE "
       "r.read_id = s.read_id AND r.case_id = s.case_id AND r.late = 0)");
  none("a case with more or fewer slots than its limit",
       "FROM cases c WHERE read_limit <> (SELECT COUNT(*) FROM read_slots s WHERE s.case_id = c.case_id)");
  none("a reader with two reads of one case",
       "FROM (SELECT 1 FROM reads GROUP BY case_id, user_id HAVING COUNT(*) > 1) t");
  none("a reader with two open slots of one case",
       "FROM (SELECT 1 FROM read_slots WHERE read_id = '' AND holder <> '' GROUP BY case_id, holder "
       "HAVING COUNT(*) > 1) t");
  none("a reader who holds a slot of a case they have read",
       "FROM read_slots s JOIN reads r ON r.case_id = s.case_id AND r.user_id = s.holder "
       "WHERE s.read_id = '' AND s.lease_until_us > 0 AND r.late = 0");
  none("a revision that is not its read's last or before it",
       "FROM reads r WHERE revision <> (SELECT MAX(v.revision) FROM read_revisions v WHERE "
       "v.read_id = r.read_id) OR revision <> (SELECT COUNT(*) FROM read_revisions v WHERE "
       "v.read_id = r.read_id)");
  none("an event number left out", "FROM clock WHERE seq <> (SELECT COUNT(*) FROM events)");
  // Who held a slot and decided instead may still send what they wrote: kept as a late read, which rests on
  // nothing and which nothing rests on.
  none("a decision by a reader of the case",
       "FROM decisions d JOIN reads r ON r.case_id = d.case_id AND r.user_id = d.decider "
       "WHERE r.late = 0 OR r.created_us < d.created_us");
  none("a decision by somebody from the case's site",
       "FROM decisions d JOIN cases c ON c.case_id = d.case_id WHERE (d.decider = 'quinn' AND "
       "c.site_id = 'd') OR (d.decider = 'queen' AND c.site_id = 'b')");
  none("a decision under a policy that is not kept",
       "FROM decisions d WHERE NOT EXISTS (SELECT 1 FROM policies p WHERE p.version = d.policy_version)");
  none("a list's copy of a state that is not the case's",
       "FROM case_kinds k JOIN cases c ON c.case_id = k.case_id WHERE k.state <> c.state OR "
       "k.readable <> c.readable");
  none("a case offered although nothing is left to read",
       "FROM cases c WHERE readable = 1 AND NOT EXISTS (SELECT 1 FROM read_slots s WHERE "
       "s.case_id = c.case_id AND s.read_id = '')");
  none("an approved case whose last standing decision is no approval",
       "FROM cases c WHERE c.state = 11 AND (SELECT d.kind FROM decisions d WHERE d.case_id = c.case_id "
       "ORDER BY d.seq DESC LIMIT 1) <> 4");
  none("a vote that is asked about although its case is not returned to its readers",
       "FROM reads r JOIN cases c ON c.case_id = r.case_id WHERE r.returned = 1 AND r.late = 0 AND "
       "c.state <> 15 AND NOT (c.state = 13 AND c.returned_to = 1)");
  none("a case returned to its readers that waits for none of them",
       "FROM cases c WHERE c.state = 13 AND c.returned_to = 1 AND NOT EXISTS (SELECT 1 FROM reads r WHERE "
       "r.case_id = c.case_id AND r.returned = 1 AND r.late = 0)");
  none("whom a case is returned to, although it is not",
       "FROM cases c WHERE (c.state = 13) <> (c.returned_to <> 0)");
  none("an approval of an image that is left out now",
       "FROM cases c JOIN images i ON i.case_id = c.case_id JOIN decisions d ON d.case_id = c.case_id WHERE "
       "c.state = 11 AND i.exclusion <> 0 AND d.seq = (SELECT MAX(l.seq) FROM decisions l WHERE "
       "l.case_id = c.case_id) AND instr(d.images, i.image_id) > 0");
  none("a case in two open samples",
       "FROM (SELECT 1 FROM sample_cases m JOIN samples s ON s.sample_id = m.sample_id WHERE s.closed_us = 0 "
       "GROUP BY m.case_id HAVING COUNT(*) > 1) t");
  none("a gold or repeat read on a case that votes",
       "FROM reads r JOIN cases c ON c.case_id = r.case_id WHERE (r.purpose = 1) <> (c.planted_for = '')");
  none("a copy that is another reader's",
       "FROM read_slots s JOIN cases c ON c.case_id = s.case_id WHERE c.planted_for <> '' AND "
       "s.holder NOT IN ('', c.planted_for)");
}

}  // namespace hada::review_test
