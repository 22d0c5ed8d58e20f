#include "contract/manifest.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/support/paths.h"

namespace hada::contract {
namespace {

constexpr const char* kHeader = "file,patient_id,case_id,lesion_id,kind,licence,age,sex,optout\n";

std::vector<ManifestRow> read(const std::string& lines) {
  auto rows = read_manifest(kHeader + lines);
  REQUIRE(rows);
  return *std::move(rows);
}

int wrong_rows(const std::vector<ManifestRow>& rows) {
  int count = 0;
  for (const ManifestRow& row : rows) count += row.errors.empty() ? 0 : 1;
  return count;
}

}  // namespace

TEST_CASE(
    "a wrong row is reported with its line, field, value and what was expected; right rows stay right") {
  const auto rows = read(
      "a.jpg,P1,C1,L1,dermoscopic,CC-0,40,male,\n"
      "b.jpg,P1,C1,L1,dermoscopic,CC-0,400,male,\n"
      "\"c.jpg\",P2,C2,,clinical_closeup,CC-BY,\"41\",,no\n");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].errors.empty());
  CHECK(rows[1].line == 3);
  REQUIRE(rows[1].errors.size() == 1);
  CHECK(rows[1].errors[0] == FieldError{"age", "400", "a whole number, 0 to 120"});
  CHECK(rows[2].errors.empty());
}

TEST_CASE("columns come in any order and any case, and one that is missing equals an empty one") {
  const auto rows = read_manifest("Licence , KIND,case_id,patient_id,FILE\nCC-0,dermoscopic,C,P,x.png\n");
  REQUIRE(rows);
  CHECK((*rows)[0].errors.empty());
  CHECK((*rows)[0].row.file == "x.png");
}

TEST_CASE("a JSON Lines manifest gives the same rows as a CSV one") {
  const auto csv = read("a.jpg,P1,C1,L1,dermoscopic,CC-0,40,male,\nb.jpg,P1,C1,L1,dermoscopic,CC-0,400,,\n");
  const auto json = read_manifest(
      R"({"file":"a.jpg","patient_id":"P1","case_id":"C1","lesion_id":"L1","kind":"dermoscopic","licence":"CC-0","age":40,"sex":"male"})"
      "\n\n"
      R"({"file":"b.jpg","patient_id":"P1","case_id":"C1","lesion_id":"L1","kind":"dermoscopic","licence":"CC-0","age":400,"sex":null})"
      "\r\n");
  REQUIRE(json);
  REQUIRE(json->size() == 2);
  for (int i = 0; i < 2; ++i) {
    CHECK((*json)[i].row == csv[i].row);
    CHECK((*json)[i].errors == csv[i].errors);
  }
  CHECK((*json)[1].line == 3);
}

TEST_CASE("a line that is no JSON object, or holds a list, is wrong by itself") {
  const auto rows = read_manifest(
      "{\"file\":\"a.jpg\",\"patient_id\":\"P\",\"case_id\":\"C\",\"kind\":\"dermoscopic\",\"licence\":\"CC-"
      "0\"}\n"
      "{\"file\": \n"
      "[1,2]\n"
      "{\"file\":[\"a.jpg\"]}\n");
  REQUIRE(rows);
  REQUIRE(rows->size() == 4);
  CHECK((*rows)[0].errors.empty());
  CHECK((*rows)[1].errors.size() == 1);
  CHECK((*rows)[2].errors.size() == 1);
  CHECK((*rows)[3].errors[0].field == "file");
}

TEST_CASE("a row with other cells than the header, broken quotes or another encoding is wrong by itself") {
  const auto rows = read(
      "a.jpg,P1,C1,L1,dermoscopic,CC-0,40,male\n"
      "b.jpg,P1,C1,L1,dermo\"scopic,CC-0,40,male,\n"
      "\x8E\xCA\x90^.jpg,P1,C1,L1,dermoscopic,CC-0,40,male,\n"
      "d.jpg,P1,C1,L1,dermoscopic,CC-0,40,male,\n"
      ",,,,,,,,\n");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].errors[0].expected == "9 cells as in the header, not 8");
  CHECK(rows[1].errors.size() == 1);
  CHECK(rows[2].errors[0].field == "file");
  CHECK(rows[2].errors[0].expected.find("UTF-8") != std::string::npos);
  CHECK(rows[3].errors.empty());
}

TEST_CASE("a manifest without a usable header is refused as a whole") {
  CHECK_FALSE(read_manifest(""));
  CHECK_FALSE(read_manifest("a.jpg,P1,C1\n"));
  CHECK_FALSE(read_manifest("file,age,age\n"));
  CHECK_FALSE(
      read_manifest("\xFF\xFE"
                    "f\0i\0l\0e\0"));
  const auto twice = read_manifest("file,age,Age\n");
  CHECK(twice.error().reason == "BAD_MANIFEST");
  CHECK(twice.error().metadata.at("line") == "1");
}

TEST_CASE("a case belongs to one patient") {
  const auto rows = read(
      "a.jpg,P1,C1,,dermoscopic,CC-0,,,\n"
      "b.jpg,P2,C1,,dermoscopic,CC-0,,,\n"
      "c.jpg,P2,C2,,dermoscopic,CC-0,,,\n");
  CHECK(wrong_rows(rows) == 2);  // which of the two is right cannot be known
  REQUIRE(rows[0].errors.size() == 1);
  CHECK(rows[0].errors[0] ==
        FieldError{"case_id", "", "one patient (line 2 and line 3 name different ones)"});
  CHECK(rows[1].errors.size() == 1);
  CHECK(rows[2].errors.empty());
}

TEST_CASE("a lesion belongs to one patient") {
  const auto rows = read(
      "a.jpg,P1,C1,L1,dermoscopic,CC-0,,,\n"
      "b.jpg,P2,C2,L1,dermoscopic,CC-0,,,\n"
      "c.jpg,P2,C3,L2,dermoscopic,CC-0,,,\n"
      "d.jpg,P2,C4,L2,dermoscopic,CC-0,,,\n");
  CHECK(wrong_rows(rows) == 2);
  CHECK(rows[1].errors[0].field == "lesion_id");
  CHECK(rows[1].errors[0].value == "");
}

TEST_CASE("the same file is in a case once, and may be in two cases") {
  const auto rows = read(
      "a.jpg,P1,C1,,dermoscopic,CC-0,,,\n"
      "./a.jpg,P1,C1,,dermoscopic,CC-0,,,\n"
      "a.jpg,P1,C2,,dermoscopic,CC-0,,,\n");
  CHECK(rows[0].errors.empty());
  REQUIRE(rows[1].errors.size() == 1);
  CHECK(rows[1].errors[0] == FieldError{"file", "a.jpg", "a file once in a case (see line 2)"});
  CHECK(rows[2].errors.empty());
}

TEST_CASE("rows of one patient and of one case do not contradict each other") {
  const auto rows = read(
      "a.jpg,P1,C1,,dermoscopic,CC-0,40,male,\n"
      "b.jpg,P1,C1,,dermoscopic,CC-0,41,,\n"
      "c.jpg,P1,C2,,dermoscopic,CC-0,41,female,\n"
      "d.jpg,P1,C2,,dermoscopic,CC-0,,male,\n");
  CHECK(rows[0].errors.empty());
  REQUIRE(rows[1].errors.size() == 1);
  CHECK(rows[1].errors[0] == FieldError{"age", "41", "the same as on line 2: 40"});
  REQUIRE(rows[2].errors.size() == 1);
  CHECK(rows[2].errors[0].field == "sex");
  CHECK(rows[3].errors.empty());
}

TEST_CASE("an opt-out in one row holds back every row of that patient") {
  const auto rows = read(
      "a.jpg,P1,C1,,dermoscopic,CC-0,,,\n"
      "b.jpg,P1,C2,,dermoscopic,CC-0,,,yes\n"
      "c.jpg,P2,C3,,dermoscopic,CC-0,,,no\n");
  REQUIRE(rows[0].errors.size() == 1);
  CHECK(rows[0].errors[0].field == "optout");
  CHECK(rows[1].errors.size() == 1);
  CHECK(rows[2].errors.empty());
}

TEST_CASE("the demonstration manifest goes in whole: 130 rows, 72 cases, no error") {
  const char* env = std::getenv("HADA_TEST_DATA");
  const std::string data = env ? std::string(env) : support::source_dir() + "/../shared/data";
  std::ifstream in(data + "/demo.csv", std::ios::binary);
  if (!in) {
    MESSAGE("SKIPPED: demo.csv");
    return;
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto rows = read_manifest(text);
  REQUIRE(rows);
  CHECK(rows->size() == 130);
  std::set<std::string> cases, files;
  for (const ManifestRow& row : *rows) {
    CAPTURE(row.line);
    for (const FieldError& error : row.errors)
      MESSAGE(row.line << " " << error.field << ": " << error.expected);
    CHECK(row.errors.empty());
    CHECK(check_fields(row.row.kind, row.row.fields).empty());
    cases.insert(row.row.case_id);
    files.insert(row.row.file);
  }
  CHECK(cases.size() == 72);
  CHECK(files.size() == 128);
}

}  // namespace hada::contract
