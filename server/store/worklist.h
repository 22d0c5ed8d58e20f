#pragma once

// The worklist: cases in order of arrival, or the most doubtful first, by keyset. Every combination of
// filters is a merge of index seeks (one for each site, state and kind asked for), so a page costs the same
// at any depth and no filter makes SQLite walk or sort the table.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"
#include "server/store/store.h"

namespace hada::store {

// One way into the list; a Worklist is the union of several.
struct WorklistSource {
  enum class Of {
    Cases,   // by the cases' own states
    Offers,  // cases with a slot that `user` could take at `now_us` or holds; not those `user` has read or
             // seen the outcome of
    Reads,   // cases `user` has read, by the state shown to them
    Panels,  // cases whose panel waits for `user`
  };
  Of of = Of::Cases;
  std::vector<std::string> sites = {};  // empty: all. Not for Reads and Panels.
  std::vector<CaseState> states = {};   // empty: all. Not for Panels.
  std::vector<ImageKind> kinds = {};    // cases with a READY image of one of them; empty: all
  std::string user = {};                // who looks; Reads, Panels: whose
  bool returned = false;                // Reads: only those that `user` is asked to look at again
  int64_t now_us = 0;                   // Offers
  // Offers only: those of this tier. Unspecified: of all.
  CaseTier tier = CaseTier::Unspecified;
  // Cases only: leaves out the cases of this site, and those this user has read. Empty: leaves out none.
  std::string not_of_site = {};
  std::string not_read_by = {};
  // Cases without kinds only: the most doubtful first (store/doubts.h), among equals by arrival. All sources
  // of a worklist or none.
  bool by_doubt = false;
};

// Where a case stands in a worklist.
struct Place {
  Place() = default;
  Place(int64_t arrival) : seq(arrival) {}  // NOLINT: in order of arrival that is all
  Place(int64_t certain, int64_t arrival) : certainty(certain), seq(arrival) {}
  int64_t certainty = 0;  // 0 but by doubt
  int64_t seq = 0;
  auto operator<=>(const Place&) const = default;
};

class Worklist {
 public:
  // Cases that stand after `after`. `tx` must outlive it. `page` is about how many the caller will take.
  Worklist(Tx& tx, const std::vector<WorklistSource>& sources, Place after, int32_t page);

  // The next case's place; nothing at the end. Each case once.
  Result<std::optional<Place>> next();

 private:
  // The cases of one index seek, fetched in pieces.
  struct Stream {
    std::string sql;
    Params params;  // `after` and `limit` are added for each piece
    int32_t limit = 0;
    bool by_doubt = false;
    Place after;
    bool ended = false;
    std::vector<Place> piece;
    size_t at = 0;
  };
  void add(const WorklistSource& source, const std::string* site, const CaseState* state,
           const ImageKind* kind, Place after);
  Status fill(Stream& stream);

  Tx& tx_;
  std::vector<Stream> streams_;
};

struct ListedImage {
  std::string image_id;
  ImageKind kind = ImageKind::Unspecified;
};
// READY images of a case in display order, without their pyramids.
Result<std::vector<ListedImage>> listed_images(Tx& tx, const std::string& case_id);

}  // namespace hada::store
