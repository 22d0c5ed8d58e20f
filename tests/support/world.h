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

// Two more reviewers besides qa-d, for panels: qa-b (at b) and qa-e (at d); likewise.
void make_reviewers(const ServerProcess& server);

// Runs the real hadactl as coordinator-a for site a; `data_dir` holds its key.
Finished ingest(const ServerProcess& server, const std::filesystem::path& manifest,
                const std::filesystem::path& key_dir, std::vector<std::string> extra = {});

// A dermatologist claims the case ("cases/c1") and submits one diagnosis ("psoriasis"), through the API:
// where a test is about something else. Throws.
void vote(const ServerProcess& server, const std::string& user, const std::string& case_name,
          const std::string& term, double active_seconds = 0);

}  // namespace hada::support
