#pragma once

// How two spellings of one name are compared: folding, and the distance between what was typed and a name.
// Internal to the vocabulary; `fold_name` in vocabulary.h is the public part. Pure, any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace hada::contract {

// UTF-8 from code points.
std::string encode_utf8(std::u32string_view text);

// The folded code points of a name (see fold_name for what is folded).
std::u32string fold_letters(std::string_view name);

// Which letters occur, as a set of 64 bits: a cheap bound before the distance is computed.
std::uint64_t letter_set(std::u32string_view letters);

// How many of the query's letters are not in the set; counts no further than limit + 1.
int lacking(std::u32string_view query, std::uint64_t set, int limit);

// The least edit distance at which the query begins the name or one of its words; above `limit` any larger
// number may be returned.
int typo_distance(std::u32string_view query, std::u32string_view name, int limit);

}  // namespace hada::contract
