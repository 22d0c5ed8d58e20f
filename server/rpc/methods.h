#pragma once

// Every method the server answers: who may call it and where it runs. The one place where a role opens a
// method; what depends on the resource (its site, its state, who read it) is checked by the handler.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"

namespace hada::rpc {

// Which executor a method runs on; see lanes.h.
enum class Lane { Db, Tiles, Upload, Password, Statistics };

struct Method {
  std::string name;  // "/hada.v1.CaseService/GetCase"
  Lane lane = Lane::Db;
  bool needs_login = true;
  std::vector<Role> any_of = {};  // empty: whoever is logged in
};

// By service, then in the order of the .proto files.
const std::vector<Method>& methods();

// Index into methods(); its size when there is none.
size_t method_index(std::string_view service, std::string_view verb);

// INTERNAL / METHOD_TABLE unless methods() has exactly the methods of hada.v1. Called once at start, so that
// a new verb cannot be served without a decision who may call it.
Status check_methods();

}  // namespace hada::rpc
