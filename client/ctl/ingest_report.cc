#include "client/ctl/ingest_report.h"

#include <nlohmann/json.hpp>

#include "client/ctl/table.h"
#include "client/ingest/progress_text.h"
#include "contract/text.h"

namespace hada::ctl {
namespace {

using ingest::Outcome;

const char* outcome_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::Ingested:
      return "ingested";
    case Outcome::AlreadyThere:
      return "already_there";
    case Outcome::Pending:
      return "pending";
    case Outcome::Refused:
      return "refused";
    case Outcome::NotTried:
      return "not_tried";
    case Outcome::Acceptable:
      return "acceptable";
  }
  return "";
}

// "line 12  a/b.jpg  age: 400; expected a whole number, 0 to 120 [BAD_FIELD]"
std::string error_line(const ingest::RowReport& row, const contract::FieldError& error) {
  std::string text = "  line " + std::to_string(row.line);
  if (!row.file.empty()) text += "  " + contract::printable(row.file, 200);
  if (!error.field.empty()) text += "  " + error.field + ":";
  if (!error.value.empty() && error.value != row.file) text += " " + error.value + ";";
  text += " expected " + error.expected;
  if (!row.reason.empty() && row.reason != "BAD_FIELD") text += " [" + row.reason + "]";
  return text + '\n';
}

}  // namespace

std::string report_text(const ingest::IngestReport& report) {
  std::string text;
  const auto say = [&](Outcome outcome, const char* what) {
    if (const int count = report.count(outcome); count > 0) text += what + counted(count, "image") + '\n';
  };
  say(Outcome::Acceptable, "Nothing is wrong with ");
  if (report.count(Outcome::Acceptable) == 0)
    text += "In: " + counted(report.count(Outcome::Ingested), "image") + " (" +
            ingest::bytes_text(report.bytes_sent) + " sent)\n";
  if (const int count = report.count(Outcome::AlreadyThere); count > 0)
    text += "already there: " + std::to_string(count) + '\n';
  say(Outcome::Pending, "In, but not checked yet: ");
  say(Outcome::NotTried, "Not tried: ");
  if (const int count = report.count(Outcome::Refused); count > 0) {
    text += "Refused: " + counted(count, "row") + '\n';
    for (const ingest::RowReport& row : report.rows) {
      if (row.outcome != Outcome::Refused) continue;
      for (const contract::FieldError& error : row.errors) text += error_line(row, error);
    }
  }
  if (!report.batch.empty()) text += "Batch: " + report.batch + '\n';
  if (report.stopped) text += "Stopped. Run the same again to continue.\n";
  return text;
}

std::string report_json(const ingest::IngestReport& report, const std::string& site) {
  nlohmann::ordered_json json;
  json["site"] = site;
  json["batch"] = report.batch;
  json["bytes_sent"] = report.bytes_sent;
  json["stopped"] = report.stopped;
  if (report.fatal) json["fatal"] = {{"reason", report.fatal->reason}, {"message", report.fatal->message}};
  for (const Outcome outcome : {Outcome::Ingested, Outcome::AlreadyThere, Outcome::Pending, Outcome::Refused,
                                Outcome::NotTried, Outcome::Acceptable})
    json["counts"][outcome_word(outcome)] = report.count(outcome);
  json["rows"] = nlohmann::ordered_json::array();
  for (const ingest::RowReport& row : report.rows) {
    nlohmann::ordered_json one = {
        {"line", row.line}, {"file", row.file}, {"outcome", outcome_word(row.outcome)}};
    if (!row.image.empty()) one["image"] = row.image;
    if (!row.reason.empty()) one["reason"] = row.reason;
    for (const contract::FieldError& error : row.errors)
      one["errors"].push_back({{"field", error.field}, {"value", error.value}, {"expected", error.expected}});
    json["rows"].push_back(std::move(one));
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace hada::ctl
