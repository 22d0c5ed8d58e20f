#pragma once

// Body sites: the ISIC tree (206 nodes, five levels) and how a manifest may name one.

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace hada::contract {

struct AnatomSite {
  std::string_view enum_name;  // "head_and_neck_head_face"
  std::string_view path;       // "Head and neck:Head:Face"
};

// The whole tree, parents before children.
std::span<const AnatomSite> anatom_sites();

// Lower-case alias -> path. A site may add its own to the built-in ones; its own win.
using AnatomSiteAliases = std::map<std::string, std::string, std::less<>>;

// back, chest, abdomen, arm.
const AnatomSiteAliases& default_anatom_site_aliases();

// The path that `given` means: an enum name, a full path, an alias, or the last part of a path where only one
// node ends in it. Case and surrounding space do not matter. Empty where nothing or more than one node is
// meant.
std::string resolve_anatom_site(std::string_view given, const AnatomSiteAliases& aliases);

}  // namespace hada::contract
