#pragma once

// Hospitals, and the registry's own office.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/store.h"

namespace hada::store {

struct SiteRecord {
  std::string site_id;
  std::string display_name;
  int64_t revision = 1;
  int64_t created_us = 0;
};

// ALREADY_EXISTS / CONSTRAINT when the id is taken.
Status insert_site(Tx& tx, const SiteRecord& site);
Result<std::optional<SiteRecord>> find_site(Tx& tx, const std::string& site_id);
// Up to `limit` sites with an id after `after`, by id.
Result<std::vector<SiteRecord>> list_sites(Tx& tx, const std::string& after, int64_t limit);

}  // namespace hada::store
