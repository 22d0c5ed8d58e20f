#include "contract/anatom_site.h"

#include <unordered_map>

#include "contract/text.h"

namespace hada::contract {
namespace {

// Every way to name a node -> its path; an empty path marks a last part that several nodes share.
std::unordered_map<std::string, std::string_view> build_index() {
  std::unordered_map<std::string, std::string_view> index;
  for (const AnatomSite& site : anatom_sites()) {
    const std::string leaf = ascii_lower(site.path.substr(site.path.rfind(':') + 1));
    const auto [at, inserted] = index.emplace(leaf, site.path);
    if (!inserted) at->second = {};
  }
  // Enum names and full paths are exact, so they win over a leaf that happens to read the same.
  for (const AnatomSite& site : anatom_sites()) {
    index[std::string(site.enum_name)] = site.path;
    index[ascii_lower(site.path)] = site.path;
  }
  return index;
}

}  // namespace

const AnatomSiteAliases& default_anatom_site_aliases() {
  static const AnatomSiteAliases aliases = {
      {"back", "Trunk:Posterior trunk"},
      {"chest", "Trunk:Anterior trunk:Anterior chest"},
      {"abdomen", "Trunk:Anterior trunk:Anterior abdomen"},
      {"arm", "Upper extremity"},
  };
  return aliases;
}

std::string resolve_anatom_site(std::string_view given, const AnatomSiteAliases& aliases) {
  static const auto index = build_index();
  std::string key = ascii_lower(trim(given));
  if (const auto alias = aliases.find(key); alias != aliases.end()) key = ascii_lower(alias->second);
  const auto found = index.find(key);
  return found == index.end() ? std::string() : std::string(found->second);
}

}  // namespace hada::contract
