#include "contract/vocabulary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/paths.h"

using hada::contract::Match;
using hada::contract::ReleaseClass;
using hada::contract::Term;
using hada::contract::Vocabulary;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const Vocabulary& real() {
  static const Vocabulary vocabulary = [] {
    const fs::path folder = fs::path(hada::support::source_dir()) / "proto/vocabulary";
    auto parsed = Vocabulary::parse(read_file(folder / "terms.tsv"),
                                    read_file(folder / "release_classes.tsv"), read_file(folder / "VERSION"));
    REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
    return std::move(parsed).value();
  }();
  return vocabulary;
}

// The public data beside the checkout; a machine without it skips what needs it, and says so.
fs::path data_folder() {
  const char* set = std::getenv("HADA_TEST_DATA");
  return set ? fs::path(set) : fs::path(hada::support::source_dir()) / "../shared/data";
}

bool has_data(const fs::path& file) {
  if (fs::exists(data_folder() / file)) return true;
  MESSAGE("SKIPPED: no ", (data_folder() / file).string());
  return false;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream in(read_file(data_folder() / file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> csv_fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

constexpr const char* kTermsHeader =
    "id\ten\tja\tsynonyms_en\tsynonyms_ja\tparents\ticd10\trisk\trelease_class\n";
constexpr const char* kClasses = "id\ten\tja\ntumor\ttumor\t腫瘍\n";

hada::Result<Vocabulary> parse_terms(const std::string& rows) {
  return Vocabulary::parse(std::string(kTermsHeader) + rows, kClasses, "test");
}

std::string error_of(const hada::Result<Vocabulary>& result) {
  return result.has_value() ? "no error" : result.error().message;
}

Term term(const std::string& id, std::vector<std::string> parents = {}) {
  return {.id = id,
          .en = id + " name",
          .ja = id + " 名",
          .synonyms_en = {},
          .synonyms_ja = {},
          .parents = std::move(parents),
          .icd10 = "",
          .risk = 0,
          .release_class = ""};
}

Vocabulary make(std::vector<Term> terms) {
  auto made = Vocabulary::from(std::move(terms), {}, "test");
  REQUIRE_MESSAGE(made.has_value(), error_of(made));
  return std::move(made).value();
}

std::string first_id(const std::string& query, std::vector<std::string> recent = {}) {
  const auto matches = real().search(query, 5, recent);
  return matches.empty() ? "" : matches.front().term->id;
}

bool finds(const std::string& query, const std::string& id, std::size_t limit = 10) {
  const auto matches = real().search(query, limit);
  return std::any_of(matches.begin(), matches.end(),
                     [&](const Match& match) { return match.term->id == id; });
}

}  // namespace

TEST_CASE("the project's vocabulary") {
  SUBCASE("holds at least 340 diseases with an English and a Japanese name and a release class") {
    const auto& terms = real().terms();
    CHECK(std::count_if(terms.begin(), terms.end(), [](const Term& t) {
            return !t.en.empty() && !t.ja.empty() && !t.release_class.empty();
          }) >= 340);
  }
  SUBCASE("has 59 release classes, and a term for each") {
    CHECK(real().classes().size() == 59);
    std::set<std::string> used;
    for (const Term& t : real().terms()) used.insert(t.release_class);
    for (const ReleaseClass& c : real().classes()) CHECK_MESSAGE(used.contains(c.id), c.id);
  }
  SUBCASE("gives every leaf a release class") {
    std::set<std::string> parents;
    for (const Term& t : real().terms()) parents.insert(t.parents.begin(), t.parents.end());
    for (const Term& t : real().terms())
      if (!parents.contains(t.id)) CHECK_MESSAGE(!t.release_class.empty(), t.id);
  }
  SUBCASE("gives any two terms of one release class a common ancestor, so that a majority can be named") {
    std::map<std::string, std::vector<std::string>> by_class;
    for (const Term& t : real().terms())
      if (!t.release_class.empty()) by_class[t.release_class].push_back(t.id);
    for (const auto& one : by_class)  // clang has no structured bindings in the lambda of CHECK_MESSAGE
      for (const std::string& id : one.second)
        CHECK_MESSAGE(!real().lowest_common_ancestor(one.second.front(), id).empty(), one.first, ": ", id);
  }
  SUBCASE("finds every term by each of its preferred names") {
    for (const Term& t : real().terms()) {
      CHECK_MESSAGE(real().match_text(t.en) == &t, t.en);
      CHECK_MESSAGE(real().match_text(t.ja) == &t, t.ja);
    }
  }
  SUBCASE(
      "shares a synonym between two terms only where Japanese does: kanpisho is carotenemia and xerosis") {
    for (const Term& t : real().terms()) {
      for (const auto& synonyms : {t.synonyms_en, t.synonyms_ja})
        for (const std::string& name : synonyms)
          if (name != "かんぴしょう") CHECK_MESSAGE(real().match_text(name) == &t, t.id, ": ", name);
    }
    CHECK(real().match_text("かんぴしょう") == nullptr);
    CHECK(finds("かんぴしょう", "carotenemia"));
    CHECK(finds("かんぴしょう", "xerosis"));
  }
  SUBCASE("states its version without a line end") { CHECK(real().version() == "2026.11-2"); }
  SUBCASE("rates what kills as high risk") {
    for (const char* id : {"melanoma", "squamous_cell_carcinoma", "merkel_cell_carcinoma", "angiosarcoma",
                           "toxic_epidermal_necrolysis", "stevens_johnson_syndrome", "necrotizing_fasciitis",
                           "pemphigus_vulgaris", "mycosis_fungoides"}) {
      REQUIRE_MESSAGE(real().find(id), id);
      CHECK_MESSAGE(real().find(id)->risk == 2, id);
    }
    CHECK(real().find("seborrheic_keratosis")->risk == 0);
    CHECK(real().find("actinic_keratosis")->risk == 1);
  }
}

// One test case each: a skipped subcase would hide the subcases after it from doctest.
TEST_CASE("the project's vocabulary uses only ICD-10 codes that exist in the categories of the WHO subset") {
  const fs::path file = "taxonomy/icd10/icd10_who2019_skin_subset.derived.tsv";
  if (!has_data(file)) return;
  std::set<std::string> codes, categories;
  for (const std::string& line : lines_of(file)) {
    const std::string code = line.substr(0, line.find('\t'));
    codes.insert(code);
    if (code.size() == 3) categories.insert(code);
  }
  REQUIRE(categories.contains("L40"));
  std::size_t checked = 0;
  for (const Term& t : real().terms()) {
    if (t.icd10.empty() || !categories.contains(t.icd10.substr(0, 3))) continue;
    ++checked;
    CHECK_MESSAGE(codes.contains(t.icd10), t.id, " has ", t.icd10);
  }
  CHECK(checked > 300);
}

TEST_CASE("the project's vocabulary maps every diagnosis of the demonstration data") {
  if (!has_data("demo.csv")) return;
  const auto lines = lines_of("demo.csv");
  const auto header = csv_fields(lines.at(0));
  std::size_t mapped = 0;
  for (const char* column : {"site_diagnosis", "pathology_diagnosis"}) {
    const auto at =
        static_cast<std::size_t>(std::find(header.begin(), header.end(), column) - header.begin());
    REQUIRE(at < header.size());
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::string text = csv_fields(lines[i]).at(at);
      if (text.empty()) continue;
      ++mapped;
      CHECK_MESSAGE(real().match_text(text) != nullptr, text);
    }
  }
  CHECK(mapped > 0);
}

TEST_CASE(
    "the project's vocabulary knows nearly all conditions of the reader study and takes over their risk") {
  if (!has_data("readers/dermatology_conditions.txt")) return;
  const auto conditions = lines_of("readers/dermatology_conditions.txt");
  const auto risks = lines_of("readers/dermatology_risks.txt");
  REQUIRE(conditions.size() == risks.size());
  std::size_t known = 0;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const Term* t = real().match_text(conditions[i]);
    if (!t) continue;
    ++known;
    if (t->id == "fibroepithelioma_of_pinkus") continue;  // low in the study, but a basal cell carcinoma
    CHECK_MESSAGE(std::to_string(t->risk) == risks[i], conditions[i], " is ", t->id);
  }
  CHECK(known >= 410);
}

TEST_CASE("the project's vocabulary knows every condition of SCIN") {
  const fs::path file = "taxonomy/scin/scin_conditions.derived.tsv";
  if (!has_data(file)) return;
  const auto lines = lines_of(file);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string condition = lines[i].substr(0, lines[i].find('\t'));
    CHECK_MESSAGE(real().match_text(condition) != nullptr, condition);
  }
}

TEST_CASE("parsing a vocabulary") {
  const std::string good = "root\troot\t根\t\t\t\t\t0\t\n";
  SUBCASE("reads lists, codes and classes") {
    const auto parsed = parse_terms(good + "leaf\tleaf\t葉\tfrond|blade\tは\troot\tL40.0\t2\ttumor\n");
    REQUIRE_MESSAGE(parsed.has_value(), error_of(parsed));
    const Term* leaf = parsed->find("leaf");
    REQUIRE(leaf);
    CHECK(leaf->synonyms_en == std::vector<std::string>{"frond", "blade"});
    CHECK(leaf->synonyms_ja == std::vector<std::string>{"は"});
    CHECK(leaf->parents == std::vector<std::string>{"root"});
    CHECK(leaf->icd10 == "L40.0");
    CHECK(leaf->risk == 2);
    REQUIRE(parsed->find_class("tumor"));
    CHECK(parsed->find_class("tumor")->ja == "腫瘍");
    CHECK(parsed->find("stem") == nullptr);
  }
  SUBCASE("accepts a parent that stands below its child") {
    CHECK(parse_terms("leaf\tleaf\t葉\t\t\troot\t\t0\t\n" + good).has_value());
  }
  SUBCASE("names the line of a duplicate id") {
    CHECK(error_of(parse_terms(good + good)) == "terms.tsv line 3, field id: duplicate id 'root'");
  }
  SUBCASE("names the line of an id that could not be a resource name") {
    CHECK(error_of(parse_terms("a/b\ta\ta\t\t\t\t\t0\t\n")) ==
          "terms.tsv line 2, field id: 'a/b' is not an id");
  }
  SUBCASE("names the line of an unknown parent") {
    CHECK(error_of(parse_terms(good + "leaf\tleaf\t葉\t\t\tstem\t\t0\t\n")) ==
          "terms.tsv line 3, field parents: unknown parent 'stem'");
  }
  SUBCASE("names the line of an empty name or synonym") {
    CHECK(error_of(parse_terms("root\troot\t\t\t\t\t\t0\t\n")) == "terms.tsv line 2, field ja: empty name");
    CHECK(error_of(parse_terms("root\t \t根\t\t\t\t\t0\t\n")) == "terms.tsv line 2, field en: empty name");
    CHECK(error_of(parse_terms("root\troot\t根\ta||b\t\t\t\t0\t\n")) ==
          "terms.tsv line 2, field synonyms_en: empty name");
  }
  SUBCASE("names the line of a risk that is not 0, 1 or 2") {
    for (const std::string risk : {"3", "", "high", "-1"})
      CHECK(error_of(parse_terms("root\troot\t根\t\t\t\t\t" + risk + "\t\n")) ==
            "terms.tsv line 2, field risk: expected 0, 1 or 2, found '" + risk + "'");
  }
  SUBCASE("names the line of an unknown class") {
    CHECK(error_of(parse_terms(good + "leaf\tleaf\t葉\t\t\t\t\t0\tplant\n")) ==
          "terms.tsv line 3, field release_class: unknown class 'plant'");
  }
  SUBCASE("names the line of a code that is not ICD-10") {
    for (const std::string code : {"L4", "L40.", "L40.12", "l40", "40L"})
      CHECK(error_of(parse_terms("root\troot\t根\t\t\t\t" + code + "\t0\t\n")) ==
            "terms.tsv line 2, field icd10: '" + code + "' is not an ICD-10 code");
  }
  SUBCASE("names a line with a field too few") {
    CHECK(error_of(parse_terms(good + "leaf\tleaf\n")) ==
          "terms.tsv line 3, field line: expected 9 fields, found 2");
  }
  SUBCASE("refuses another header") {
    const auto parsed = Vocabulary::parse("id\ten\n", kClasses, "test");
    CHECK(error_of(parsed).starts_with("terms.tsv line 1, field header: expected 'id\ten\tja"));
  }
  SUBCASE("names the line of a class that comes twice") {
    const auto parsed =
        Vocabulary::parse(kTermsHeader, std::string(kClasses) + "tumor\ttumor\t腫瘍\n", "test");
    CHECK(error_of(parsed) == "release_classes.tsv line 3, field id: duplicate id 'tumor'");
  }
  SUBCASE("refuses an empty version") {
    CHECK_FALSE(Vocabulary::parse(kTermsHeader, kClasses, "\n").has_value());
  }
  SUBCASE("carries code, reason, line and field for programs") {
    const auto parsed = parse_terms(good + good);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == hada::ErrorCode::InvalidArgument);
    CHECK(parsed.error().reason == "BAD_VOCABULARY");
    CHECK(parsed.error().metadata.at("line") == "3");
    CHECK(parsed.error().metadata.at("field") == "id");
  }
}

TEST_CASE("cycles among parents") {
  SUBCASE("are found and spelled out") {
    const auto made = Vocabulary::from(
        {term("root"), term("a", {"root", "c"}), term("b", {"a"}), term("c", {"b"}), term("below", {"c"})},
        {}, "test");
    CHECK(error_of(made) == "term 'a', field parents: cycle a -> c -> b -> a");
  }
  SUBCASE("include a term that is its own parent") {
    CHECK(error_of(Vocabulary::from({term("a", {"a"})}, {}, "test")) ==
          "term 'a', field parents: cycle a -> a");
  }
  SUBCASE("are not seen in a diamond") {
    CHECK(Vocabulary::from({term("root"), term("a", {"root"}), term("b", {"root"}), term("c", {"a", "b"})},
                           {}, "test")
              .has_value());
  }
}

TEST_CASE("ancestry") {
  const Vocabulary v =
      make({term("root"), term("left", {"root"}), term("right", {"root"}), term("deep", {"left"}),
            term("x", {"deep", "right"}), term("y", {"deep", "right"}), term("alone")});
  SUBCASE("reaches over every path and is strict") {
    CHECK(v.is_ancestor("root", "x"));
    CHECK(v.is_ancestor("right", "x"));
    CHECK(v.is_ancestor("deep", "x"));
    CHECK_FALSE(v.is_ancestor("x", "deep"));
    CHECK_FALSE(v.is_ancestor("x", "x"));
    CHECK_FALSE(v.is_ancestor("alone", "x"));
    CHECK_FALSE(v.is_ancestor("nothing", "x"));
  }
  SUBCASE("meets at the deepest common term when there are several") {
    CHECK(v.lowest_common_ancestor("x", "y") == "deep");
  }
  SUBCASE("meets at the upper one when one is above the other, and at itself") {
    CHECK(v.lowest_common_ancestor("left", "x") == "left");
    CHECK(v.lowest_common_ancestor("x", "left") == "left");
    CHECK(v.lowest_common_ancestor("x", "x") == "x");
  }
  SUBCASE("is empty between trees and for unknown ids") {
    CHECK(v.lowest_common_ancestor("x", "alone").empty());
    CHECK(v.lowest_common_ancestor("x", "nothing").empty());
  }
  SUBCASE("joins two subtypes of psoriasis, and a nevus with a melanoma, where a dermatologist would") {
    CHECK(real().lowest_common_ancestor("guttate_psoriasis", "psoriasis_vulgaris") == "psoriasis");
    CHECK(real().lowest_common_ancestor("blue_nevus", "nodular_melanoma") == "melanocytic_neoplasm");
    CHECK(real().lowest_common_ancestor("tinea_pedis", "tinea_unguium") == "tinea");
    CHECK(real().is_ancestor("neoplasm_malignant", "nodular_basal_cell_carcinoma"));
  }
  SUBCASE("survives a move of the vocabulary, as do its terms") {
    Vocabulary from = make({term("root"), term("a", {"root"})});
    const Term* a = from.find("a");
    const Vocabulary to = std::move(from);
    CHECK(to.find("a") == a);
    CHECK(to.is_ancestor("root", "a"));
  }
}

TEST_CASE("folding a name") {
  using hada::contract::fold_name;
  SUBCASE("drops a possessive s, and any other apostrophe alone") {
    CHECK(fold_name("Gottron's papule") == "gottron papule");
    CHECK(fold_name("Gottron’s") == "gottron");
    CHECK(fold_name("Lyme'stick") == "lymestick");
  }
  SUBCASE("makes one of kanji that are written in two ways") {
    CHECK(fold_name("皮膚掻痒症") == "皮膚瘙痒症");
    CHECK(fold_name("囊腫") == fold_name("嚢腫"));
  }
  SUBCASE("joins voicing marks that come apart, half-width or decomposed") {
    CHECK(fold_name("ﾊﾟﾎﾞｶﾞﾂﾞｳﾞ") == "ぱぼがづゔ");
    CHECK(fold_name("か\xE3\x82\x99") == "が");
    CHECK(fold_name("あ\xE3\x82\x99") == "あ\xE3\x82\x99");
  }
  SUBCASE("makes one space of any punctuation and none at the ends") {
    CHECK(fold_name(" SJS／TEN（重症）・薬疹 ") == "sjs ten 重症 薬疹");
  }
  SUBCASE("drops accents, composed or not") {
    CHECK(fold_name("Sézary") == "sezary");
    CHECK(fold_name("Se\xCC\x81zary") == "sezary");
  }
}

TEST_CASE("mapping free text") {
  SUBCASE("ignores case, width, accents, punctuation and the possessive s") {
    CHECK(real().match_text("Basal Cell Carcinoma") == real().find("basal_cell_carcinoma"));
    CHECK(real().match_text(" basal-cell  carcinoma ") == real().find("basal_cell_carcinoma"));
    CHECK(real().match_text("ＢＣＣ") == real().find("basal_cell_carcinoma"));
    CHECK(real().match_text("Bowen’s disease") == real().find("bowen_disease"));
    CHECK(real().match_text("Ｂｏｗｅｎ病") == real().find("bowen_disease"));
    CHECK(real().match_text("Sezary syndrome") == real().find("sezary_syndrome"));
    CHECK(real().match_text("actinic keratosis/intraepithelial carcinoma") ==
          real().find("actinic_keratosis_or_intraepithelial_carcinoma"));
  }
  SUBCASE("takes katakana, half-width kana and kanji variants for what they are") {
    CHECK(real().match_text("ケロイド") == real().find("keloid"));
    CHECK(real().match_text("けろいど") == real().find("keloid"));
    CHECK(real().match_text("ｹﾛｲﾄﾞ") == real().find("keloid"));
    CHECK(real().match_text("アトピー性皮膚炎") == real().find("atopic_dermatitis"));
    CHECK(real().match_text("皮膚掻痒症") == real().find("cutaneous_pruritus"));
  }
  SUBCASE("never guesses") {
    CHECK(real().match_text("basal cell") == nullptr);
    CHECK(real().match_text("basal cell carcinomaa") == nullptr);
    CHECK(real().match_text("") == nullptr);
    CHECK(real().match_text("\xff\xfe") == nullptr);
  }
  SUBCASE("prefers a preferred name to another term's synonym, and gives up on a shared synonym") {
    Term a = term("a"), b = term("b"), c = term("c");
    a.synonyms_en = {"b name", "common"};
    c.synonyms_en = {"common"};
    const Vocabulary v = make({a, b, c});
    CHECK(v.match_text("b name") == v.find("b"));
    CHECK(v.match_text("common") == nullptr);
  }
}

TEST_CASE("searching the vocabulary") {
  SUBCASE("finds a disease by its hiragana reading") {
    CHECK(first_id("きていさいぼうがん") == "basal_cell_carcinoma");
    CHECK(first_id("じんましん") == "urticaria");
    CHECK(finds("きてい", "basal_cell_carcinoma"));
  }
  SUBCASE("finds a disease by katakana, also half-width") {
    CHECK(finds("アトピ", "atopic_dermatitis"));
    CHECK(finds("ｱﾄﾋﾟ", "atopic_dermatitis"));
    CHECK(first_id("メラノーマ") == "melanoma");
  }
  SUBCASE("finds diseases by two kanji") {
    CHECK(first_id("湿疹") == "eczema");
    CHECK(first_id("母斑") == "melanocytic_nevus");
    CHECK(first_id("白癬") == "tinea");
    CHECK(finds("白癬", "tinea_pedis"));
    CHECK(finds("湿疹", "hand_eczema"));
  }
  SUBCASE("finds a disease by its abbreviation, in either width") {
    CHECK(first_id("BCC") == "basal_cell_carcinoma");
    CHECK(first_id("scc") == "squamous_cell_carcinoma");
    CHECK(first_id("ＡＫ") == "actinic_keratosis");
    CHECK(first_id("SK") == "seborrheic_keratosis");
    CHECK(first_id("ad") == "atopic_dermatitis");
  }
  SUBCASE("forgives one typo from four letters and two from eight") {
    CHECK(first_id("melenoma") == "melanoma");
    CHECK(first_id("psoriais") == "psoriasis");
    CHECK(first_id("psorisais") == "psoriasis");
    CHECK(finds("seborheic keratois", "seborrheic_keratosis"));
    CHECK(finds("きていさいほうがん", "basal_cell_carcinoma"));
    CHECK(real().search("zzz", 10).empty());
    CHECK(real().search("qqqqqqqq", 10).empty());
  }
  SUBCASE("says which name matched") {
    const auto matches = real().search("とびひ", 1);
    REQUIRE(matches.size() == 1);
    CHECK(matches[0].term->id == "impetigo");
    CHECK(matches[0].matched_name == "とびひ");
  }
  SUBCASE("gives each term once and no more than the limit") {
    const auto matches = real().search("melanoma", 7);
    CHECK(matches.size() == 7);
    std::set<const Term*> seen;
    for (const Match& match : matches) CHECK(seen.insert(match.term).second);
    CHECK(real().search("melanoma", 0).empty());
  }
  SUBCASE("gives the recent terms, latest first, for an empty query") {
    const std::vector<std::string> recent = {"psoriasis", "retired_term", "bowen_disease"};
    const auto matches = real().search("", 10, recent);
    REQUIRE(matches.size() == 2);
    CHECK(matches[0].term->id == "psoriasis");
    CHECK(matches[0].matched_name == "psoriasis");
    CHECK(matches[1].term->id == "bowen_disease");
    CHECK(real().search("  ", 10).empty());
  }
  SUBCASE("puts a recent term that matches before an exact one, and leaves out one that does not") {
    CHECK(first_id("melanoma") == "melanoma");
    CHECK(first_id("melanoma", {"psoriasis", "nodular_melanoma"}) == "nodular_melanoma");
  }
}

TEST_CASE("ranking within a search") {
  const auto named = [](const std::string& id, const std::string& en) {
    Term t = term(id);
    t.en = en;
    return t;
  };
  const Vocabulary v =
      make({named("inside", "pseudopoxoma"), named("word", "big poxo"), named("typo", "pixo disease"),
            named("prefix", "poxoma"), named("exact", "poxo"), named("longer", "poxomatous disease")});
  SUBCASE("is exact, prefix (shorter first), prefix of a word, substring, typo") {
    std::vector<std::string> ids;
    for (const Match& match : v.search("poxo", 10)) ids.push_back(match.term->id);
    CHECK(ids == std::vector<std::string>{"exact", "prefix", "longer", "word", "inside", "typo"});
  }
  SUBCASE("puts a recent typo before a closer one, but after what was meant") {
    const Vocabulary typos =
        make({named("close", "poxomatosis"), named("far", "poxomatesis"), named("meant", "big poxamatosis")});
    const std::vector<std::string> recent = {"far"};
    std::vector<std::string> ids;
    for (const Match& match : typos.search("poxamatosis", 10, recent)) ids.push_back(match.term->id);
    CHECK(ids == std::vector<std::string>{"meant", "far", "close"});
  }
  SUBCASE("counts two neighbours swapped as one typo") {
    const auto matches = v.search("opxoma", 10);
    REQUIRE_FALSE(matches.empty());
    CHECK(matches.front().term->id == "prefix");
  }
  SUBCASE("forgives a letter that the name does not have") {
    const auto matches = v.search("zoxoma", 10);
    REQUIRE_FALSE(matches.empty());
    CHECK(matches.front().term->id == "prefix");
  }
  SUBCASE("does not forgive a typo in three letters") { CHECK(v.search("pxo", 10).empty()); }
}
