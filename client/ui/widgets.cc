#include "client/ui/widgets.h"

#include <imgui_internal.h>

#include <algorithm>
#include <utility>

namespace hada::ui {
namespace {

constexpr float kHeight = 36, kSmallHeight = 28, kRounding = 6, kPadding = 14, kSmallPadding = 10,
                kIconSize = 15;

struct Colours {
  ImU32 fill, border, text;
};

Colours button_colours(const Palette& p, const ButtonLook& look, bool hovered, bool held) {
  const ImU32 away = p.dark ? IM_COL32_WHITE : IM_COL32_BLACK;
  const float lift = held ? 0.14f : hovered ? 0.07f : 0.0f;
  if (!look.enabled) {
    if (look.kind == ButtonKind::Quiet) return {0, 0, with_alpha(p.text_faint, 0.8f)};
    return {p.raised, p.line, p.text_faint};
  }
  switch (look.kind) {
    case ButtonKind::Primary:
      return {blend(p.accent, away, lift), 0, p.on_accent};
    case ButtonKind::Danger:
      return {held      ? with_alpha(p.bad, 0.3f)
              : hovered ? with_alpha(p.bad, 0.18f)
                        : with_alpha(p.bad, 0.08f),
              with_alpha(p.bad, 0.7f), p.bad};
    case ButtonKind::Quiet:
      if (look.pressed) return {p.accent_soft, 0, p.accent};
      return {held ? p.line : hovered ? p.hover : 0, 0, hovered ? p.text : p.text_soft};
    case ButtonKind::Secondary:
      break;
  }
  if (look.pressed) return {p.accent_soft, p.accent, p.accent};
  return {held ? p.line : hovered ? p.hover : p.raised, p.line_strong, p.text};
}

void fill_box(ImDrawList* list, ImVec2 min, ImVec2 max, const Colours& colours, float rounding) {
  if (colours.fill) list->AddRectFilled(min, max, colours.fill, rounding);
  if (colours.border) list->AddRect(min, max, colours.border, rounding);
}

// A clickable place; `enabled` false still shows its tooltip.
struct Press {
  ImVec2 min, max;
  bool hovered, held, clicked;
};
Press press(Ui& ui, std::string_view name, ImVec2 size, bool enabled, std::string_view text) {
  ImGui::PushID(name.data(), name.data() + name.size());
  Press p{};
  const bool clicked = ImGui::InvisibleButton("##press", size);
  p.min = ImGui::GetItemRectMin();
  p.max = ImGui::GetItemRectMax();
  p.hovered = enabled && ImGui::IsItemHovered();
  p.held = enabled && ImGui::IsItemActive();
  p.clicked = enabled && clicked;
  if (p.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ImGui::PopID();
  ui.log(name, p.min, p.max, enabled, text);
  return p;
}

}  // namespace

void Ui::log(std::string_view name, ImVec2 min, ImVec2 max, bool enabled, std::string_view text) {
  if (!state.widgets.recording()) return;
  const ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 clip_min = list->GetClipRectMin(), clip_max = list->GetClipRectMax();
  const ImVec2 middle{(min.x + max.x) / 2, (min.y + max.y) / 2};
  const bool inside =
      middle.x > clip_min.x && middle.x < clip_max.x && middle.y > clip_min.y && middle.y < clip_max.y;
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 origin = ImGui::GetMainViewport()->Pos, s = io.DisplayFramebufferScale;
  state.widgets.note(std::string(name),
                     {(min.x - origin.x) * s.x, (min.y - origin.y) * s.y, (max.x - origin.x) * s.x,
                      (max.y - origin.y) * s.y, enabled, inside, std::string(text)});
}

float button_height(const Ui& ui, bool small) { return ui.px(small ? kSmallHeight : kHeight); }

float button_width(const Ui& ui, std::string_view label, const ButtonLook& look) {
  const float padding = ui.px(look.small ? kSmallPadding : kPadding);
  float width = 2 * padding;
  if (!label.empty()) width += text_size(look.small ? ui.small() : ui.body(), label).x;
  if (look.icon) width += ui.px(kIconSize) + (label.empty() ? 0 : ui.px(7));
  if (!look.shortcut.empty()) width += text_size(ui.small(), look.shortcut).x + ui.px(14);
  return width;
}

bool button(Ui& ui, std::string_view name, std::string_view label, const ButtonLook& look) {
  const Palette& p = ui.palette;
  const ImFont* font = look.small ? ui.small() : look.kind == ButtonKind::Primary ? ui.strong() : ui.body();
  ButtonLook measured = look;
  float width = look.width > 0 ? look.width : look.width < 0 ? ImGui::GetContentRegionAvail().x : 0;
  if (width == 0) width = button_width(ui, label, measured) + ui.px(look.kind == ButtonKind::Primary ? 6 : 0);
  const ImVec2 size{std::max(1.0f, width), button_height(ui, look.small)};
  const Press it = press(ui, name, size, look.enabled, label);
  ImDrawList* list = ImGui::GetWindowDrawList();
  Colours colours = button_colours(p, look, it.hovered, it.held);
  if (look.text_colour && look.enabled) colours.text = look.text_colour;
  fill_box(list, it.min, it.max, colours, ui.px(kRounding));

  const float icon = look.icon ? ui.px(kIconSize) : 0;
  const float between = look.icon && !label.empty() ? ui.px(7) : 0;
  const float text = label.empty() ? 0 : text_size(font, label).x;
  const float hint = look.shortcut.empty() ? 0 : text_size(ui.small(), look.shortcut).x + ui.px(14);
  const float middle = (it.min.y + it.max.y) / 2;
  float x = it.min.x + (size.x - icon - between - text) / 2;
  // The text stays centred unless the shortcut needs the room.
  if (hint > 0) x = std::min(x, it.max.x - hint - ui.px(kPadding) / 2 - text - between - icon);
  if (look.icon) draw_icon(list, *look.icon, {x + icon / 2, middle}, icon, colours.text);
  x += icon + between;
  if (!label.empty()) draw_text(list, font, {x, middle - font->FontSize / 2}, colours.text, label);
  if (hint > 0)
    draw_text(list, ui.small(), {it.max.x - hint + ui.px(2), middle - ui.small()->FontSize / 2},
              with_alpha(colours.text, 0.75f), look.shortcut);
  if (!look.tooltip.empty() && ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled))
    tooltip(ui, look.tooltip);
  return it.clicked;
}

bool icon_button(Ui& ui, std::string_view name, Icon icon, std::string_view tip, const ButtonLook& given) {
  ButtonLook look = given;
  look.icon = icon;
  look.tooltip = tip;
  if (look.kind == ButtonKind::Secondary && !given.pressed) look.kind = ButtonKind::Quiet;
  const float side = button_height(ui, look.small);
  if (look.width == 0) look.width = side;
  return button(ui, name, {}, look);
}

int segmented(Ui& ui, std::string_view name, const std::vector<std::string_view>& items, int current,
              const SegmentLook& look) {
  const Palette& p = ui.palette;
  const ImFont* font = look.small ? ui.small() : ui.body();
  const float height = button_height(ui, look.small), padding = ui.px(look.small ? 10 : 14);
  const auto count = static_cast<float>(items.size());
  std::vector<float> widths;
  float natural = 0;
  const auto news_of = [&](size_t i) {
    const size_t count = look.news && i < look.news->size() ? (*look.news)[i] : 0;
    return count == 0 ? std::string() : count > 99 ? std::string("99+") : std::to_string(count);
  };
  const auto news_width = [&](const std::string& news) {
    return news.empty() ? 0 : std::max(ui.px(18), text_size(ui.small(), news).x + ui.px(10));
  };
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string news = news_of(i);
    widths.push_back(text_size(font, items[i]).x + 2 * padding +
                     (news.empty() ? 0 : news_width(news) + ui.px(6)));
    natural += widths.back();
  }
  const float width = look.width > 0   ? look.width
                      : look.width < 0 ? ImGui::GetContentRegionAvail().x
                                       : natural;
  // Equal parts when all fit into one; otherwise each by its text.
  const float equal = width / count;
  const bool all_fit =
      std::all_of(widths.begin(), widths.end(), [&](float w) { return w - 2 * padding + ui.px(8) <= equal; });
  for (float& w : widths) w = look.width != 0 && all_fit ? equal : w + (width - natural) / count;

  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float rounding = ui.px(kRounding);
  list->AddRectFilled(start, {start.x + width, start.y + height}, p.dark ? p.ground : p.hover, rounding);
  list->AddRect(start, {start.x + width, start.y + height}, p.line, rounding);
  int clicked = -1;
  float x = start.x;
  const ImU32 colour = look.colour ? look.colour : p.accent;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, ImGui::GetStyle().ItemSpacing.y});
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) ImGui::SameLine(0, 0);
    const int number = static_cast<int>(i) + look.first_number;
    const std::string item_name = std::string(name) + "." + std::to_string(number);
    const float left = std::round(x), right = std::round(x + widths[i]);
    const Press it = press(ui, item_name, {right - left, height}, look.enabled, items[i]);
    x += widths[i];
    const bool on = static_cast<int>(i) == current;
    const ImVec2 inner_min{it.min.x + 2, it.min.y + 2}, inner_max{it.max.x - 2, it.max.y - 2};
    if (on)
      list->AddRectFilled(inner_min, inner_max, look.enabled ? colour : p.line_strong, rounding - 2);
    else if (it.hovered)
      list->AddRectFilled(inner_min, inner_max, p.hover, rounding - 2);
    const ImU32 text = on ? (look.enabled ? p.on_accent : p.text) : look.enabled ? p.text_soft : p.text_faint;
    const ImVec2 size = text_size(font, items[i]);
    const std::string news = news_of(i);
    const float beside = news.empty() ? 0 : news_width(news) + ui.px(6);
    const float text_x = (it.min.x + it.max.x - size.x - beside) / 2;
    draw_text(list, font, {text_x, (it.min.y + it.max.y - size.y) / 2}, text, items[i]);
    if (!news.empty()) {
      const float tall = ui.px(18), middle = (it.min.y + it.max.y) / 2;
      const ImVec2 from{text_x + size.x + ui.px(6), std::round(middle - tall / 2)};
      const ImVec2 to{from.x + news_width(news), from.y + tall};
      list->AddRectFilled(from, to, p.warn, tall / 2);
      const ImVec2 digits = text_size(ui.small(), news);
      draw_text(list, ui.small(), {(from.x + to.x - digits.x) / 2, middle - digits.y / 2}, p.ground, news);
      ui.log(item_name + ".news", from, to, true, news);
    }
    if (it.clicked) clicked = static_cast<int>(i);
  }
  ImGui::PopStyleVar();
  return clicked;
}

ImVec2 chip_size(const Ui& ui, std::string_view label) {
  return {text_size(ui.small(), label).x + ui.px(20), ui.px(kSmallHeight)};
}

bool chip(Ui& ui, std::string_view name, std::string_view label, bool on, bool enabled) {
  const Palette& p = ui.palette;
  const Press it = press(ui, name, chip_size(ui, label), enabled, label);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float rounding = (it.max.y - it.min.y) / 2;
  Colours colours{it.hovered ? p.hover : 0, p.line_strong, p.text_soft};
  if (on) colours = {p.accent_soft, p.accent, p.dark ? blend(p.accent, p.text, 0.3f) : p.accent};
  if (!enabled) colours = {on ? p.raised : 0, p.line, on ? p.text_soft : p.text_faint};
  fill_box(list, it.min, it.max, colours, rounding);
  const ImVec2 size = text_size(ui.small(), label);
  draw_text(list, ui.small(), {(it.min.x + it.max.x - size.x) / 2, (it.min.y + it.max.y - size.y) / 2},
            colours.text, label);
  return it.clicked;
}

bool check_row(Ui& ui, std::string_view name, std::string_view label, bool on, bool radio) {
  const Palette& p = ui.palette;
  const float width = std::max(ImGui::GetContentRegionAvail().x, text_size(ui.body(), label).x + ui.px(46));
  const Press it = press(ui, name, {width, ui.px(32)}, true, label);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (it.hovered) list->AddRectFilled(it.min, it.max, p.hover, ui.px(kRounding));
  const float middle = (it.min.y + it.max.y) / 2, side = ui.px(16);
  const ImVec2 box{it.min.x + ui.px(10), middle - side / 2};
  const float rounding = radio ? side / 2 : ui.px(4);
  if (on) {
    list->AddRectFilled(box, {box.x + side, box.y + side}, p.accent, rounding);
    if (radio)
      list->AddCircleFilled({box.x + side / 2, middle}, side / 5, p.on_accent, 16);
    else
      draw_icon(list, Icon::Check, {box.x + side / 2, middle}, side * 0.7f, p.on_accent);
  } else {
    list->AddRect(box, {box.x + side, box.y + side}, p.line_strong, rounding);
  }
  draw_text(list, ui.body(), {box.x + side + ui.px(10), middle - ui.body()->FontSize / 2}, p.text, label);
  return it.clicked;
}

ImVec2 badge_size(const Ui& ui, std::string_view text) {
  return {text_size(ui.small(), text).x + ui.px(16), ui.px(22)};
}

void draw_badge(Ui& ui, ImDrawList* list, ImVec2 at, std::string_view text, ImU32 colour) {
  const ImVec2 size = badge_size(ui, text);
  list->AddRectFilled(at, {at.x + size.x, at.y + size.y}, with_alpha(colour, ui.palette.dark ? 0.18f : 0.12f),
                      ui.px(5));
  draw_text(list, ui.small(), {at.x + ui.px(8), at.y + (size.y - ui.small()->FontSize) / 2}, colour, text);
}

void badge(Ui& ui, std::string_view text, ImU32 colour) {
  draw_badge(ui, ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), text, colour);
  ImGui::Dummy(badge_size(ui, text));
}

Flow::Flow(float gap, float width)
    : gap_(gap),
      right_(ImGui::GetCursorScreenPos().x + (width > 0 ? width : ImGui::GetContentRegionAvail().x)) {}

void Flow::next(float item_width) {
  if (x_ >= 0 && x_ + gap_ + item_width <= right_) {
    ImGui::SameLine(0, gap_);
    x_ += gap_ + item_width;
  } else {
    x_ = ImGui::GetCursorScreenPos().x + item_width;
  }
}

namespace {
// Cards nest, so each has channels of its own; kept between frames for their memory.
std::vector<std::unique_ptr<ImDrawListSplitter>>& splitters() {
  static std::vector<std::unique_ptr<ImDrawListSplitter>> kPool;
  return kPool;
}
size_t splitter_depth = 0;

void dashed_box(ImDrawList* list, ImVec2 min, ImVec2 max, ImU32 colour, float dash) {
  const auto line = [&](ImVec2 a, ImVec2 b) {
    const float length = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
    for (float s = 0; s < length; s += 2 * dash) {
      const float t0 = s / length, t1 = std::min(length, s + dash) / length;
      list->AddLine({a.x + (b.x - a.x) * t0, a.y + (b.y - a.y) * t0},
                    {a.x + (b.x - a.x) * t1, a.y + (b.y - a.y) * t1}, colour);
    }
  };
  line({min.x, min.y}, {max.x, min.y});
  line({max.x, min.y}, {max.x, max.y});
  line({max.x, max.y}, {min.x, max.y});
  line({min.x, max.y}, {min.x, min.y});
}
}  // namespace

Card::Card(Ui& ui, const Look& look)
    : ui_(ui), look_(look), start_(ImGui::GetCursorScreenPos()), width_(ImGui::GetContentRegionAvail().x) {
  auto& pool = splitters();
  if (splitter_depth == pool.size()) pool.push_back(std::make_unique<ImDrawListSplitter>());
  ImDrawListSplitter& splitter = *pool[splitter_depth++];
  splitter.Split(ImGui::GetWindowDrawList(), 2);
  splitter.SetCurrentChannel(ImGui::GetWindowDrawList(), 1);
  const float padding = ui.px(look_.padding);
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  window->ContentRegionRect.Max.x -= padding;
  window->WorkRect.Max.x -= padding;
  ImGui::SetCursorScreenPos({start_.x, start_.y + padding});
  ImGui::Indent(padding);
}

Card::~Card() {
  const float padding = ui_.px(look_.padding);
  ImGui::Unindent(padding);
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  window->ContentRegionRect.Max.x += padding;
  window->WorkRect.Max.x += padding;
  const ImVec2 end{start_.x + width_,
                   ImGui::GetCursorScreenPos().y - ImGui::GetStyle().ItemSpacing.y + padding};
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImDrawListSplitter& splitter = *splitters()[--splitter_depth];
  splitter.SetCurrentChannel(list, 0);
  const float rounding = ui_.px(8);
  list->AddRectFilled(start_, end, look_.fill ? look_.fill : ui_.palette.raised, look_.dashed ? 0 : rounding);
  if (look_.dashed)
    dashed_box(list, start_, end, look_.border ? look_.border : ui_.palette.line_strong, ui_.px(4));
  else if (look_.border)
    list->AddRect(start_, end, look_.border, rounding);
  if (look_.edge)
    list->AddRectFilled(start_, {start_.x + ui_.px(3), end.y}, look_.edge, rounding,
                        ImDrawFlags_RoundCornersLeft);
  splitter.Merge(list);
  ImGui::SetCursorScreenPos(start_);
  ImGui::Dummy({width_, end.y - start_.y});
}

void section(Ui& ui, std::string_view title, std::string_view right) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_text(list, ui.strong(), at, ui.palette.text, title);
  if (!right.empty())
    draw_text(list, ui.small(),
              {at.x + width - text_size(ui.small(), right).x,
               at.y + (ui.strong()->FontSize - ui.small()->FontSize) / 2},
              ui.palette.text_soft, right);
  ImGui::Dummy({width, ui.strong()->FontSize});
}

void gap(Ui& ui, float length) {
  ImGui::Dummy({0, std::max(0.0f, ui.px(length) - ImGui::GetStyle().ItemSpacing.y)});
}

void hairline(Ui& ui) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::GetWindowDrawList()->AddLine(at, {at.x + width, at.y}, ui.palette.line);
  ImGui::Dummy({width, 1});
}

void notice(Ui& ui, Icon icon, ImU32 colour, std::string_view text, float width) {
  ui.shown(text);
  if (width <= 0) width = ImGui::GetContentRegionAvail().x;
  const float padding = ui.px(10), inset = ui.px(36);
  const ImVec2 size = wrapped_size(ui.small(), text, width - inset - padding);
  const ImVec2 at = ImGui::GetCursorScreenPos(),
               end{at.x + width, at.y + std::max(size.y, ui.px(18)) + 2 * padding};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, end, with_alpha(colour, ui.palette.dark ? 0.14f : 0.10f), ui.px(kRounding));
  draw_icon(list, icon, {at.x + ui.px(18), at.y + padding + ui.small()->FontSize / 2}, ui.px(15), colour);
  draw_wrapped(list, ui.small(), {at.x + inset, at.y + padding}, ui.palette.text, text,
               width - inset - padding);
  ImGui::Dummy({width, end.y - at.y});
}

void tooltip(Ui& ui, std::string_view text) {
  ui.shown(text);
  const float width = std::min(wrapped_size(ui.small(), text, ui.px(320)).x, ui.px(320));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(10), ui.px(7)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(kRounding));
  ImGui::BeginTooltip();
  paragraph(ui, text, {ui.small(), ui.palette.text}, std::max(1.0f, width));
  ImGui::EndTooltip();
  ImGui::PopStyleVar(2);
}

void empty_state(Ui& ui, Icon icon, std::string_view title, std::string_view hint,
                 const std::function<void()>& action) {
  const ImVec2 room = ImGui::GetContentRegionAvail(), start = ImGui::GetCursorScreenPos();
  const float width = std::min(room.x - ui.px(32), ui.px(460));
  const ImVec2 title_size = wrapped_size(ui.heading(), title, width),
               hint_size = wrapped_size(ui.body(), hint, width);
  const float total = ui.px(64) + title_size.y + ui.px(6) + hint_size.y + (action ? ui.px(56) : 0);
  float y = start.y + std::max(ui.px(16), (room.y - total) / 2);
  const float middle = start.x + room.x / 2;
  ImDrawList* list = ImGui::GetWindowDrawList();
  draw_icon(list, icon, {middle, y + ui.px(22)}, ui.px(40), ui.palette.text_faint);
  y += ui.px(64);
  const auto centred = [&](const ImFont* font, std::string_view text, ImU32 colour) {
    for (const std::string_view line : wrap_text(font, text, width)) {
      draw_text(list, font, {middle - text_size(font, line).x / 2, y}, colour, line);
      y += font->FontSize;
    }
  };
  centred(ui.heading(), title, ui.palette.text);
  y += ui.px(6);
  centred(ui.body(), hint, ui.palette.text_soft);
  if (!action) return;
  ImGui::SetCursorScreenPos({middle - ui.px(90), y + ui.px(18)});
  action();
}

void spinner(Ui& ui, ImDrawList* list, ImVec2 centre, float radius, ImU32 colour) {
  const auto turn = static_cast<float>(std::fmod(ImGui::GetTime(), 1.0)) * 6.2832f;
  list->PathArcTo(centre, radius, turn, turn + 4.4f, 24);
  list->PathStroke(colour, 0, std::max(1.5f, radius / 5));
  ui.state.animating = true;
}

Region::Region(Ui& ui, const char* id, ImVec2 min, ImVec2 max, ImU32 ground, ImVec2 padding, bool scrolls) {
  (void)ui;
  ImGui::SetNextWindowPos(min);
  ImGui::SetNextWindowSize({std::max(1.0f, max.x - min.x), std::max(1.0f, max.y - min.y)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ground);
  ImGuiWindowFlags flags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                           ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings |
                           ImGuiWindowFlags_NoBringToFrontOnFocus |
                           ImGuiWindowFlags_NoNavFocus;  // Tab still works
  if (!scrolls) flags |= ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  if (ground == 0) flags |= ImGuiWindowFlags_NoBackground;
  ImGui::Begin(id, nullptr, flags);
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
}

Region::~Region() { ImGui::End(); }

}  // namespace hada::ui
