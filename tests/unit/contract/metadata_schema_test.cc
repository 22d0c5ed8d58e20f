#include "contract/metadata_schema.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/support/paths.h"

namespace hada::contract {
namespace {

// A row with nothing wrong, to spoil in one place.
Columns good_row() {
  return {{"file", "a/b.jpg"},
          {"patient_id", "P1"},
          {"case_id", "C1"},
          {"kind", "dermoscopic"},
          {"licence", "CC-BY"}};
}

RowCheck check_with(const std::string& column, const std::string& value) {
  Columns row = good_row();
  row[column] = value;
  return check_row(row);
}

std::string normalised(const std::string& column, const std::string& value) {
  const RowCheck check = check_with(column, value);
  if (!check.errors.empty()) return "wrong: " + check.errors[0].expected;
  return check.row.fields.at(column);
}

bool refused(const std::string& column, const std::string& value) {
  const RowCheck check = check_with(column, value);
  return !check.errors.empty() && check.errors[0].field == column;
}

}  // namespace

TEST_CASE("a row with the required columns is right") {
  const RowCheck check = check_row(good_row());
  CHECK(check.errors.empty());
  CHECK(check.row == Row{"a/b.jpg", "P1", "C1", "", ImageKind::Dermoscopic, {{"licence", "CC-BY"}}});
}

TEST_CASE("each required column that is missing or empty is named") {
  for (const char* column : {"file", "patient_id", "case_id", "kind", "licence"}) {
    CAPTURE(column);
    Columns row = good_row();
    row.erase(column);
    REQUIRE(check_row(row).errors.size() == 1);
    CHECK(check_row(row).errors[0].field == column);
    row[column] = " \xE3\x80\x80 ";  // ideographic spaces are spaces
    CHECK(check_row(row).errors.size() == 1);
  }
}

TEST_CASE("values are brought to one spelling") {
  CHECK(normalised("sex", " Female ") == "female");
  CHECK(normalised("fitzpatrick", "iv") == "IV");
  CHECK(normalised("age", "75.0") == "75");
  CHECK(normalised("age", "0") == "0");
  CHECK(normalised("age", "120") == "120");
  CHECK(normalised("monk", "10") == "10");
  CHECK(normalised("licence", "cc-0") == "CC-0");
  CHECK(normalised("dx_confirm_type", "Culture/pcr/Serology") == "culture/PCR/serology");
  CHECK(normalised("mpp", "0.2500") == "0.25");
  CHECK(normalised("site_diagnosis_ja", " \xE4\xB9\xBE\xE7\x99\xAC ") == "\xE4\xB9\xBE\xE7\x99\xAC");
}

TEST_CASE("a diameter in um, mm or cm becomes mm") {
  CHECK(normalised("clin_size_long_diam_mm", "12") == "12");
  CHECK(normalised("clin_size_long_diam_mm", "12 mm") == "12");
  CHECK(normalised("clin_size_long_diam_mm", "1.1cm") == "11");
  CHECK(normalised("clin_size_long_diam_mm", "1200 um") == "1.2");
  CHECK(normalised("clin_size_long_diam_mm", "1200\xC2\xB5m") == "1.2");
  CHECK(refused("clin_size_long_diam_mm", "1.2 inch"));
  CHECK(refused("clin_size_long_diam_mm", "-3 mm"));
  CHECK(refused("clin_size_long_diam_mm", "nan"));
  CHECK(refused("clin_size_long_diam_mm", "cm"));
}

TEST_CASE("a value outside its type is refused") {
  CHECK(refused("sex", "f"));
  CHECK(refused("fitzpatrick", "VII"));
  CHECK(refused("monk", "0"));
  CHECK(refused("monk", "11"));
  CHECK(refused("age", "121"));
  CHECK(refused("age", "-1"));
  CHECK(refused("age", "40.5"));
  CHECK(refused("age", "forty"));
  CHECK(refused("age", "1e400"));
  CHECK(refused("acquisition_day", "2024-01-31"));
  CHECK(refused("acquisition_day", "20240131"));
  CHECK(refused("kind", "photo"));
  CHECK(refused("licence", "MIT"));
  CHECK(refused("mpp", "0"));
  CHECK(refused("stain", std::string(201, 'x')));
  CHECK(refused("treatment", "bell \a"));
  CHECK(refused("site_diagnosis", "terms/not a name"));
  CHECK(normalised("site_diagnosis", "terms/psoriasis") == "terms/psoriasis");
}

TEST_CASE("a file stays below the manifest's folder") {
  for (const char* path :
       {"/etc/passwd", "../x.jpg", "a/../../x.jpg", "a//b.jpg", "a/./b.jpg", "C:\\x.jpg", "a\\b.jpg", ".."}) {
    CAPTURE(path);
    CHECK(refused("file", path));
  }
  CHECK(check_with("file", "./a/..b.jpg").row.file == "a/..b.jpg");
  CHECK(check_with("file", "\xE5\x86\x99\xE7\x9C\x9F 1.jpg").errors.empty());
}

TEST_CASE("the rules between columns hold") {
  SUBCASE("a concomitant biopsy requires histopathology") {
    Columns row = good_row();
    row["concomitant_biopsy"] = "true";
    REQUIRE(check_row(row).errors.size() == 1);
    CHECK(check_row(row).errors[0].field == "concomitant_biopsy");
    row["dx_confirm_type"] = "clinical course";
    CHECK(check_row(row).errors.size() == 1);
    row["dx_confirm_type"] = "histopathology";
    CHECK(check_row(row).errors.empty());
    row["concomitant_biopsy"] = "false";
    row["dx_confirm_type"] = "clinical course";
    CHECK(check_row(row).errors.empty());
  }
  SUBCASE("a dermoscopic type belongs to a dermoscopic image") {
    Columns row = good_row();
    row["dermoscopic_type"] = "contact polarized";
    CHECK(check_row(row).errors.empty());
    row["kind"] = "clinical_closeup";
    REQUIRE(check_row(row).errors.size() == 1);
    CHECK(check_row(row).errors[0].field == "dermoscopic_type");
  }
  SUBCASE("a patient who opted out stays at the hospital") {
    CHECK(refused("optout", "yes"));
    CHECK(normalised("optout", "no") == "no");
  }
}

TEST_CASE("an error shows the value, but never an identifier") {
  const auto age = check_with("age", "200").errors[0];
  CHECK(age.value == "200");
  CHECK(age.expected == "a whole number, 0 to 120");
  for (const char* column : {"patient_id", "case_id", "lesion_id"}) {
    CAPTURE(column);
    const auto errors = check_with(column, "Yamada Hanako\n1970").errors;
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].value == "");
    CHECK(errors[0].expected.find("Yamada") == std::string::npos);
  }
  // What a terminal would obey is taken out.
  CHECK(check_with("age", "\x1b[2Jx").errors[0].value == "?[2Jx");
}

TEST_CASE("a column that the format does not know is refused where it holds something, without its value") {
  const auto errors = check_with("opt_out", "yes").errors;
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].field == "opt_out");
  CHECK(errors[0].value == "");
  CHECK(errors[0].expected.find("did you mean optout?") != std::string::npos);
  CHECK(check_with("comment", "").errors.empty());
  CHECK(check_with("deidentification", "none").errors.size() == 1);
}

TEST_CASE("body sites are found by enum name, full path, last name and alias") {
  CHECK(normalised("anatom_site", "head_and_neck_head_face") == "Head and neck:Head:Face");
  CHECK(normalised("anatom_site", "head and neck:head:face") == "Head and neck:Head:Face");
  CHECK(normalised("anatom_site", "Face") == "Head and neck:Head:Face");
  CHECK(normalised("anatom_site", "back") == "Trunk:Posterior trunk");
  CHECK(normalised("anatom_site", "Chest") == "Trunk:Anterior trunk:Anterior chest");
  CHECK(normalised("anatom_site", "abdomen") == "Trunk:Anterior trunk:Anterior abdomen");
  CHECK(normalised("anatom_site", "arm") == "Upper extremity");
  CHECK(normalised("anatom_site", "lower extremity") == "Lower extremity");
  CHECK(refused("anatom_site", "elsewhere"));
  CHECK(anatom_sites().size() == 206);
  SUBCASE("a site may add aliases of its own") {
    Columns row = good_row();
    row["anatom_site"] = "shin bone";
    CHECK(check_row(row).errors.size() == 1);
    const auto check = check_row(row, {{"shin bone", "Lower extremity:Lower leg:Shin"}});
    REQUIRE(check.errors.empty());
    CHECK(check.row.fields.at("anatom_site") == "Lower extremity:Lower leg:Shin");
  }
  SUBCASE("every node is found by its path and its enum name") {
    for (const AnatomSite& site : anatom_sites()) {
      CHECK(resolve_anatom_site(site.path, {}) == site.path);
      CHECK(resolve_anatom_site(site.enum_name, {}) == site.path);
    }
  }
}

TEST_CASE("the server accepts what a checked row became, and nothing else") {
  Columns given = good_row();
  given["age"] = "75.0";
  given["sex"] = "Male";
  given["anatom_site"] = "back";
  given["clin_size_long_diam_mm"] = "1.1 cm";
  const RowCheck check = check_row(given);
  REQUIRE(check.errors.empty());
  CHECK(check_fields(check.row.kind, check.row.fields).empty());

  Columns fields = check.row.fields;
  SUBCASE("the tool's own column is accepted") {
    fields["deidentification"] = "113100; jpeg: exif";
    CHECK(check_fields(check.row.kind, fields).empty());
  }
  SUBCASE("a value that is not normalised is refused") {
    fields["sex"] = "Male";
    REQUIRE(check_fields(check.row.kind, fields).size() == 1);
    CHECK(check_fields(check.row.kind, fields)[0].field == "sex");
  }
  SUBCASE("an identifier or a file name must not arrive at all, and is not repeated") {
    fields["patient_id"] = "P1";
    fields["file"] = "a.jpg";
    const auto errors = check_fields(check.row.kind, fields);
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].value == "");
    CHECK(errors[1].value == "");
  }
  SUBCASE("an unknown column, a missing licence, a missing kind and broken text are refused") {
    fields["shoe_size"] = "44";
    fields.erase("licence");
    fields["outcome"] = "\xFF";
    CHECK(check_fields(ImageKind::Unspecified, fields).size() == 4);
  }
  SUBCASE("the rules between columns hold there too") {
    fields["optout"] = "yes";
    CHECK(check_fields(check.row.kind, fields).size() == 1);
  }
}

TEST_CASE("kinds are spelled as in the manifest") {
  CHECK(kind_word(ImageKind::HistopathologyWsi) == "histopathology_wsi");
  CHECK(kind_word(ImageKind::Unspecified) == "");
  for (int i = 1; i < kImageKindCount; ++i)
    CHECK(kind_from_word(kind_word(static_cast<ImageKind>(i))) == static_cast<ImageKind>(i));
}

TEST_CASE("docs/format.md names every column and every word") {
  std::ifstream in(support::source_dir() + "/docs/format.md");
  std::stringstream text;
  text << in.rdbuf();
  const std::string page = text.str();
  REQUIRE_FALSE(page.empty());
  for (const Field& field : fields()) {
    CAPTURE(field.name);
    CHECK(page.find("`" + std::string(field.name) + "`") != std::string::npos);
    for (const std::string_view word : field.words) {
      CAPTURE(word);
      CHECK(page.find(word) != std::string::npos);
    }
  }
}

}  // namespace hada::contract
