#pragma once

// Small text helpers of the contract. ASCII case only: Japanese has none.

#include <cstddef>
#include <string>
#include <string_view>

namespace hada::contract {

std::string ascii_lower(std::string_view text);

// Without spaces, tabs, line ends and ideographic spaces (U+3000) at either end.
std::string_view trim(std::string_view text);

// Well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
bool is_utf8(std::string_view text);

// Code points; `text` must be UTF-8.
size_t utf8_length(std::string_view text);

// True for C0 and C1 control characters other than tab and line feed; `text` must be UTF-8.
bool has_control_characters(std::string_view text);

// For a report on a terminal: control characters and broken UTF-8 replaced by '?', line feeds by a space, at
// most `max_length` code points, "..." where it was cut.
std::string printable(std::string_view text, size_t max_length = 80);

// A relative path with '/' between its parts that stays below where it starts: no empty, "." or ".." part, no
// backslash, no drive letter, no NUL. A leading "./" is allowed.
bool is_safe_relative_path(std::string_view path);

// The path without a leading "./".
std::string_view without_dot(std::string_view path);

}  // namespace hada::contract
