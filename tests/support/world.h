#pragma once

// Sites and people that most tests want: sites a (images), b and c (dermatologists), d (QA).

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/api_client.h"
#include "tests/support/server_process.h"

namespace hada::support {

// coordinator-a, derm-b, derm-c, derm-e (also at b), qa-d; all with kPassword. Idempotent.
void make_people(const ServerProcess& server);

// Runs the real hadactl as coordinator-a for site a; `data_dir` holds its key.
Finished ingest(const ServerProcess& server, const std::filesystem::path& manifest,
                const std::filesystem::path& key_dir, std::vector<std::string> extra = {});

}  // namespace hada::support
