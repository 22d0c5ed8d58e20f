#include "contract/manifest.h"

#include <nlohmann/json.hpp>
#include <set>

#include "contract/csv.h"
#include "contract/text.h"

namespace hada::contract {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

Unexpected bad_manifest(int64_t line, std::string message) {
  Error error{ErrorCode::InvalidArgument, "BAD_MANIFEST", std::move(message), {}};
  error.metadata["line"] = std::to_string(line);
  return Unexpected(std::move(error));
}

// A row that could not be split into columns.
ManifestRow broken_row(int64_t line, std::string expected) {
  return {line, {}, {{"", "", std::move(expected)}}};
}

ManifestRow checked_row(int64_t line, const Columns& columns, const AnatomSiteAliases& aliases) {
  RowCheck check = check_row(columns, aliases);
  return {line, std::move(check.row), std::move(check.errors)};
}

Result<std::vector<std::string>> read_header(const CsvRecord& record) {
  if (!record.problem.empty()) return bad_manifest(record.line, "the header row has " + record.problem);
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& cell : record.cells) {
    std::string name = ascii_lower(trim(cell));
    if (!is_utf8(name)) return bad_manifest(record.line, "the header row is not UTF-8");
    if (!name.empty() && !seen.insert(name).second)
      return bad_manifest(record.line, "the column " + printable(name) + " stands in the header twice");
    names.push_back(std::move(name));
  }
  if (!seen.contains("file"))
    return bad_manifest(record.line, "the first line must name the columns, `file` among them");
  return names;
}

ManifestRow read_csv_row(const std::vector<std::string>& header, const CsvRecord& record,
                         const AnatomSiteAliases& aliases) {
  if (!record.problem.empty())
    return broken_row(record.line, "correct quotes (here is " + record.problem + ")");
  if (record.cells.size() != header.size())
    return broken_row(record.line, std::to_string(header.size()) + " cells as in the header, not " +
                                       std::to_string(record.cells.size()));
  Columns columns;
  for (size_t i = 0; i < header.size(); ++i) {
    if (!is_utf8(record.cells[i]))
      return {record.line, {}, {{printable(header[i]), "", "UTF-8 (save the sheet as \"CSV UTF-8\")"}}};
    // A cell below an empty header is a column without a name.
    if (!record.cells[i].empty()) columns[header[i].empty() ? "(no name)" : header[i]] = record.cells[i];
  }
  return checked_row(record.line, columns, aliases);
}

Result<std::vector<ManifestRow>> read_csv(std::string_view text, const AnatomSiteAliases& aliases) {
  const std::vector<CsvRecord> records = parse_csv(text);
  if (records.empty()) return bad_manifest(1, "the manifest is empty");
  ASSIGN_OR_RETURN(const auto header, read_header(records.front()));
  std::vector<ManifestRow> rows;
  for (size_t i = 1; i < records.size(); ++i) {
    const auto& cells = records[i].cells;
    // Spreadsheets leave rows of nothing but commas behind.
    if (std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return trim(cell).empty(); }))
      continue;
    rows.push_back(read_csv_row(header, records[i], aliases));
  }
  return rows;
}

// A JSON value as the text a CSV cell would hold; nothing for an array or an object.
std::optional<std::string> cell_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return std::string();
  if (value.is_boolean()) return std::string(value.get<bool>() ? "true" : "false");
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

ManifestRow read_json_row(int64_t line, std::string_view text, const AnatomSiteAliases& aliases) {
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return broken_row(line, "one JSON object in UTF-8 on each line");
  Columns columns;
  for (const auto& [key, value] : object.items()) {
    const auto cell = cell_text(value);
    if (!cell) return {line, {}, {{printable(key), "", "text, a number, true, false or null"}}};
    columns[ascii_lower(trim(key))] = *cell;
  }
  return checked_row(line, columns, aliases);
}

std::vector<ManifestRow> read_json_lines(std::string_view text, const AnatomSiteAliases& aliases) {
  std::vector<ManifestRow> rows;
  for (int64_t line = 1; !text.empty(); ++line) {
    const size_t end = text.find('\n');
    const std::string_view one = trim(text.substr(0, end));
    if (!one.empty()) rows.push_back(read_json_row(line, one, aliases));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return rows;
}

std::string line_word(int64_t line) { return "line " + std::to_string(line); }

// A key belongs to one patient: `id` is case_id or lesion_id.
void check_one_patient(std::vector<ManifestRow>& rows, const char* field, std::string Row::*id) {
  std::map<std::string, std::vector<ManifestRow*>> groups;
  for (ManifestRow& row : rows)
    if (!(row.row.*id).empty() && !row.row.patient_id.empty()) groups[row.row.*id].push_back(&row);
  for (const auto& [key, members] : groups) {
    const ManifestRow& first = *members.front();
    const auto other = std::find_if(members.begin(), members.end(), [&](const ManifestRow* row) {
      return row->row.patient_id != first.row.patient_id;
    });
    if (other == members.end()) continue;
    for (ManifestRow* row : members)
      row->errors.push_back({field, "",
                             "one patient (" + line_word(first.line) + " and " + line_word((*other)->line) +
                                 " name different ones)"});
  }
}

void check_files_once(std::vector<ManifestRow>& rows) {
  std::map<std::pair<std::string, std::string>, int64_t> first_line;
  for (ManifestRow& row : rows) {
    if (row.row.file.empty() || row.row.case_id.empty()) continue;
    const auto [at, inserted] = first_line.emplace(std::pair(row.row.case_id, row.row.file), row.line);
    if (!inserted)
      row.errors.push_back(
          {"file", printable(row.row.file), "a file once in a case (see " + line_word(at->second) + ")"});
  }
}

// Rows with the same owner agree in the columns of `group`; an empty value contradicts nothing.
void check_agreement(std::vector<ManifestRow>& rows, FieldGroup group, std::string Row::*id) {
  struct Said {
    std::string value;
    int64_t line;
  };
  std::map<std::pair<std::string, std::string>, Said> said;  // (owner, column)
  for (ManifestRow& row : rows) {
    const std::string& owner = row.row.*id;
    if (owner.empty()) continue;
    for (const auto& [name, value] : row.row.fields) {
      const Field* field = find_field(name);
      if (!field || field->group != group || name == "optout") continue;
      const auto [at, inserted] = said.emplace(std::pair(owner, name), Said{value, row.line});
      if (!inserted && at->second.value != value)
        row.errors.push_back(
            {name, printable(value),
             "the same as on " + line_word(at->second.line) + ": " + printable(at->second.value)});
    }
  }
}

void check_optout(std::vector<ManifestRow>& rows) {
  std::map<std::string, int64_t> out;
  const auto opted_out = [](const ManifestRow& row) {
    const auto at = row.row.fields.find("optout");
    return at != row.row.fields.end() && at->second == "yes";
  };
  for (const ManifestRow& row : rows)
    if (opted_out(row) && !row.row.patient_id.empty()) out.emplace(row.row.patient_id, row.line);
  for (ManifestRow& row : rows)
    if (const auto at = out.find(row.row.patient_id); at != out.end() && !opted_out(row))
      row.errors.push_back(
          {"optout", "", "no row of this patient: " + line_word(at->second) + " says they opted out"});
}

}  // namespace

void check_across_rows(std::vector<ManifestRow>& rows) {
  check_one_patient(rows, "case_id", &Row::case_id);
  check_one_patient(rows, "lesion_id", &Row::lesion_id);
  check_files_once(rows);
  check_agreement(rows, FieldGroup::Patient, &Row::patient_id);
  check_agreement(rows, FieldGroup::Case, &Row::case_id);
  check_agreement(rows, FieldGroup::Lesion, &Row::lesion_id);
  check_optout(rows);
}

Result<std::vector<ManifestRow>> read_manifest(std::string_view text, const AnatomSiteAliases& aliases) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return bad_manifest(1, "the manifest is UTF-16; save it as UTF-8");
  if (text.starts_with(kBom)) text.remove_prefix(kBom.size());
  std::vector<ManifestRow> rows;
  if (trim(text.substr(0, 4096)).starts_with('{')) {
    rows = read_json_lines(text, aliases);
  } else {
    ASSIGN_OR_RETURN(rows, read_csv(text, aliases));
  }
  check_across_rows(rows);
  return rows;
}

}  // namespace hada::contract
