#include "client/ui/text_layout.h"

#include <imgui_internal.h>

#include <algorithm>

#include "client/ui/frame.h"

namespace hada::ui {
namespace {

bool contains(std::u32string_view set, unsigned code) {
  return set.find(static_cast<char32_t>(code)) != set.npos;
}

// Kinsoku shori (JIS X 4051): characters that must not begin or end a line.
bool must_not_begin(unsigned c) {
  return contains(
      U"、。，．・：；？！」』）］｝】〉》〕〟’”ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…％‰.,:;?!)]}"
      U"%",
      c);
}
bool must_not_end(unsigned c) { return contains(U"「『（［｛【〈《〔‘“([{", c); }

bool is_square(unsigned c) { return c >= 0x2E80; }

}  // namespace

std::vector<std::string_view> wrap_text(const ImFont* font, std::string_view text, float width) {
  std::vector<std::string_view> lines;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* line = begin;
  const char* last_break = nullptr;  // the latest place where this line may end
  float x = 0;
  unsigned previous = 0;
  const char* at = begin;
  while (at < end) {
    unsigned code = 0;
    const int length = std::max(1, ImTextCharFromUtf8(&code, at, end));
    if (code == '\n') {
      lines.emplace_back(line, static_cast<size_t>(at - line));
      line = at += length;
      last_break = nullptr;
      x = 0;
      previous = 0;
      continue;
    }
    if (at > line) {
      const bool after_space = previous == ' ' || previous == 0x3000;
      const bool between_squares = (is_square(code) || is_square(previous)) && !must_not_begin(code) &&
                                   !must_not_end(previous) && code != ' ';
      if (after_space || between_squares) last_break = at;
    }
    const float advance = font->GetCharAdvance(static_cast<ImWchar>(code));
    if (x + advance > width && at > line && code != ' ') {
      const char* next = last_break ? last_break : at;
      const char* stop = next;
      while (stop > line && stop[-1] == ' ') --stop;
      lines.emplace_back(line, static_cast<size_t>(stop - line));
      line = next;
      at = next;
      last_break = nullptr;
      x = 0;
      previous = 0;
      continue;
    }
    x += advance;
    previous = code;
    at += length;
  }
  lines.emplace_back(line, static_cast<size_t>(end - line));
  return lines;
}

ImVec2 text_size(const ImFont* font, std::string_view text) {
  if (text.empty()) return {0, font->FontSize};
  ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size());
  size.x = std::ceil(size.x);
  return size;
}

ImVec2 wrapped_size(const ImFont* font, std::string_view text, float width) {
  ImVec2 size{0, 0};
  for (const std::string_view line : wrap_text(font, text, width)) {
    size.x = std::max(size.x, text_size(font, line).x);
    size.y += font->FontSize;
  }
  return size;
}

void draw_text(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text) {
  list->AddText(font, font->FontSize, {std::round(at.x), std::round(at.y)}, colour, text.data(),
                text.data() + text.size());
}

void draw_wrapped(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                  float width) {
  for (const std::string_view line : wrap_text(font, text, width)) {
    draw_text(list, font, at, colour, line);
    at.y += font->FontSize;
  }
}

bool draw_ellipsized(ImDrawList* list, const ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
                     float width) {
  if (text_size(font, text).x <= width) {
    draw_text(list, font, at, colour, text);
    return false;
  }
  const float room = width - 3 * font->GetCharAdvance('.');
  const char* const end = text.data() + text.size();
  const char* stop = text.data();
  float x = 0;
  while (stop < end) {
    unsigned code = 0;
    const int length = std::max(1, ImTextCharFromUtf8(&code, stop, end));
    x += font->GetCharAdvance(static_cast<ImWchar>(code));
    if (x > room) break;
    stop += length;
  }
  std::string shortened(text.data(), static_cast<size_t>(stop - text.data()));
  shortened += "...";
  draw_text(list, font, at, colour, shortened);
  return true;
}

void label(Ui& ui, std::string_view text, TextStyle style) {
  ui.shown(text);
  const ImFont* font = style.font ? style.font : ui.body();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_text(ImGui::GetWindowDrawList(), font, at, style.colour ? style.colour : ui.palette.text, text);
  ImGui::Dummy(text_size(font, text));
}

void paragraph(Ui& ui, std::string_view text, TextStyle style, float width) {
  ui.shown(text);
  const ImFont* font = style.font ? style.font : ui.body();
  if (width <= 0) width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_wrapped(ImGui::GetWindowDrawList(), font, at, style.colour ? style.colour : ui.palette.text, text,
               width);
  ImGui::Dummy(wrapped_size(font, text, width));
}

}  // namespace hada::ui
