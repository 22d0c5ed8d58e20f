#include "contract/vocabulary.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "contract/name_folding.h"
#include "contract/names.h"

namespace hada::contract {
namespace {

// ---- Parsing ----

constexpr std::string_view kTermsFile = "terms.tsv";
constexpr std::string_view kClassesFile = "release_classes.tsv";
constexpr std::string_view kTermsHeader =
    "id\ten\tja\tsynonyms_en\tsynonyms_ja\tparents\ticd10\trisk\trelease_class";
constexpr std::string_view kClassesHeader = "id\ten\tja";

Error bad_vocabulary(const std::string& where, std::string_view field, std::string_view problem) {
  std::string message = where + ", field " + std::string(field) + ": " + std::string(problem);
  return {ErrorCode::InvalidArgument, "BAD_VOCABULARY", std::move(message), {{"field", std::string(field)}}};
}

// Where the entry at `index` came from: its line, or for terms that never were lines its id.
Error bad_entry(std::string_view file, std::size_t index, std::string_view id, bool from_lines,
                std::string_view field, std::string_view problem) {
  if (!from_lines) {
    const std::string kind = file == kTermsFile ? "term '" : "release class '";
    return bad_vocabulary(kind + std::string(id) + "'", field, problem);
  }
  const std::string line = std::to_string(index + 2);  // the header is line 1
  Error error = bad_vocabulary(std::string(file) + " line " + line, field, problem);
  error.metadata.emplace("file", file);
  error.metadata.emplace("line", line);
  return error;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

// The rows below a header that must be exactly `header`; every row has as many fields as it.
Result<std::vector<std::vector<std::string>>> read_rows(std::string_view tsv, std::string_view file,
                                                        std::string_view header) {
  while (!tsv.empty() && tsv.back() == '\n') tsv.remove_suffix(1);
  const std::vector<std::string> lines = split(tsv, '\n');
  if (lines.empty() || lines.front() != header)
    return Unexpected(
        bad_vocabulary(std::string(file) + " line 1", "header", "expected '" + std::string(header) + "'"));
  const std::size_t width = split(header, '\t').size();
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows.push_back(split(lines[i], '\t'));
    if (rows.back().size() != width) {
      const std::string problem =
          "expected " + std::to_string(width) + " fields, found " + std::to_string(rows.back().size());
      return Unexpected(bad_entry(file, i - 1, "", true, "line", problem));
    }
  }
  return rows;
}

// WHO ICD-10: a category (L80) or a subcategory (L40.0).
bool is_icd10(std::string_view code) {
  const auto digit = [&](std::size_t i) { return code[i] >= '0' && code[i] <= '9'; };
  if (code.size() != 3 && code.size() != 5) return false;
  if (code[0] < 'A' || code[0] > 'Z' || !digit(1) || !digit(2)) return false;
  return code.size() == 3 || (code[3] == '.' && digit(4));
}

bool has_blank(const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(),
                     [](const std::string& name) { return fold_name(name).empty(); });
}

}  // namespace

std::string fold_name(std::string_view name) { return encode_utf8(fold_letters(name)); }

Result<Vocabulary> Vocabulary::parse(std::string_view terms_tsv, std::string_view classes_tsv,
                                     std::string_view version) {
  while (!version.empty() && (version.back() == '\n' || version.back() == ' ')) version.remove_suffix(1);

  ASSIGN_OR_RETURN(auto class_rows, read_rows(classes_tsv, kClassesFile, kClassesHeader));
  std::vector<ReleaseClass> classes;
  for (auto& row : class_rows) classes.push_back({std::move(row[0]), std::move(row[1]), std::move(row[2])});

  ASSIGN_OR_RETURN(auto term_rows, read_rows(terms_tsv, kTermsFile, kTermsHeader));
  std::vector<Term> terms;
  for (auto& row : term_rows) {
    if (row[7].size() != 1 || row[7][0] < '0' || row[7][0] > '2')
      return Unexpected(bad_entry(kTermsFile, terms.size(), row[0], true, "risk",
                                  "expected 0, 1 or 2, found '" + row[7] + "'"));
    terms.push_back({.id = std::move(row[0]),
                     .en = std::move(row[1]),
                     .ja = std::move(row[2]),
                     .synonyms_en = split(row[3], '|'),
                     .synonyms_ja = split(row[4], '|'),
                     .parents = split(row[5], '|'),
                     .icd10 = std::move(row[6]),
                     .risk = row[7][0] - '0',
                     .release_class = std::move(row[8])});
  }
  return build(std::move(terms), std::move(classes), std::string(version), true);
}

Result<Vocabulary> Vocabulary::from(std::vector<Term> terms, std::vector<ReleaseClass> classes,
                                    std::string version) {
  return build(std::move(terms), std::move(classes), std::move(version), false);
}

Result<Vocabulary> Vocabulary::build(std::vector<Term> terms, std::vector<ReleaseClass> classes,
                                     std::string version, bool from_lines) {
  if (version.empty()) return Unexpected(bad_vocabulary("VERSION", "version", "is empty"));
  Vocabulary vocabulary;
  vocabulary.terms_ = std::move(terms);
  vocabulary.classes_ = std::move(classes);
  vocabulary.version_ = std::move(version);
  RETURN_IF_ERROR(vocabulary.check_and_index_classes(from_lines));
  RETURN_IF_ERROR(vocabulary.check_and_index_terms(from_lines));
  RETURN_IF_ERROR(vocabulary.resolve_parents(from_lines));
  vocabulary.index_names();
  return vocabulary;
}

Status Vocabulary::check_and_index_classes(bool from_lines) {
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const ReleaseClass& entry = classes_[i];
    const auto bad = [&](std::string_view field, std::string_view problem) {
      return Unexpected(bad_entry(kClassesFile, i, entry.id, from_lines, field, problem));
    };
    if (!is_resource_id(entry.id)) return bad("id", "'" + entry.id + "' is not an id");
    if (!class_index_.emplace(entry.id, static_cast<std::uint32_t>(i)).second)
      return bad("id", "duplicate id '" + entry.id + "'");
    if (fold_name(entry.en).empty()) return bad("en", "empty name");
    if (fold_name(entry.ja).empty()) return bad("ja", "empty name");
  }
  return {};
}

Status Vocabulary::check_and_index_terms(bool from_lines) {
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const Term& term = terms_[i];
    const auto bad = [&](std::string_view field, std::string_view problem) {
      return Unexpected(bad_entry(kTermsFile, i, term.id, from_lines, field, problem));
    };
    if (!is_resource_id(term.id)) return bad("id", "'" + term.id + "' is not an id");
    if (!term_index_.emplace(term.id, static_cast<std::uint32_t>(i)).second)
      return bad("id", "duplicate id '" + term.id + "'");
    if (fold_name(term.en).empty()) return bad("en", "empty name");
    if (fold_name(term.ja).empty()) return bad("ja", "empty name");
    if (has_blank(term.synonyms_en)) return bad("synonyms_en", "empty name");
    if (has_blank(term.synonyms_ja)) return bad("synonyms_ja", "empty name");
    if (!term.icd10.empty() && !is_icd10(term.icd10))
      return bad("icd10", "'" + term.icd10 + "' is not an ICD-10 code");
    if (term.risk < 0 || term.risk > 2)
      return bad("risk", "expected 0, 1 or 2, found " + std::to_string(term.risk));
    if (!term.release_class.empty() && !class_index_.contains(term.release_class))
      return bad("release_class", "unknown class '" + term.release_class + "'");
  }
  return {};
}

// Ancestors and depths, parents before children (Kahn 1962); what is never reached stands on or below a
// cycle.
Status Vocabulary::resolve_parents(bool from_lines) {
  const std::size_t count = terms_.size();
  std::vector<std::vector<std::uint32_t>> children(count);
  std::vector<std::size_t> unresolved(count, 0);  // parents still to come
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string& parent : terms_[i].parents) {
      const auto found = term_index_.find(parent);
      if (found == term_index_.end())
        return Unexpected(
            bad_entry(kTermsFile, i, terms_[i].id, from_lines, "parents", "unknown parent '" + parent + "'"));
      children[found->second].push_back(static_cast<std::uint32_t>(i));
      ++unresolved[i];
    }
  }

  ancestors_.assign(count, {});
  depth_.assign(count, 0);
  std::vector<std::uint32_t> ready;
  for (std::size_t i = 0; i < count; ++i)
    if (unresolved[i] == 0) ready.push_back(static_cast<std::uint32_t>(i));
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const std::uint32_t parent = ready[next];
    std::vector<std::uint32_t> passed_on = ancestors_[parent];
    passed_on.insert(std::lower_bound(passed_on.begin(), passed_on.end(), parent), parent);
    for (const std::uint32_t child : children[parent]) {
      std::vector<std::uint32_t> merged;
      std::set_union(ancestors_[child].begin(), ancestors_[child].end(), passed_on.begin(), passed_on.end(),
                     std::back_inserter(merged));
      ancestors_[child] = std::move(merged);
      depth_[child] = std::max(depth_[child], depth_[parent] + 1);
      if (--unresolved[child] == 0) ready.push_back(child);
    }
  }
  if (ready.size() < count) return Unexpected(cycle_error(unresolved, from_lines));
  return {};
}

Error Vocabulary::cycle_error(const std::vector<std::size_t>& unresolved, bool from_lines) const {
  const auto stuck_parent = [&](std::size_t term) {
    for (const std::string& parent : terms_[term].parents) {
      const std::size_t index = term_index_.find(parent)->second;
      if (unresolved[index] > 0) return index;
    }
    return term;  // not reached: a term that was not resolved has a parent that was not
  };
  // Walking up from any stuck term ends up on a cycle; after as many steps as there are terms it is there.
  std::size_t on_cycle = 0;
  while (unresolved[on_cycle] == 0) ++on_cycle;
  for (std::size_t step = 0; step < terms_.size(); ++step) on_cycle = stuck_parent(on_cycle);
  std::size_t first = on_cycle;
  for (std::size_t at = stuck_parent(on_cycle); at != on_cycle; at = stuck_parent(at))
    first = std::min(first, at);
  std::string path = terms_[first].id;
  std::size_t at = first;
  do {
    at = stuck_parent(at);
    path += " -> " + terms_[at].id;
  } while (at != first);
  return bad_entry(kTermsFile, first, terms_[first].id, from_lines, "parents", "cycle " + path);
}

void Vocabulary::index_names() {
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const auto add = [&](const std::string& text, bool preferred) {
      const auto term = static_cast<std::uint32_t>(i);
      std::u32string letters = fold_letters(text);
      std::string key = encode_utf8(letters);
      const auto [owner, fresh] = owners_.try_emplace(key, Owner{term, preferred, false});
      if (!fresh && owner->second.term != term) {
        Owner& current = owner->second;
        if (current.preferred == preferred) current.shared = true;
        if (!current.preferred && preferred) current = {term, preferred, false};
      }
      const std::uint64_t set = letter_set(letters);
      names_.push_back({text, std::move(key), std::move(letters), set, term, preferred});
    };
    const Term& term = terms_[i];
    add(term.en, true);
    add(term.ja, true);
    for (const std::string& name : term.synonyms_en) add(name, false);
    for (const std::string& name : term.synonyms_ja) add(name, false);
  }
}

const Term* Vocabulary::find(std::string_view id) const {
  const auto found = term_index_.find(id);
  return found == term_index_.end() ? nullptr : &terms_[found->second];
}

const ReleaseClass* Vocabulary::find_class(std::string_view id) const {
  const auto found = class_index_.find(id);
  return found == class_index_.end() ? nullptr : &classes_[found->second];
}

bool Vocabulary::is_ancestor(std::string_view ancestor, std::string_view id) const {
  const auto above = term_index_.find(ancestor), below = term_index_.find(id);
  if (above == term_index_.end() || below == term_index_.end()) return false;
  const auto& ancestors = ancestors_[below->second];
  return std::binary_search(ancestors.begin(), ancestors.end(), above->second);
}

std::string Vocabulary::lowest_common_ancestor(std::string_view a, std::string_view b) const {
  const auto found_a = term_index_.find(a), found_b = term_index_.find(b);
  if (found_a == term_index_.end() || found_b == term_index_.end()) return {};
  const auto with_self = [&](std::uint32_t term) {
    std::vector<std::uint32_t> set = ancestors_[term];
    set.insert(std::lower_bound(set.begin(), set.end(), term), term);
    return set;
  };
  const auto set_a = with_self(found_a->second), set_b = with_self(found_b->second);
  std::vector<std::uint32_t> common;
  std::set_intersection(set_a.begin(), set_a.end(), set_b.begin(), set_b.end(), std::back_inserter(common));
  if (common.empty()) return {};
  // max_element keeps the first of equals, which is the first in file order.
  return terms_[*std::max_element(common.begin(), common.end(),
                                  [&](std::uint32_t x, std::uint32_t y) { return depth_[x] < depth_[y]; })]
      .id;
}

const Term* Vocabulary::match_text(std::string_view text) const {
  const auto found = owners_.find(fold_name(text));
  return found == owners_.end() || found->second.shared ? nullptr : &terms_[found->second.term];
}

std::vector<Match> Vocabulary::search(std::string_view query, std::size_t limit,
                                      std::span<const std::string> recent) const {
  enum Step : int { kRecent, kExact, kPrefix, kWordPrefix, kSubstring, kRecentTypo, kTypo, kNone };
  constexpr std::size_t kNotRecent = std::numeric_limits<std::size_t>::max();
  struct Best {  // of one term; ordered as the results are
    Step step = kNone;
    int distance = 0;
    std::size_t recency = kNotRecent;
    bool synonym = false;
    std::size_t length = 0;
    std::uint32_t name = 0;
  };
  const auto order = [](const Best& b) {
    return std::tie(b.step, b.recency, b.distance, b.synonym, b.length, b.name);
  };

  std::vector<std::size_t> recency(terms_.size(), kNotRecent);
  for (std::size_t i = 0; i < recent.size(); ++i) {
    const auto found = term_index_.find(recent[i]);
    if (found != term_index_.end()) recency[found->second] = std::min(recency[found->second], i);
  }

  const std::u32string letters = fold_letters(query);
  const std::string key = encode_utf8(letters);
  const std::string word_key = " " + key;
  std::vector<Best> best(terms_.size());
  std::size_t found_terms = 0;
  const auto offer = [&](std::size_t name_index, Step step, int distance) {
    const Name& name = names_[name_index];
    const bool is_recent = recency[name.term] != kNotRecent;
    const Best offered{.step = !is_recent      ? step
                               : step == kTypo ? kRecentTypo
                                               : kRecent,
                       .distance = is_recent ? static_cast<int>(step) : distance,
                       .recency = recency[name.term],
                       .synonym = !name.preferred,
                       .length = name.letters.size(),
                       .name = static_cast<std::uint32_t>(name_index)};
    Best& current = best[name.term];
    if (current.step == kNone) ++found_terms;
    if (order(offered) < order(current)) current = offered;
  };

  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string& name = names_[i].key;
    if (key.empty()) {
      const std::uint32_t term = names_[i].term;  // its first name is the preferred one
      if (recency[term] != kNotRecent && best[term].step == kNone) offer(i, kPrefix, 0);
      continue;
    }
    const std::size_t at = name.find(key);
    if (at == std::string::npos) continue;
    if (at == 0) {
      offer(i, name.size() == key.size() ? kExact : kPrefix, 0);
    } else {
      offer(i, name.find(word_key) != std::string::npos ? kWordPrefix : kSubstring, 0);
    }
  }

  const int typos = letters.size() >= 8 ? 2 : letters.size() >= 4 ? 1 : 0;
  if (typos > 0 && found_terms < limit) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const Name& name = names_[i];
      if (best[name.term].step < kRecentTypo) continue;
      // Each edit accounts for at most one letter that the name lacks.
      if (lacking(letters, name.letter_set, typos) > typos) continue;
      const int distance = typo_distance(letters, name.letters, typos);
      if (distance <= typos) offer(i, kTypo, distance);
    }
  }

  std::vector<Best> results;
  std::copy_if(best.begin(), best.end(), std::back_inserter(results),
               [](const Best& b) { return b.step != kNone; });
  const std::size_t kept = std::min(limit, results.size());
  std::partial_sort(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(kept), results.end(),
                    [&](const Best& a, const Best& b) { return order(a) < order(b); });
  std::vector<Match> matches;
  matches.reserve(kept);
  for (std::size_t i = 0; i < kept; ++i) {
    const Name& name = names_[results[i].name];
    matches.push_back({&terms_[name.term], name.text});
  }
  return matches;
}

}  // namespace hada::contract
