#pragma once

// What a handler is given besides its request. Handlers are plain functions
//   Result<Response> handler(core::Context&, const Request&)
// with no gRPC and no SQL: state is behind the two doors, store and blobs.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "contract/enums.h"
#include "contract/result.h"

namespace hada::contract {
class Vocabulary;
}
namespace hada::store {
class Store;
}
namespace hada::blobs {
class BlobStore;
}
namespace hada::images {
class TileSource;
}

namespace hada::core {

class Clock;
class JobQueue;
class Presence;
class Sessions;

struct Grant {
  Role role = Role::Unspecified;
  std::string site_id;  // empty: all sites
};

// The logged-in user of this call; empty user_id before login (Login only).
struct Caller {
  std::string user_id;
  std::string display_name;
  std::string home_site;  // site id or empty
  std::vector<Grant> grants;
  int64_t session_expires_us = 0;
  std::string session_token_hash;

  // Holds the role anywhere.
  bool has(Role role) const;
  // Holds the role for this site or for all sites.
  bool has(Role role, const std::string& site_id) const;
};

// The server's parts, built once by main.cc; they outlive every call.
struct Services {
  store::Store& store;
  blobs::BlobStore& blobs;
  images::TileSource& tiles;
  const contract::Vocabulary& vocabulary;
  Clock& clock;
  JobQueue& jobs;
  Sessions& sessions;  // who is logged in: server/core/sessions.h
  Presence& presence;  // who has a case open to decide it: server/core/presence.h
  std::string server_version;
};

struct Context {
  Services& services;
  Caller caller;
  std::string method;  // "/hada.v1.CaseService/GetCase"
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
  std::function<bool()> cancelled = [] { return false; };
};

}  // namespace hada::core
