#pragma once

// What a run of ingest says at its end: for a person, and as JSON.

#include <string>

#include "client/ingest/ingest_run.h"

namespace hada::ctl {

// What went in, and each row that did not: line, file, field, value, what was expected.
std::string report_text(const ingest::IngestReport& report);

// The same for a program; UTF-8.
std::string report_json(const ingest::IngestReport& report, const std::string& site);

}  // namespace hada::ctl
