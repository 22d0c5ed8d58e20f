#pragma once

// The vocabulary: the diseases a reader may name, the groups above them, and the release classes they fall
// into.
//
// Terms form a DAG (a term may have several parents). A Vocabulary is checked once, when it is made, and
// never changes afterwards, so any number of threads may use one. It does no IO: the server parses the
// embedded TSVs with parse(), a client builds one from received terms with from().
//
// Pointers to terms stay valid while the Vocabulary lives, also after it was moved; a copy has its own terms.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "contract/result.h"

namespace hada::contract {

struct Term {
  std::string id;  // stable slug, a resource id
  std::string en;  // preferred name; English is the language of the record
  std::string ja;
  std::vector<std::string> synonyms_en;
  std::vector<std::string> synonyms_ja;  // abbreviations, older names and kana readings
  std::vector<std::string> parents;      // ids; empty for a root
  std::string icd10;                     // WHO ICD-10, or empty
  int risk = 0;                          // 0 low, 1 medium, 2 high
  std::string release_class;             // id, or empty for a group that spans classes
  bool operator==(const Term&) const = default;
};

struct ReleaseClass {
  std::string id, en, ja;
  bool operator==(const ReleaseClass&) const = default;
};

struct Match {
  const Term* term = nullptr;
  std::string matched_name;  // the name or synonym that matched, as written in the vocabulary
};

// What two spellings of one name have in common: lower case, half-width ASCII, hiragana for katakana, no
// accents, no possessive 's, one form of kanji written two ways (掻 = 瘙), and one space for any punctuation.
// This is the part of NFKC that clinical names need; malformed UTF-8 folds to U+FFFD.
std::string fold_name(std::string_view name);

class Vocabulary {
 public:
  // terms_tsv: id en ja synonyms_en synonyms_ja parents icd10 risk release_class; classes_tsv: id en ja; each
  // with that header line; lists are joined by '|'. A parent may stand below its child. Errors:
  // INVALID_ARGUMENT / BAD_VOCABULARY; the message names file, line and field, the metadata carries them.
  static Result<Vocabulary> parse(std::string_view terms_tsv, std::string_view classes_tsv,
                                  std::string_view version);

  // The same checks for terms that are already structs; an error names the term instead of the line.
  static Result<Vocabulary> from(std::vector<Term> terms, std::vector<ReleaseClass> classes,
                                 std::string version);

  const std::vector<Term>& terms() const { return terms_; }  // in the order given
  const std::vector<ReleaseClass>& classes() const { return classes_; }
  const std::string& version() const { return version_; }

  const Term* find(std::string_view id) const;
  const ReleaseClass* find_class(std::string_view id) const;

  // A strict ancestor by any path: no term is its own. False for unknown ids.
  bool is_ancestor(std::string_view ancestor, std::string_view id) const;

  // The deepest term that is a or b or an ancestor of each (depth: the longest path from a root; among equals
  // the first in file order), so lca(a, a) is a and lca(parent, child) is parent. Empty if there is none.
  std::string lowest_common_ancestor(std::string_view a, std::string_view b) const;

  // The term that has exactly this name or synonym once both are folded; a preferred name wins over a
  // synonym. Null when nothing has it, or two terms share it (a kana homophone): free text is never mapped by
  // a guess.
  const Term* match_text(std::string_view text) const;

  // Type-ahead over every name in both languages, each term at most once, in this order: recent terms that
  // match (in the order of `recent`, most recent first), exact, prefix of a name, prefix of a word,
  // substring; then, where these leave room, typos at the start of a name or word (Damerau 1964, no part
  // edited twice): 1 from 4 letters, 2 from 8. Within a step preferred names come first, then shorter ones.
  // An empty query gives the recent terms. Under 1 ms for a thousand terms.
  std::vector<Match> search(std::string_view query, std::size_t limit,
                            std::span<const std::string> recent = {}) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename T>
  using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  struct Name {
    std::string text;        // as written
    std::string key;         // folded
    std::u32string letters;  // the key, for distances
    std::uint64_t letter_set = 0;
    std::uint32_t term = 0;
    bool preferred = false;
  };
  struct Owner {  // of a folded name
    std::uint32_t term = 0;
    bool preferred = false;
    bool shared = false;
  };

  static Result<Vocabulary> build(std::vector<Term> terms, std::vector<ReleaseClass> classes,
                                  std::string version, bool from_lines);
  Status check_and_index_classes(bool from_lines);
  Status check_and_index_terms(bool from_lines);
  Status resolve_parents(bool from_lines);
  Error cycle_error(const std::vector<std::size_t>& unresolved, bool from_lines) const;
  void index_names();

  std::vector<Term> terms_;
  std::vector<ReleaseClass> classes_;
  std::string version_;
  ByText<std::uint32_t> term_index_;
  ByText<std::uint32_t> class_index_;
  std::vector<std::vector<std::uint32_t>> ancestors_;  // strict, sorted
  std::vector<int> depth_;
  std::vector<Name> names_;
  ByText<Owner> owners_;
};

}  // namespace hada::contract
