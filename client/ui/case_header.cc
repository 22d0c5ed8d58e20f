#include <algorithm>
#include <cmath>
#include <cstdio>

#include "client/ui/format.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kRow = 52, kMargin = 12;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

// Everything a blind reader may know, in one line that wraps.
std::string context_line(const Ui& ui, const model::ClinicalContext& c) {
  const Language language = ui.language;
  std::string line;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!line.empty()) line += "  ·  ";
    line += part;
  };
  if (c.age >= 0) add(ui.f(Text::ContextAge, {std::to_string(c.age)}));
  add(i18n::word(c.sex, language));
  if (!c.anatom_site.empty()) {
    std::string site(i18n::body_site(c.anatom_site, language));
    if (!c.laterality.empty()) {
      const std::string_view side = i18n::word(c.laterality, language);
      site +=
          language == Language::Japanese ? "（" + std::string(side) + "）" : " (" + std::string(side) + ")";
    }
    add(site);
  } else {
    add(i18n::word(c.laterality, language));
  }
  add(i18n::word(c.distribution, language));
  if (c.clin_size_long_diam_mm > 0) add(ui.f(Text::ContextDiameter, {number(c.clin_size_long_diam_mm)}));
  if (!c.fitzpatrick.empty()) add(ui.f(Text::ContextFitzpatrick, {c.fitzpatrick}));
  if (!c.duration.empty()) add(ui.f(Text::ContextDuration, {c.duration}));
  if (!c.symptoms.empty()) add(ui.f(Text::ContextSymptoms, {c.symptoms}));
  return line.empty() ? ui.t(Text::ContextNone) : line;
}

std::string trouble_line(const Ui& ui, const model::Case& value) {
  std::string line;
  if (value.pending_images > 0) line = ui.f(Text::ImagesPending, {std::to_string(value.pending_images)});
  if (value.refused_images > 0) {
    if (!line.empty()) line += "  ·  ";
    line += ui.f(Text::ImagesRefused, {std::to_string(value.refused_images)});
  }
  return line;
}

// "Dr. Doi has this case open": in the middle of the head, with all names in the tooltip.
void presence(Ui& ui, float left, float right, float middle) {
  const std::vector<std::string>& others = ui.model.open_case->present;
  if (others.empty()) return;
  const std::string text =
      others.size() == 1
          ? ui.f(Text::LivePresent, {ui.shown(others.front())})
          : ui.f(Text::LivePresentMany, {ui.shown(others.front()), std::to_string(others.size() - 1)});
  const float icon = ui.px(16), inset = ui.px(10);
  const float wanted = text_size(ui.small(), text).x + icon + 3 * inset;
  const float width = std::min(wanted, right - left);
  if (width < icon + 2 * inset) return;
  const ImVec2 min{std::round(right - width), std::round(middle - ui.px(13))};
  const ImVec2 max{right, min.y + ui.px(26)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, with_alpha(ui.palette.warn, ui.palette.dark ? 0.18f : 0.12f), ui.px(13));
  draw_icon(list, Icon::Person, {min.x + inset + icon / 2, middle}, icon, ui.palette.warn);
  draw_ellipsized(list, ui.small(), {min.x + icon + 1.5f * inset, middle - ui.small()->FontSize / 2},
                  ui.palette.warn, text, width - icon - 2.5f * inset);
  ui.log("case.presence", min, max, true, text);
  if (!ImGui::IsMouseHoveringRect(min, max)) return;
  std::string names;
  for (const std::string& name : others) {
    if (!names.empty()) names += ui.language == Language::Japanese ? "、" : ", ";
    names += ui.shown(name);
  }
  tooltip(ui, ui.f(Text::LivePresentHint, {names}));
}

}  // namespace

float case_header_height(Ui& ui, float width) {
  const model::OpenCase& open = *ui.model.open_case;
  float height = ui.px(kRow);
  if (!open.value) return height;
  const float room = width - ui.px(2 * kMargin + 8);
  height += wrapped_size(ui.body(), ui.shown(context_line(ui, open.value->context)), room).y + ui.px(10);
  const std::string trouble = trouble_line(ui, *open.value);
  if (!trouble.empty()) height += wrapped_size(ui.small(), trouble, room).y;
  return height;
}

void case_header(Ui& ui, const Rect& rect) {
  const Region region(ui, "case_header", rect.min, rect.max, ui.palette.panel);
  const model::OpenCase& open = *ui.model.open_case;
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({rect.min.x, rect.max.y - 1}, {rect.max.x, rect.max.y - 1}, p.line);
  const float side = button_height(ui, false), middle = rect.min.y + ui.px(kRow) / 2;
  const float top = std::round(middle - side / 2);

  float x = rect.min.x + ui.px(kMargin);
  ImGui::SetCursorScreenPos({x, top});
  const ButtonLook back{.kind = ButtonKind::Quiet, .icon = Icon::ArrowLeft};
  if (button(ui, "case.back", ui.t(Text::BackToWorklist), back)) ui.wish(model::intent::CloseCase{});
  x += button_width(ui, ui.t(Text::BackToWorklist), back) + ui.px(8);
  list->AddLine({x, middle - ui.px(12)}, {x, middle + ui.px(12)}, p.line_strong);
  x += ui.px(16);

  const std::string title = ui.f(Text::CaseTitle, {model::id_of(open.name)});
  const float right = rect.max.x - ui.px(kMargin) - 2 * side - ui.px(4);
  const std::string_view state = open.value ? ui.t(i18n::text_of(open.value->state)) : "";
  const float badge_room = open.value ? badge_size(ui, state).x + ui.px(12) : 0;
  const float title_room = std::max(ui.px(60), right - x - side - badge_room - ui.px(16));
  draw_ellipsized(list, ui.strong(), {x, middle - ui.strong()->FontSize / 2}, p.text, title, title_room);
  x += std::min(title_room, text_size(ui.strong(), title).x) + ui.px(4);
  ImGui::SetCursorScreenPos({x, std::round(middle - button_height(ui, true) / 2)});
  if (icon_button(ui, "case.copy_id", Icon::Copy, ui.t(Text::Copy), {.small = true}))
    ui.wish(model::intent::CopyText{model::id_of(open.name)});
  x += button_height(ui, true) + ui.px(8);
  if (open.value) {
    draw_badge(ui, list, {x, std::round(middle - badge_size(ui, state).y / 2)}, state,
               colour_of(p, open.value->state));
    x += badge_size(ui, state).x + ui.px(16);
  }
  presence(ui, x, right - ui.px(12), middle);

  ImGui::SetCursorScreenPos({right, top});
  const size_t count = ui.model.worklist.row_count(), at = ui.model.worklist.selected;
  if (icon_button(ui, "case.previous", Icon::ArrowUp, ui.t(Text::Previous), {.enabled = count > 0 && at > 0}))
    ui.wish(model::intent::OpenNeighbour{-1});
  ImGui::SetCursorScreenPos({right + side + ui.px(4), top});
  if (icon_button(ui, "case.next", Icon::ArrowDown, ui.t(Text::Next), {.enabled = at + 1 < count}))
    ui.wish(model::intent::OpenNeighbour{1});

  if (!open.value) return;
  const float left = rect.min.x + ui.px(kMargin + 4), room = rect.width() - ui.px(2 * kMargin + 8);
  float y = rect.min.y + ui.px(kRow) - ui.px(4);
  const std::string context = context_line(ui, open.value->context);
  draw_wrapped(list, ui.body(), {left, y}, p.text_soft, context, room);
  y += wrapped_size(ui.body(), context, room).y;
  const std::string trouble = trouble_line(ui, *open.value);
  if (!trouble.empty()) draw_wrapped(list, ui.small(), {left, y}, p.warn, trouble, room);
}

}  // namespace hada::ui
