#include "server/store/sites.h"

namespace hada::store {
namespace {

SiteRecord site_of(const Row& row) { return {row.text(0), row.text(1), row.integer(2), row.integer(3)}; }

}  // namespace

Status insert_site(Tx& tx, const SiteRecord& site) {
  RETURN_IF_ERROR(
      tx.exec("INSERT INTO sites (site_id, display_name, revision, created_us) "
              "VALUES (:site_id, :display_name, :revision, :created_us)",
              {{"site_id", site.site_id},
               {"display_name", site.display_name},
               {"revision", site.revision},
               {"created_us", site.created_us}}));
  return {};
}

Result<std::optional<SiteRecord>> find_site(Tx& tx, const std::string& site_id) {
  ASSIGN_OR_RETURN(
      const Rows rows,
      tx.query("SELECT site_id, display_name, revision, created_us FROM sites WHERE site_id = :site_id",
               {{"site_id", site_id}}));
  if (rows.empty()) return std::optional<SiteRecord>();
  return std::optional<SiteRecord>(site_of(rows[0]));
}

Result<std::vector<SiteRecord>> list_sites(Tx& tx, const std::string& after, int64_t limit) {
  ASSIGN_OR_RETURN(const Rows rows, tx.query("SELECT site_id, display_name, revision, created_us FROM sites "
                                             "WHERE site_id > :after ORDER BY site_id LIMIT :count",
                                             {{"after", after}, {"count", limit}}));
  std::vector<SiteRecord> sites;
  sites.reserve(rows.size());
  for (const Row& row : rows) sites.push_back(site_of(row));
  return sites;
}

}  // namespace hada::store
