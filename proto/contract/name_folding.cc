#include "contract/name_folding.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace hada::contract {
namespace {

// ---- Folding ----

constexpr char32_t kMalformed = 0xFFFD;

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xE0) == 0xC0 ? 2
                               : (lead & 0xF0) == 0xE0 ? 3
                               : (lead & 0xF8) == 0xF0 ? 4
                                                       : 0;
    char32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    bool whole = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; whole && k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      whole = (next & 0xC0) == 0x80;
      code = (code << 6) | (next & 0x3Fu);
    }
    out.push_back(whole ? code : kMalformed);
    i += whole ? length : 1;
  }
  return out;
}

}  // namespace

std::string encode_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

namespace {

constexpr char32_t kDakuten = 0x3099;
constexpr char32_t kHandakuten = 0x309A;

// One code point to its folded form; 0 means "leave it out".
char32_t fold_letter(char32_t c) {
  static constexpr std::u32string_view kHalfWidthKana =
      U"をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよら"
      U"りるれろわん";
  static_assert(kHalfWidthKana.size() == 0xFF9D - 0xFF66 + 1);
  static constexpr std::string_view kLatin1 =
      "aaaaaaaceeeeiiiidnooooo ouuuuyts";  // U+00E0 - U+00FF, and capitals
  // Characters that Japanese keyboards, fonts and guidelines write in two ways.
  static constexpr std::array<std::pair<char32_t, char32_t>, 9> kVariants = {{{U'囊', U'嚢'},
                                                                              {U'頚', U'頸'},
                                                                              {U'掻', U'瘙'},
                                                                              {U'搔', U'瘙'},
                                                                              {U'庖', U'疱'},
                                                                              {U'皻', U'皶'},
                                                                              {U'彎', U'弯'},
                                                                              {U'鈎', U'鉤'},
                                                                              {U'蝿', U'蠅'}}};

  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width ASCII
  if (c < 0x80) {
    if (c >= 'A' && c <= 'Z') return c + 0x20;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c == '+' || c == '&' || c == '%')
      return c;
    return c == '`' ? U'\'' : U' ';
  }
  if (c >= 0xC0 && c <= 0xFF) return c == 0xDF ? U's' : static_cast<char32_t>(kLatin1[(c - 0xC0) % 32]);
  if (c == 0x2018 || c == 0x2019 || c == 0x02BC) return U'\'';
  if (c == 0x00A0 || (c >= 0x2000 && c <= 0x200A) || (c >= 0x2010 && c <= 0x2015) || c == 0x2212) return U' ';
  if (c >= 0x0300 && c <= 0x036F) return 0;                      // combining accents
  if ((c >= 0x200B && c <= 0x200D) || c == 0xFEFF) return 0;     // zero width
  if (c >= 0x3000 && c <= 0x3002) return U' ';                   // full-width space and stops
  if ((c >= 0x3008 && c <= 0x3011) || c == 0x301C) return U' ';  // brackets, wave dash
  if (c == 0x30FB || c == 0xFF65) return U' ';                   // middle dot
  if (c >= 0x30A1 && c <= 0x30F6) return c - 0x60;               // katakana
  if (c >= 0xFF66 && c <= 0xFF9D) return kHalfWidthKana[c - 0xFF66];
  if (c == 0xFF9E) return kDakuten;
  if (c == 0xFF9F) return kHandakuten;
  for (const auto& [from, to] : kVariants)
    if (c == from) return to;
  return c;
}

// A voicing mark that follows its kana (half-width or decomposed text) joins it, where the pair exists.
bool join_voicing_mark(char32_t& kana, char32_t mark) {
  const bool h_row = kana >= U'は' && kana <= U'ほ' && (kana - U'は') % 3 == 0;
  if (mark == kHandakuten) {
    if (h_row) kana += 2;
    return h_row;
  }
  if (kana == U'う') {
    kana = U'ゔ';
    return true;
  }
  const bool k_to_ti = kana >= U'か' && kana <= U'ち' && (kana - U'か') % 2 == 0;
  const bool tu_to_to = kana == U'つ' || kana == U'て' || kana == U'と';
  if (k_to_ti || tu_to_to || h_row) ++kana;
  return k_to_ti || tu_to_to || h_row;
}

bool is_latin(char32_t c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::u32string fold_letters(std::string_view name) {
  std::u32string folded;
  for (const char32_t raw : decode_utf8(name)) {
    const char32_t c = fold_letter(raw);
    if (c == 0) continue;
    if ((c == kDakuten || c == kHandakuten) && !folded.empty() && join_voicing_mark(folded.back(), c))
      continue;
    folded.push_back(c);
  }

  std::u32string out;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const char32_t c = folded[i];
    if (c == U'\'') {  // "Bowen's disease" is "Bowen disease"; any other apostrophe just goes
      const bool possessive = i + 1 < folded.size() && folded[i + 1] == U's' &&
                              (i + 2 == folded.size() || !is_latin(folded[i + 2])) && !out.empty() &&
                              out.back() != U' ';
      if (possessive) ++i;
    } else if (c != U' ' || (!out.empty() && out.back() != U' ')) {
      out.push_back(c);
    }
  }
  while (!out.empty() && out.back() == U' ') out.pop_back();
  return out;
}

namespace {

// A set of letters as a bit mask; two letters may share a bit, which only ever lets a name pass the filter.
std::uint64_t letter_bit(char32_t c) { return std::uint64_t{1} << (is_latin(c) ? c - U'a' : 26 + c % 38); }

}  // namespace

std::uint64_t letter_set(std::u32string_view letters) {
  std::uint64_t set = 0;
  for (const char32_t c : letters) set |= letter_bit(c);
  return set;
}

// How many letters of the query are not in the set; stops counting above limit.
int lacking(std::u32string_view query, std::uint64_t set, int limit) {
  int count = 0;
  for (std::size_t i = 0; i < query.size() && count <= limit; ++i) count += (set & letter_bit(query[i])) == 0;
  return count;
}

namespace {

// Optimal string alignment distance between query and the best prefix of name, or limit + 1 when it is more
// than limit. Only the diagonal band that can stay within the limit is computed.
int prefix_distance(std::u32string_view query, std::u32string_view name, int limit) {
  constexpr int kLongestQuery = 64;
  const int m = static_cast<int>(query.size());
  const int n = std::min(static_cast<int>(name.size()), m + limit);
  if (m > kLongestQuery || n < m - limit) return limit + 1;
  std::array<std::array<int, kLongestQuery + 4>, 3>
      rows;  // only the band is written, and one cell on each side
  for (int j = 0; j <= std::min(n, limit) + 1; ++j) rows[0][static_cast<std::size_t>(j)] = j;
  int least = 0, least_above = 0;
  for (int i = 1; i <= m; ++i) {
    auto& row = rows[static_cast<std::size_t>(i % 3)];
    const auto& above = rows[static_cast<std::size_t>((i + 2) % 3)];
    const auto& above2 = rows[static_cast<std::size_t>((i + 1) % 3)];
    const int first = std::max(1, i - limit), last = std::min(n, i + limit);
    least_above = std::exchange(least, first == 1 ? i : limit + 1);
    row[static_cast<std::size_t>(first - 1)] = least;
    for (int j = first; j <= last; ++j) {
      const auto at = static_cast<std::size_t>(j);
      const char32_t q = query[static_cast<std::size_t>(i - 1)], c = name[at - 1];
      int d = std::min({above[at - 1] + (q == c ? 0 : 1), above[at] + 1, row[at - 1] + 1});
      if (i > 1 && j > 1 && q == name[at - 2] && query[static_cast<std::size_t>(i - 2)] == c)
        d = std::min(d, above2[at - 2] + 1);
      row[at] = d;
      least = std::min(least, d);
    }
    row[static_cast<std::size_t>(last + 1)] = limit + 1;
    // A transposition looks two rows back, so it takes two hopeless rows to give up.
    if (least > limit && least_above > limit) return limit + 1;
  }
  return std::min(least, limit + 1);
}

}  // namespace

// The least distance at which query begins the name or one of its words.
int typo_distance(std::u32string_view query, std::u32string_view name, int limit) {
  int best = prefix_distance(query, name, limit);
  for (std::size_t space = name.find(U' '); best > 1 && space != std::u32string_view::npos;
       space = name.find(U' ', space + 1))
    best = std::min(best, prefix_distance(query, name.substr(space + 1), limit));
  return best;
}

}  // namespace hada::contract
