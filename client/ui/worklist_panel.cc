#include <algorithm>
#include <array>

#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"
#include "client/ui/worklist_tools.h"

namespace hada::ui {
namespace {

using model::CaseRow;

constexpr float kRowHeight = 64, kThumbnail = 48, kMargin = 20;
constexpr size_t kThumbnails = 4;

// Left edges of the columns, from the panel's left; the widths follow from them.
struct Columns {
  float images, name, patient, state, reads, diagnosis, updated, end;
  bool shows_reads;
};

Columns columns_for(const Ui& ui, float width) {
  const bool reads = ui.model.worklist.filter.view != WorklistView::ToRead;
  Columns c{};
  c.shows_reads = reads;
  c.images = ui.px(kMargin);
  c.name = c.images + ui.px((kThumbnail + 6) * kThumbnails + 38);
  const float rest = width - c.name - ui.px(kMargin);
  // Shares of what is left: case, patient, state, reads, diagnosis, updated.
  const std::array<float, 6> with_reads{0.21f, 0.20f, 0.15f, 0.07f, 0.25f, 0.12f};
  const std::array<float, 6> blind{0.28f, 0.34f, 0.22f, 0, 0, 0.16f};
  const auto& share = reads ? with_reads : blind;
  c.patient = c.name + rest * share[0];
  c.state = c.patient + rest * share[1];
  c.reads = c.state + rest * share[2];
  c.diagnosis = c.reads + rest * share[3];
  c.updated = c.diagnosis + rest * share[4];
  c.end = width - ui.px(kMargin);
  return c;
}

template <typename E>
void toggle(std::vector<E>& set, E value) {
  if (std::erase(set, value) == 0) set.push_back(value);
}

// "State: 2 selected ▾" with the choices in a popup.
template <typename E>
void filter_button(Ui& ui, std::string_view name, Text title, const std::vector<E>& choices,
                   std::vector<E> model::WorklistFilter::*member) {
  const model::WorklistFilter& now = ui.model.worklist.filter;
  const std::vector<E>& chosen = now.*member;
  std::string text = std::string(ui.t(title)) + (ui.language == Language::Japanese ? "：" : ": ");
  if (chosen.empty())
    text += ui.t(Text::FilterAny);
  else if (chosen.size() == 1)
    text += ui.t(i18n::text_of(chosen.front()));
  else
    text += ui.f(Text::FilterCount, {std::to_string(chosen.size())});
  ImGui::PushID(name.data(), name.data() + name.size());
  if (button(ui, name, text, {.icon = Icon::ChevronDown, .small = true, .pressed = !chosen.empty()}))
    ImGui::OpenPopup("choices");
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(8), ui.px(8)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(2)});
  if (ImGui::BeginPopup("choices")) {
    for (const E value : choices) {
      const bool on = std::find(chosen.begin(), chosen.end(), value) != chosen.end();
      const std::string item = std::string(name) + "." + std::to_string(static_cast<int>(value));
      if (check_row(ui, item, ui.t(i18n::text_of(value)), on)) {
        model::WorklistFilter filter = now;
        toggle(filter.*member, value);
        ui.wish(model::intent::SetFilter{std::move(filter)});
      }
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
  ImGui::PopID();
}

// How much of what is held ahead can be read without a network; its right end and middle.
void held_cases(Ui& ui, ImVec2 at) {
  const model::Ahead& ahead = ui.model.ahead;
  if (ahead.cases.empty()) return;
  const std::string ready = std::to_string(ahead.ready());
  const std::string text = ahead.ready() == ahead.cases.size()
                               ? ui.f(Text::HeldReady, {ready})
                               : ui.f(Text::HeldFetching, {ready, std::to_string(ahead.cases.size())});
  const ImVec2 size = text_size(ui.small(), text);
  const ImVec2 min{at.x - size.x, at.y - size.y / 2};
  draw_text(ImGui::GetWindowDrawList(), ui.small(), min, ui.palette.text_soft, text);
  ui.log("worklist.held", min, {at.x, min.y + size.y}, true, text);
}

void tool_row(Ui& ui, float width) {
  const model::Worklist& list = ui.model.worklist;
  const float top = ImGui::GetCursorScreenPos().y;
  const float left = ImGui::GetCursorScreenPos().x;

  const std::vector<WorklistView> views = model::views_for(*ui.model.session.user);
  std::vector<std::string_view> names;
  std::vector<size_t> news;
  int current = -1;
  for (size_t i = 0; i < views.size(); ++i) {
    names.push_back(ui.t(i18n::text_of(views[i])));
    const auto arrived = ui.model.live.arrived.find(views[i]);
    news.push_back(arrived == ui.model.live.arrived.end() ? 0 : arrived->second.size());
    if (views[i] == list.filter.view) current = static_cast<int>(i);
  }
  const int picked = segmented(ui, "worklist.view", names, current, {.news = &news});
  if (picked >= 0) {
    model::WorklistFilter filter;
    filter.view = views[static_cast<size_t>(picked)];
    ui.state.worklist.scroll_to_selected = true;
    ui.wish(model::intent::SetFilter{filter});
  }

  if (list.filter.view == WorklistView::ToApprove) {
    const ButtonLook look{.icon = Icon::Grid, .tooltip = ui.t(Text::SampleButtonHint)};
    const float needed = button_width(ui, ui.t(Text::SampleButton), look) + ui.px(12);
    const float next = ui.model.session.has(Role::Dermatologist)
                           ? button_width(ui, ui.t(Text::NextCase), {.icon = Icon::ArrowRight}) + ui.px(24)
                           : 0;
    ImGui::SetCursorScreenPos({left + width - needed - next, top});
    if (button(ui, "worklist.sample", ui.t(Text::SampleButton), look)) ui.wish(model::intent::OpenSample{});
  }
  if (ui.model.session.has(Role::Dermatologist)) {
    const ButtonLook look{
        .kind = ButtonKind::Primary,
        .icon = Icon::ArrowRight,
        .enabled = !ui.model.claiming_next &&
                   (ui.model.connection.link != model::Link::Lost || ui.model.ahead.ready() > 0)};
    const float needed = button_width(ui, ui.t(Text::NextCase), look) + ui.px(12);
    ImGui::SetCursorScreenPos({left + width - needed, top});
    if (button(ui, "worklist.next", ui.t(Text::NextCase), look)) ui.wish(model::intent::ClaimNext{});
    held_cases(ui, {left + width - needed - ui.px(14), top + button_height(ui, false) / 2});
  }

  ImGui::SetCursorScreenPos({left, top + button_height(ui, false) + ui.px(12)});
  static const std::vector<CaseState> kStates = {
      CaseState::Open,       CaseState::Reading,   CaseState::NeedsRead,    CaseState::Agreed,
      CaseState::Majority,   CaseState::ToPanel,   CaseState::PanelDecided, CaseState::NoConsensus,
      CaseState::Ungradable, CaseState::Pathology, CaseState::Approved,     CaseState::Rejected,
      CaseState::Returned,   CaseState::Reopened,  CaseState::Withdrawn};
  static const std::vector<ImageKind> kKinds = {ImageKind::ClinicalOverview, ImageKind::ClinicalCloseup,
                                                ImageKind::Dermoscopic, ImageKind::HistopathologyWsi,
                                                ImageKind::HistopathologyField};
  filter_button(ui, "worklist.filter.state", Text::FilterState, kStates, &model::WorklistFilter::states);
  ImGui::SameLine(0, ui.px(8));
  filter_button(ui, "worklist.filter.kind", Text::FilterKind, kKinds, &model::WorklistFilter::kinds);
  if (list.filter.view == WorklistView::ToAdjudicate || list.filter.view == WorklistView::ToApprove) {
    ImGui::SameLine(0, ui.px(8));
    order_button(ui);
  }
  if (!list.filter.states.empty() || !list.filter.kinds.empty()) {
    ImGui::SameLine(0, ui.px(8));
    if (button(ui, "worklist.filter.clear", ui.t(Text::FilterClear),
               {.kind = ButtonKind::Quiet, .small = true})) {
      model::WorklistFilter filter;
      filter.view = list.filter.view;
      filter.order = list.filter.order;
      ui.wish(model::intent::SetFilter{filter});
    }
  }
  const std::string count =
      ui.f(list.complete() ? Text::RowsAll : Text::RowsSoFar, {with_thousands(list.row_count())});
  const float side = button_height(ui, true);
  const float count_width = text_size(ui.small(), count).x;
  const float row = top + button_height(ui, false) + ui.px(12);
  ImGui::SetCursorScreenPos({left + width - side, row});
  if (icon_button(ui, "worklist.refresh", Icon::Refresh, ui.t(Text::Refresh), {.small = true}))
    ui.wish(model::intent::RefreshWorklist{});
  if (!list.pages.empty())
    draw_text(ImGui::GetWindowDrawList(), ui.small(),
              {left + width - side - ui.px(8) - count_width, row + (side - ui.small()->FontSize) / 2},
              ui.palette.text_soft, count);
}

void column_heads(Ui& ui, ImVec2 at, const Columns& c, float height) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float y = at.y + (height - ui.small()->FontSize) / 2;
  const auto head = [&](float x, float end, Text text) {
    draw_ellipsized(list, ui.small(), {at.x + x, y}, ui.palette.text_soft, ui.t(text), end - x - ui.px(8));
  };
  head(c.images, c.name, Text::ColumnImages);
  head(c.name, c.patient, Text::ColumnCase);
  head(c.patient, c.state, Text::ColumnPatient);
  head(c.state, c.reads, Text::ColumnState);
  if (c.shows_reads) {
    head(c.reads, c.diagnosis, Text::ColumnReads);
    head(c.diagnosis, c.updated, Text::ColumnDiagnosis);
  }
  head(c.updated, c.end, Text::ColumnUpdated);
}

void thumbnails(Ui& ui, ImVec2 at, float row_height, const CaseRow& row) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float side = ui.px(kThumbnail);
  float x = at.x;
  const float y = at.y + (row_height - side) / 2;
  const size_t shown = std::min(row.images.size(), kThumbnails);
  for (size_t i = 0; i < shown; ++i) {
    const ImVec2 min{x, y}, max{x + side, y + side};
    const auto picture =
        ui.resources.thumbnail ? ui.resources.thumbnail(row.images[i].name) : UiResources::Picture{};
    if (picture.texture) {
      // Filled and cropped: a strip of equal squares is easier to scan than letterboxes.
      ImVec2 uv0{0, 0}, uv1{1, 1};
      if (picture.aspect > 1) {
        uv0.x = (1 - 1 / picture.aspect) / 2;
        uv1.x = 1 - uv0.x;
      } else if (picture.aspect > 0) {
        uv0.y = (1 - picture.aspect) / 2;
        uv1.y = 1 - uv0.y;
      }
      list->AddImageRounded(picture.texture, min, max, uv0, uv1, IM_COL32_WHITE, ui.px(5));
    } else {
      list->AddRectFilled(min, max, ui.palette.hover, ui.px(5));
      if (ui.model.thumbnails.has_failed(row.images[i].name))
        draw_icon(list, Icon::Cross, {x + side / 2, y + side / 2}, ui.px(14), ui.palette.text_faint);
    }
    x += side + ui.px(6);
  }
  if (row.images.size() > shown) {
    const std::string more = "+" + std::to_string(row.images.size() - shown);
    draw_text(list, ui.small(), {x + ui.px(2), at.y + (row_height - ui.small()->FontSize) / 2},
              ui.palette.text_soft, more);
  }
}

// "Clinical · Dermoscopy": the thumbnails say how many.
std::string kinds_line(const Ui& ui, const CaseRow& row) {
  std::vector<Text> groups;
  for (const model::RowImage& image : row.images) groups.push_back(i18n::group_text_of(image.kind));
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::string line;
  for (const Text group : groups) {
    if (!line.empty()) line += " · ";
    line += ui.t(group);
  }
  return line;
}

void row_cells(Ui& ui, ImVec2 at, float height, const Columns& c, const CaseRow& row) {
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float first = at.y + height / 2 - ui.body()->FontSize, second = at.y + height / 2 + ui.px(1);
  const float single = at.y + (height - ui.body()->FontSize) / 2;
  const float space = ui.px(10);
  const auto two = [&](float x, float end, std::string_view a, std::string_view b) {
    const float width = end - x - space;
    if (b.empty()) {
      draw_ellipsized(list, ui.body(), {at.x + x, single}, p.text, ui.shown(a), width);
      return;
    }
    draw_ellipsized(list, ui.body(), {at.x + x, first}, p.text, ui.shown(a), width);
    draw_ellipsized(list, ui.small(), {at.x + x, second}, p.text_soft, ui.shown(b), width);
  };
  thumbnails(ui, {at.x + c.images, at.y}, height, row);

  // The end of an id tells cases apart; its beginning is only the time.
  const std::string id = model::id_of(row.name);
  const std::string short_id = id.size() > 10 ? id.substr(id.size() - 8) : id;
  two(c.name, c.patient, short_id, kinds_line(ui, row));

  const std::string patient = patient_line(ui, row.age, row.sex, {});
  const std::string_view site = i18n::body_site(row.anatom_site, ui.language);
  if (patient.empty() && site.empty())
    two(c.patient, c.state, "–", {});
  else if (patient.empty())
    two(c.patient, c.state, site, {});
  else
    two(c.patient, c.state, patient, site);

  const std::string_view state = ui.t(i18n::text_of(row.state));
  std::string mark;
  if (row.returned_to != ReturnTo::Unspecified && row.returned_code == RejectCode::Unspecified)
    mark = ui.t(Text::RowNewData);
  else if (row.returned_to != ReturnTo::Unspecified)
    mark = ui.f(row.returned_to == ReturnTo::Site ? Text::RowReturnedSite : Text::RowReturnedReader,
                {ui.t(i18n::text_of(row.returned_code))});
  else if (ui.model.ahead.find(row.name))
    mark = ui.t(Text::RowHeld);
  else if (row.leased_by_caller)
    mark = ui.t(Text::RowLeased);
  else if (row.read_by_caller)
    mark = ui.t(Text::RowRead);
  const ImVec2 size = badge_size(ui, state);
  const float room = c.reads - c.state - space;
  const float badge_y = mark.empty() ? at.y + (height - size.y) / 2 : at.y + height / 2 - size.y + ui.px(1);
  if (size.x <= room)
    draw_badge(ui, list, {at.x + c.state, std::round(badge_y)}, state, colour_of(p, row.state));
  else
    draw_ellipsized(list, ui.small(), {at.x + c.state, badge_y + ui.px(2)}, colour_of(p, row.state), state,
                    room);
  if (!mark.empty())
    draw_ellipsized(list, ui.small(), {at.x + c.state, second + ui.px(3)}, p.text_soft, mark, room);

  if (c.shows_reads) {
    if (row.votes_wanted > 0) {
      const std::string votes = std::to_string(row.votes_in) + " / " + std::to_string(row.votes_wanted);
      draw_text(list, ui.body(), {at.x + c.reads, single}, p.text, votes);
    }
    if (!row.decided_term.empty()) {
      const TermNames names = names_of(ui, row.decided_term);
      two(c.diagnosis, c.updated, names.first, names.second);
    }
  }
  std::string trouble;
  if (row.pending_images > 0) trouble = ui.f(Text::RowPending, {std::to_string(row.pending_images)});
  if (row.refused_images > 0 && trouble.empty())
    trouble = ui.f(Text::RowRefused, {std::to_string(row.refused_images)});
  two(c.updated, c.end, ago(ui, row.update_time_us), trouble);
}

// Arrows, page keys and Enter.
void row_keys(Ui& ui, float visible_rows) {
  const model::Worklist& list = ui.model.worklist;
  if (!keys_are_free() || ui.state.help_open || list.row_count() == 0) return;
  const auto pressed = [](ImGuiKey key) { return key_pressed(key, true); };
  auto target = static_cast<int64_t>(list.selected);
  const auto page = std::max<int64_t>(1, static_cast<int64_t>(visible_rows) - 1);
  if (pressed(ImGuiKey_DownArrow)) ++target;
  if (pressed(ImGuiKey_UpArrow)) --target;
  if (pressed(ImGuiKey_PageDown)) target += page;
  if (pressed(ImGuiKey_PageUp)) target -= page;
  if (pressed(ImGuiKey_Home)) target = 0;
  if (pressed(ImGuiKey_End)) target = static_cast<int64_t>(list.row_count()) - 1;
  target = std::clamp<int64_t>(target, 0, static_cast<int64_t>(list.row_count()) - 1);
  if (static_cast<size_t>(target) != list.selected) {
    ui.wish(model::intent::SelectRow{static_cast<size_t>(target)});
    ui.state.worklist.scroll_to_selected = true;
    ui.state.animating = true;  // the scroll follows in the next frame
  }
  if (enter_pressed()) ui.wish(model::intent::OpenCase{list.row(list.selected).name});
}

void rows(Ui& ui, float width, const Columns& c) {
  const model::Worklist& list = ui.model.worklist;
  const float height = ui.px(kRowHeight);
  const size_t count = list.row_count();
  ImGui::BeginChild("rows", {width, ImGui::GetContentRegionAvail().y});
  const float window_height = ImGui::GetWindowHeight();
  if (ui.state.worklist.scroll_to_selected) {
    const float y = static_cast<float>(list.selected) * height;
    if (y < ImGui::GetScrollY()) ImGui::SetScrollY(y);
    if (y + height > ImGui::GetScrollY() + window_height) ImGui::SetScrollY(y + height - window_height);
    ui.state.worklist.scroll_to_selected = false;
  }
  const float scroll = ImGui::GetScrollY();
  const auto first = static_cast<size_t>(std::max(0.0f, scroll / height));
  const size_t last =
      std::min(count == 0 ? 0 : count - 1, static_cast<size_t>((scroll + window_height) / height));
  const ImVec2 origin = ImGui::GetCursorScreenPos();  // moves with the scroll
  ImDrawList* draw = ImGui::GetWindowDrawList();
  std::vector<std::string> wanted;
  for (size_t i = first; i < count && i <= last; ++i) {
    const CaseRow& row = list.row(i);
    const ImVec2 at{origin.x, origin.y + static_cast<float>(i) * height};
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(static_cast<int>(i));
    const bool clicked = ImGui::InvisibleButton("row", {width, height});
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    const ImVec2 inner_min{at.x + ui.px(8), at.y + 1}, inner_max{at.x + width - ui.px(8), at.y + height - 1};
    if (i == list.selected)
      draw->AddRectFilled(inner_min, inner_max, ui.palette.accent_soft, ui.px(8));
    else if (hovered)
      draw->AddRectFilled(inner_min, inner_max, ui.palette.raised, ui.px(8));
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    row_cells(ui, at, height, c, row);
    draw->AddLine({at.x + c.images, at.y + height}, {at.x + c.end, at.y + height}, ui.palette.line);
    ui.log("worklist.row." + std::to_string(i), at, {at.x + width, at.y + height}, true,
           model::id_of(row.name));
    for (size_t n = 0; n < std::min(row.images.size(), kThumbnails); ++n)
      wanted.push_back(row.images[n].name);
    if (clicked) {
      ui.wish(model::intent::SelectRow{i});
      ui.wish(model::intent::OpenCase{row.name});
    }
  }
  ImGui::SetCursorScreenPos({origin.x, origin.y + static_cast<float>(count) * height});
  if (!list.complete() && list.next_ticket != 0) {
    spinner(ui, draw, {origin.x + width / 2, origin.y + static_cast<float>(count) * height + ui.px(22)},
            ui.px(9), ui.palette.accent);
    ImGui::Dummy({0, ui.px(44)});
  } else {
    ImGui::Dummy({0, ui.px(8)});
  }
  row_keys(ui, window_height / height);
  ImGui::EndChild();

  if (first != list.first_visible || last != list.last_visible) ui.wish(model::intent::ShowRows{first, last});
  if (wanted != ui.state.wanted_thumbnails) {
    ui.state.wanted_thumbnails = wanted;
    ui.wish(model::intent::WantThumbnails{std::move(wanted)});
  }
}

void no_rows(Ui& ui) {
  const model::Worklist& list = ui.model.worklist;
  if (list.error) {
    const std::string why = ui.t(i18n::text_of_error(list.error->code, list.error->reason));
    return empty_state(ui, Icon::Warning, ui.t(Text::WorklistFailed), why, [&] {
      if (button(ui, "worklist.retry", ui.t(Text::Retry), {.width = ui.px(180)}))
        ui.wish(model::intent::RefreshWorklist{});
    });
  }
  if (list.pages.empty()) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), room = ImGui::GetContentRegionAvail();
    return spinner(ui, ImGui::GetWindowDrawList(), {at.x + room.x / 2, at.y + room.y * 0.4f}, ui.px(14),
                   ui.palette.accent);
  }
  if (!list.filter.states.empty() || !list.filter.kinds.empty())
    return empty_state(ui, Icon::Search, ui.t(Text::EmptyFiltered), {}, [&] {
      if (button(ui, "worklist.empty.clear", ui.t(Text::FilterClear), {.width = ui.px(180)})) {
        model::WorklistFilter filter;
        filter.view = list.filter.view;
        filter.order = list.filter.order;
        ui.wish(model::intent::SetFilter{filter});
      }
    });
  struct Words {
    Text title, hint;
  };
  const auto words = [&]() -> Words {
    switch (list.filter.view) {
      case WorklistView::ToRead:
        return {Text::EmptyToRead, Text::EmptyToReadHint};
      case WorklistView::MyReads:
        return {Text::EmptyMyReads, Text::EmptyMyReadsHint};
      case WorklistView::ToAdjudicate:
        return {Text::EmptyToAdjudicate, Text::EmptyToAdjudicateHint};
      case WorklistView::ToApprove:
        return {Text::EmptyToApprove, Text::EmptyToApproveHint};
      case WorklistView::Returned:
        return {Text::EmptyReturned, Text::EmptyReturnedHint};
      case WorklistView::Panels:
        return {Text::EmptyPanels, Text::EmptyPanelsHint};
      case WorklistView::All:
        break;
    }
    return {Text::EmptyAll, Text::EmptyAllHint};
  }();
  empty_state(ui, Icon::Inbox, ui.t(words.title), ui.t(words.hint));
}

}  // namespace

void worklist_panel(Ui& ui, const Rect& rect) {
  const Region region(ui, "worklist", rect.min, rect.max, ui.palette.panel);
  const float width = rect.width(), margin = ui.px(kMargin), inner = width - 2 * margin;
  const ImVec2 start{rect.min.x + margin, rect.min.y + ui.px(16)};
  const float tools = start.y + standing_band(ui, start, inner);
  ImGui::SetCursorScreenPos({start.x, tools});
  tool_row(ui, inner);

  const float heads = ui.px(32);
  const float top = tools + button_height(ui, false) + ui.px(12) + button_height(ui, true) + ui.px(8);
  const Columns c = columns_for(ui, width);
  ImGui::SetCursorScreenPos({rect.min.x, top + heads});
  if (ui.model.worklist.row_count() == 0) return no_rows(ui);
  column_heads(ui, {rect.min.x, top}, c, heads);
  ImGui::GetWindowDrawList()->AddLine({rect.min.x + c.images, top + heads - 1},
                                      {rect.min.x + c.end, top + heads - 1}, ui.palette.line_strong);
  rows(ui, width, c);
}

}  // namespace hada::ui
