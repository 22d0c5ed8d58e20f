#pragma once

// The unified format: every column of a manifest, its type, its rule, and the rules between columns. The same
// table checks a row at the hospital (check_row) and again at the server (check_fields); docs/format.md
// describes it. Pure; any thread.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/anatom_site.h"
#include "contract/enums.h"

namespace hada::contract {

// Whom a column describes. Rows of one patient, case or lesion must agree in its columns.
enum class FieldGroup { Row, Patient, Case, Lesion, Image };

enum class FieldType {
  Id,    // the hospital's own identifier: leaves the hospital only as an HMAC, and is never shown in a report
  File,  // relative path
  Word,  // one of `words`, any case; normalised to the spelling of the table
  Text,  // free text, at most `high` characters
  Term,  // free text, or terms/{term}
  Integer,   // low to high; "75.0" is read as 75
  Number,    // low to high
  Diameter,  // a number with um, mm (default) or cm; normalised to mm
  Site,      // a body site; normalised to its path in the ISIC tree
};

struct Field {
  std::string_view name;
  FieldGroup group = FieldGroup::Image;
  FieldType type = FieldType::Text;
  bool required = false;
  std::span<const std::string_view> words = {};
  double low = 0, high = 0;
  // hadactl writes it; a manifest may not.
  bool by_tool = false;
};

std::span<const Field> fields();
const Field* find_field(std::string_view name);

// What a person is told when the value is not right: "one of male, female, other, unknown".
std::string expected(const Field& field);

// The spelling of the manifest: "dermoscopic". Empty for Unspecified.
std::string_view kind_word(ImageKind kind);
ImageKind kind_from_word(std::string_view word);  // Unspecified where it is none

struct FieldError {
  std::string field;
  std::string value;  // fit to print; empty for identifiers and for columns the format does not know
  std::string expected;
  bool operator==(const FieldError&) const = default;
};

using Columns = std::map<std::string, std::string>;  // column name (lower case) -> value as given

// One row, normalised: values trimmed, in the table's spelling, in the table's unit.
struct Row {
  std::string file;  // '/' separated, below the manifest's folder, without a leading "./"
  std::string patient_id, case_id, lesion_id;
  ImageKind kind = ImageKind::Unspecified;
  Columns fields;  // every other column that is not empty
  bool operator==(const Row&) const = default;
};

struct RowCheck {
  Row row;  // as far as it could be read; complete when there are no errors
  std::vector<FieldError> errors;
};

// Checks one row of a manifest by itself. An empty value equals a missing column.
RowCheck check_row(const Columns& columns, const AnatomSiteAliases& aliases = default_anatom_site_aliases());

// Checks what arrived at a server: `fields` as in Row, all normalised already. Empty when all is right.
std::vector<FieldError> check_fields(ImageKind kind, const Columns& fields);

}  // namespace hada::contract
