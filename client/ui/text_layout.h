#pragma once

// Text that wraps as both languages want it: English between words; Japanese anywhere except before a closing
// mark (。、」 and the like) or after an opening one. ImGui's own wrapping knows only spaces.

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

namespace hada::ui {

struct Ui;

struct TextStyle {
  ImFont* font = nullptr;  // null: body
  ImU32 colour = 0;        // 0: the palette's text
};

// Pieces of `text` of at most `width`; a word wider than that is broken. '\n' ends a line. Line feeds and the
// spaces at a break are not part of the lines.
std::vector<std::string_view> wrap_text(const ImFont* font, std::string_view text, float width);

ImVec2 text_size(const ImFont* font, std::string_view text);
ImVec2 wrapped_size(const ImFont* font, std::string_view text, float width);

// At a place, without moving ImGui's cursor.
void draw_text(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text);
void draw_wrapped(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                  float width);
// Shortened with "..." where it is wider; returns whether it was.
bool draw_ellipsized(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                     float width);

// At ImGui's cursor, as an item. `width` 0: what is left of the line's width.
void label(Ui& ui, std::string_view text, TextStyle style = {});
void paragraph(Ui& ui, std::string_view text, TextStyle style = {}, float width = 0);

}  // namespace hada::ui
