#pragma once

// A manifest: one row per image, as CSV (UTF-8, header row) or JSON Lines (one object a line), read into the
// same rows and checked row by row and across rows. Pure: files are not looked at here.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/metadata_schema.h"
#include "contract/result.h"

namespace hada::contract {

struct ManifestRow {
  int64_t line = 0;  // of the manifest, where the row starts; the first line is 1
  Row row;
  std::vector<FieldError> errors;  // empty for a row that may go in; field is "" where the whole row is meant
};

// Every row, right or wrong, in the manifest's order. INVALID_ARGUMENT / BAD_MANIFEST where there are no rows
// to speak of: not UTF-8 at all, no header, a column twice.
Result<std::vector<ManifestRow>> read_manifest(
    std::string_view text, const AnatomSiteAliases& aliases = default_anatom_site_aliases());

// The rules across rows; read_manifest has applied them. Adds errors to the rows concerned:
// - a case and a lesion belong to one patient (which of them is right cannot be known, so every row is
// refused);
// - the same file is in a case once (the later row is refused);
// - rows of one patient, case or lesion do not contradict each other (the later row is refused);
// - a patient who opted out in one row has in all.
void check_across_rows(std::vector<ManifestRow>& rows);

}  // namespace hada::contract
