#include "contract/metadata_schema.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "contract/names.h"
#include "contract/text.h"

namespace hada::contract {
namespace {

using Words = std::string_view[];

constexpr Words kSex = {"male", "female", "other", "unknown"};
constexpr Words kFitzpatrick = {"I", "II", "III", "IV", "V", "VI"};
constexpr Words kYesNo = {"yes", "no"};
constexpr Words kTrueFalse = {"true", "false"};
constexpr Words kConfirmType = {"histopathology",
                                "serial imaging showing no change",
                                "single image expert consensus",
                                "confocal microscopy with consensus dermoscopy",
                                "single contributor clinical assessment",
                                "culture/PCR/serology",
                                "patch test",
                                "clinical course"};
constexpr Words kDistribution = {"localized", "multiple", "generalized"};
constexpr Words kLaterality = {"left", "right", "midline", "bilateral"};
constexpr Words kSpecialSite = {"acral", "nail", "oral/genital"};
// In the order of ImageKind, from 1.
constexpr Words kKind = {"clinical_overview", "clinical_closeup", "dermoscopic", "histopathology_wsi",
                         "histopathology_field"};
constexpr Words kDermoscopicType = {"contact polarized", "contact non-polarized", "non-contact polarized"};
constexpr Words kManipulation = {"instrument only", "altered", "synthetic"};
constexpr Words kLicence = {"CC-0", "CC-BY", "CC-BY-NC"};

// Lengths of free text, in characters.
constexpr double kShort = 200, kLong = 2000;

constexpr Field kFields[] = {
    {.name = "file", .group = FieldGroup::Row, .type = FieldType::File, .required = true},
    {.name = "patient_id", .group = FieldGroup::Row, .type = FieldType::Id, .required = true},
    {.name = "case_id", .group = FieldGroup::Row, .type = FieldType::Id, .required = true},
    {.name = "lesion_id", .group = FieldGroup::Row, .type = FieldType::Id},
    {.name = "kind", .group = FieldGroup::Row, .type = FieldType::Word, .required = true, .words = kKind},

    {.name = "sex", .group = FieldGroup::Patient, .type = FieldType::Word, .words = kSex},
    {.name = "fitzpatrick", .group = FieldGroup::Patient, .type = FieldType::Word, .words = kFitzpatrick},
    {.name = "monk", .group = FieldGroup::Patient, .type = FieldType::Integer, .low = 1, .high = 10},
    {.name = "legal_basis", .group = FieldGroup::Patient, .high = kShort},
    {.name = "optout", .group = FieldGroup::Patient, .type = FieldType::Word, .words = kYesNo},

    // 40,000 days is a lifetime; a date written as 20240131 is not a number of days.
    {.name = "acquisition_day", .group = FieldGroup::Case, .type = FieldType::Integer, .high = 40000},
    {.name = "age", .group = FieldGroup::Case, .type = FieldType::Integer, .high = 120},
    {.name = "site_diagnosis", .group = FieldGroup::Case, .type = FieldType::Term, .high = kShort},
    {.name = "site_diagnosis_ja", .group = FieldGroup::Case, .high = kShort},
    {.name = "pathology_diagnosis", .group = FieldGroup::Case, .type = FieldType::Term, .high = kShort},
    {.name = "dx_confirm_type", .group = FieldGroup::Case, .type = FieldType::Word, .words = kConfirmType},
    {.name = "concomitant_biopsy", .group = FieldGroup::Case, .type = FieldType::Word, .words = kTrueFalse},
    {.name = "duration", .group = FieldGroup::Case, .high = kShort},
    {.name = "symptoms", .group = FieldGroup::Case, .high = kLong},
    {.name = "treatment", .group = FieldGroup::Case, .high = kLong},
    {.name = "outcome", .group = FieldGroup::Case, .high = kLong},
    {.name = "diagnostic_basis", .group = FieldGroup::Case, .high = kLong},

    {.name = "distribution", .group = FieldGroup::Lesion, .type = FieldType::Word, .words = kDistribution},
    {.name = "anatom_site", .group = FieldGroup::Lesion, .type = FieldType::Site},
    {.name = "laterality", .group = FieldGroup::Lesion, .type = FieldType::Word, .words = kLaterality},
    {.name = "anatom_site_special",
     .group = FieldGroup::Lesion,
     .type = FieldType::Word,
     .words = kSpecialSite},
    {.name = "clin_size_long_diam_mm",
     .group = FieldGroup::Lesion,
     .type = FieldType::Diameter,
     .low = 0.001,
     .high = 3000},

    {.name = "dermoscopic_type", .type = FieldType::Word, .words = kDermoscopicType},
    {.name = "stain", .high = kShort},
    {.name = "mpp", .type = FieldType::Number, .low = 0.001, .high = 10000},
    {.name = "image_manipulation", .type = FieldType::Word, .words = kManipulation},
    {.name = "licence", .type = FieldType::Word, .required = true, .words = kLicence},
    {.name = "attribution", .high = kLong},
    {.name = "deidentification", .high = kLong, .by_tool = true},
};

constexpr size_t kMaxIdLength = 128;

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// At most nine significant digits, so that 1.1 cm is 11 mm and not 11.000000000000002.
std::string format_number(double value) {
  std::array<char, 32> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 9);
  return std::string(buffer.data(), end.ptr);
}

std::optional<std::string> in_range(const Field& field, std::optional<double> value) {
  if (!value || *value < field.low || *value > field.high) return std::nullopt;
  return format_number(*value);
}

std::optional<std::string> read_diameter(const Field& field, std::string_view text) {
  struct Unit {
    std::string_view name;
    double mm;
  };
  // um is also written with either of Unicode's two letters mu.
  constexpr Unit kUnits[] = {
      {"um", 0.001}, {"\xC2\xB5m", 0.001}, {"\xCE\xBCm", 0.001}, {"mm", 1}, {"cm", 10}};
  double mm = 1;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    mm = unit.mm;
    break;
  }
  const auto value = parse_number(trim(text));
  return in_range(field, value ? std::optional(*value * mm) : std::nullopt);
}

std::optional<std::string> read_word(const Field& field, std::string_view text) {
  const std::string lower = ascii_lower(text);
  for (const std::string_view word : field.words)
    if (ascii_lower(word) == lower) return std::string(word);
  return std::nullopt;
}

std::optional<std::string> read_text(const Field& field, std::string_view text) {
  if (has_control_characters(text) || static_cast<double>(utf8_length(text)) > field.high)
    return std::nullopt;
  if (field.type == FieldType::Term && text.starts_with("terms/") && !parse_term_name(text))
    return std::nullopt;
  return std::string(text);
}

// The normalised value, or nothing where it is wrong. `text` is trimmed and not empty.
std::optional<std::string> read_value(const Field& field, std::string_view text,
                                      const AnatomSiteAliases& aliases) {
  switch (field.type) {
    case FieldType::Id:
      if (has_control_characters(text) || text.find('\n') != text.npos || utf8_length(text) > kMaxIdLength)
        return std::nullopt;
      return std::string(text);
    case FieldType::File:
      if (has_control_characters(text) || !is_safe_relative_path(text)) return std::nullopt;
      return std::string(without_dot(text));
    case FieldType::Word:
      return read_word(field, text);
    case FieldType::Text:
    case FieldType::Term:
      return read_text(field, text);
    case FieldType::Integer: {
      const auto value = parse_number(text);
      return value && *value == std::floor(*value) ? in_range(field, value) : std::nullopt;
    }
    case FieldType::Number:
      return in_range(field, parse_number(text));
    case FieldType::Diameter:
      return read_diameter(field, text);
    case FieldType::Site: {
      std::string path = resolve_anatom_site(text, aliases);
      return path.empty() ? std::nullopt : std::optional(std::move(path));
    }
  }
  return std::nullopt;
}

// What a report may show of a wrong value.
std::string shown(const Field& field, std::string_view value) {
  return field.type == FieldType::Id ? std::string() : printable(value);
}

// The rules between columns. `fields` is normalised; a column that was wrong by itself is absent.
void check_across(ImageKind kind, const Columns& fields, std::vector<FieldError>& errors) {
  const auto get = [&](const char* name) {
    const auto at = fields.find(name);
    return at == fields.end() ? std::string() : at->second;
  };
  // A dx_confirm_type that is wrong by itself is reported once, as that.
  const bool confirm_type_wrong = std::any_of(
      errors.begin(), errors.end(), [](const FieldError& error) { return error.field == "dx_confirm_type"; });
  if (get("concomitant_biopsy") == "true" && get("dx_confirm_type") != "histopathology" &&
      !confirm_type_wrong)
    errors.push_back(
        {"concomitant_biopsy", "true", "false or empty unless dx_confirm_type is histopathology"});
  if (const std::string type = get("dermoscopic_type");
      !type.empty() && kind != ImageKind::Dermoscopic && kind != ImageKind::Unspecified)
    errors.push_back({"dermoscopic_type", type, "empty unless kind is dermoscopic"});
  if (get("optout") == "yes")
    errors.push_back(
        {"optout", "yes", "no or empty: images of a patient who opted out stay at the hospital"});
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

FieldError unknown_column(const std::string& name) {
  std::string hint = "no such column in the format";
  if (name.size() <= 64) {
    for (const Field& field : kFields)
      if (!field.by_tool && edit_distance(name, field.name) <= 2)
        hint += "; did you mean " + std::string(field.name) + "?";
  }
  return {printable(name), "", hint};
}

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field* find_field(std::string_view name) {
  const auto* at = std::find_if(std::begin(kFields), std::end(kFields),
                                [&](const Field& field) { return field.name == name; });
  return at == std::end(kFields) ? nullptr : at;
}

std::string expected(const Field& field) {
  const std::string range = format_number(field.low) + " to " + format_number(field.high);
  switch (field.type) {
    case FieldType::Id:
      return "an identifier of at most 128 characters on one line";
    case FieldType::File:
      return "a path relative to the manifest, with '/', that stays in the manifest's folder";
    case FieldType::Word: {
      std::string words;
      for (const std::string_view word : field.words)
        words += (words.empty() ? "" : ", ") + std::string(word);
      return "one of " + words;
    }
    case FieldType::Text:
      return "text of at most " + format_number(field.high) + " characters without control characters";
    case FieldType::Term:
      return "text of at most " + format_number(field.high) + " characters, or terms/{term}";
    case FieldType::Integer:
      if (field.name == "acquisition_day")
        return "whole days since the patient's first visit, " + range + ", not a date";
      return "a whole number, " + range;
    case FieldType::Number:
      return "a number, " + range;
    case FieldType::Diameter:
      return "a length with um, mm or cm (mm if none is given), " + range + " mm";
    case FieldType::Site:
      return "a body site of the ISIC tree: its enum name, its full path or a name that only one site has";
  }
  return {};
}

std::string_view kind_word(ImageKind kind) {
  const auto index = static_cast<size_t>(kind);
  return index >= 1 && index <= std::size(kKind) ? kKind[index - 1] : std::string_view{};
}

ImageKind kind_from_word(std::string_view word) {
  for (size_t i = 0; i < std::size(kKind); ++i)
    if (kKind[i] == word) return static_cast<ImageKind>(i + 1);
  return ImageKind::Unspecified;
}

RowCheck check_row(const Columns& columns, const AnatomSiteAliases& aliases) {
  RowCheck check;
  Columns values;
  // In the table's order, so that a report reads the same whatever the order of the columns.
  for (const Field& field : kFields) {
    const auto at = columns.find(std::string(field.name));
    const std::string_view text = at == columns.end() ? std::string_view{} : trim(at->second);
    if (text.empty()) {
      if (field.required)
        check.errors.push_back({std::string(field.name), "", expected(field) + "; it is required"});
      continue;
    }
    if (field.by_tool) {
      check.errors.push_back({std::string(field.name), printable(text), "empty: hadactl writes it"});
      continue;
    }
    if (auto value = read_value(field, text, aliases)) {
      values[std::string(field.name)] = *std::move(value);
    } else {
      check.errors.push_back({std::string(field.name), shown(field, text), expected(field)});
    }
  }
  // A misspelt column must not pass in silence: it might be `optout`. Its value may be anything, so it is not
  // shown.
  for (const auto& [name, value] : columns)
    if (!find_field(name) && !trim(value).empty()) check.errors.push_back(unknown_column(name));

  const auto take = [&](const char* name) {
    auto node = values.extract(name);
    return node.empty() ? std::string() : std::move(node.mapped());
  };
  Row& row = check.row;
  row.file = take("file");
  row.patient_id = take("patient_id");
  row.case_id = take("case_id");
  row.lesion_id = take("lesion_id");
  row.kind = kind_from_word(take("kind"));
  row.fields = std::move(values);
  check_across(row.kind, row.fields, check.errors);
  return check;
}

std::vector<FieldError> check_fields(ImageKind kind, const Columns& given) {
  std::vector<FieldError> errors;
  if (kind_word(kind).empty()) errors.push_back({"kind", "", expected(*find_field("kind"))});
  for (const Field& field : kFields)
    if (field.required && field.group != FieldGroup::Row && !given.contains(std::string(field.name)))
      errors.push_back({std::string(field.name), "", expected(field) + "; it is required"});
  Columns right;
  for (const auto& [name, value] : given) {
    const Field* field = find_field(name);
    if (!field || field->group == FieldGroup::Row) {
      errors.push_back({printable(name), "", "no such column here"});
      continue;
    }
    // Aliases are the hospital's affair: what arrives is a path already.
    const auto normal = value.empty() || !is_utf8(value) ? std::nullopt : read_value(*field, value, {});
    if (normal && *normal == value) {
      right.emplace(name, value);
    } else {
      errors.push_back({name, printable(value), expected(*field)});
    }
  }
  check_across(kind, right, errors);
  return errors;
}

}  // namespace hada::contract
