#pragma once

// SQL over the copies of cases that hidden gold and repeat reads are of (docs/decisions/0007). A copy is a
// row of `cases` with its own images over the same blobs; one reader only knows it, and for them it is a case
// like any other. Functions run inside the caller's transaction.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "contract/result.h"
#include "server/store/cases.h"
#include "server/store/reads.h"
#include "server/store/store.h"

namespace hada::store::plants {

// The cases that may be planted for a reader.
struct Reader {
  std::string user;
  std::vector<std::string> sites;  // where the reader reads; empty: everywhere
  std::string not_of_site;         // left out; empty: none
};

// Copies made for this reader that they have not read yet.
Result<int64_t> unread(Tx& tx, const std::string& user);

// A decided case of tier gold that the reader has had nothing to do with and that was not planted for them
// before: the first that arrived at `from_seq` or later.
Result<std::optional<std::string>> find_gold(Tx& tx, const Reader& reader, int64_t from_seq);

// A case the reader voted on, whose outcome they have not opened and that was not planted for them before:
// the first of those read from `from_us` on and before `before_us`. Looks at a few reads only.
Result<std::optional<std::string>> find_repeat(Tx& tx, const Reader& reader, int64_t from_us,
                                               int64_t before_us);
// When the reader's first vote was submitted; nothing when there is none.
Result<std::optional<int64_t>> first_vote_us(Tx& tx, const std::string& user);

// When the case arrived that stands next after this place; nothing at the end.
Result<std::optional<int64_t>> next_arrival_us(Tx& tx, int64_t seq);

struct Planting {
  CaseRow original;
  std::string user;
  ReadPurpose purpose = ReadPurpose::Gold;
  CaseRow beside;          // the case that it follows in every list; it has its tier
  int64_t created_us = 0;  // what is told as its time of arrival
};
// Makes the copy, with one slot, and returns its case id. `new_id` makes ids that were made at `created_us`.
Result<std::string> plant(Tx& tx, const Planting& planting, const std::function<std::string()>& new_id,
                          const Act& act);

}  // namespace hada::store::plants
