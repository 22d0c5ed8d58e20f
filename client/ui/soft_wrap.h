#pragma once

// Soft line breaks inside an editable text: ImGui's multi-line field does not wrap, so breaks marked with a
// zero-width space are put in for showing and taken out of what is kept. Pure.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hada::ui {

// U+200B and a line feed.
inline constexpr std::string_view kSoftBreak = "\xE2\x80\x8B\n";

std::string without_soft_breaks(std::string_view shown);

// Byte positions in the kept text and in the shown one.
size_t kept_position(std::string_view shown, size_t shown_position);
size_t shown_position(std::string_view shown, size_t kept_position);

// `wrap` gives the lines of one paragraph as views into it (text_layout.h's wrap_text).
using WrapParagraph = std::function<std::vector<std::string_view>(std::string_view)>;
std::string with_soft_breaks(std::string_view kept, const WrapParagraph& wrap);

}  // namespace hada::ui
