#include <algorithm>
#include <cmath>

#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/standing.h"
#include "client/ui/statistics_plots.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::AgreementLevel;

constexpr double kLeastKappa = -0.25;

Text text_of(AgreementLevel level) {
  switch (level) {
    case AgreementLevel::ReleaseClass:
      return Text::StatisticsLevelClass;
    case AgreementLevel::Risk:
      return Text::StatisticsLevelRisk;
    case AgreementLevel::Gradable:
      return Text::StatisticsLevelGradable;
    case AgreementLevel::Term:
    case AgreementLevel::Unspecified:
      break;
  }
  return Text::StatisticsLevelTerm;
}

DotRow share_row(const Ui& ui, std::string_view name, Text title, const model::Proportion& p) {
  DotRow row{name, ui.t(title), {}, {}, {}, {}};
  if (p.total == 0) return row;
  row.value = p.share();
  row.low = p.low;
  row.high = p.high;
  row.words =
      percent(p.share()) + "  " + ui.f(Text::StatisticsOf, {std::to_string(p.hits), std::to_string(p.total)});
  return row;
}

void failed(Ui& ui, const model::ApiError& error) {
  notice(ui, Icon::Warning, ui.palette.warn, ui.t(i18n::text_of_error(error.code, error.reason)));
}

void waiting(Ui& ui) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  spinner(ui, ImGui::GetWindowDrawList(), {at.x + ui.px(12), at.y + ui.px(14)}, ui.px(9), ui.palette.accent);
  ImGui::Dummy({0, ui.px(30)});
}

// ---- one reader ----

void nothing(Ui& ui, std::string_view name) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  paragraph(ui, ui.t(Text::StatisticsNothing), {ui.small(), ui.palette.text_faint});
  ui.log(name, at, ImGui::GetItemRectMax(), true, ui.t(Text::StatisticsNothing));
}

void shares(Ui& ui, const std::string& name, Text title, Text hint,
            const std::vector<model::LevelProportion>& list) {
  section(ui, ui.t(title));
  const bool some =
      std::any_of(list.begin(), list.end(), [](const auto& share) { return share.proportion.total > 0; });
  if (some) {
    for (const model::LevelProportion& share : list) {
      const std::string widget = name + "." + std::to_string(static_cast<int>(share.level));
      dot_row(ui, share_row(ui, widget, text_of(share.level), share.proportion), 0);
    }
    dot_axis(ui, 0);
  } else {
    nothing(ui, name + ".none");
  }
  paragraph(ui, ui.t(hint), {ui.small(), ui.palette.text_soft});
  gap(ui, 18);
}

void confusions(Ui& ui, const model::ReaderRecord& record) {
  section(ui, ui.t(Text::StatisticsConfusions));
  if (record.confusions.empty()) nothing(ui, "statistics.confusions.none");
  int most = 1;
  for (const model::Confusion& c : record.confusions) most = std::max(most, c.count);
  for (const model::Confusion& c : record.confusions) {
    std::string said;
    for (const std::string& term : c.said) {
      if (!said.empty()) said += " / ";
      said += names_of(ui, term).first;
    }
    const std::string_view outcome = names_of(ui, c.outcome).first;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, height = ui.px(30), count = ui.px(44);
    const float half = (width - count - ui.px(30)) / 2, y = at.y + (height - ui.body()->FontSize) / 2;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const float bar = (width - count) * static_cast<float>(c.count) / static_cast<float>(most);
    list->AddRectFilled({at.x, at.y + height - ui.px(3)}, {at.x + bar, at.y + height - ui.px(1)},
                        with_alpha(ui.palette.accent, 0.45f));
    draw_ellipsized(list, ui.body(), {at.x, y}, ui.palette.text, ui.shown(said), half);
    draw_icon(list, Icon::ArrowRight, {at.x + half + ui.px(14), at.y + height / 2}, ui.px(12),
              ui.palette.text_soft);
    draw_ellipsized(list, ui.body(), {at.x + half + ui.px(28), y}, ui.palette.text, ui.shown(outcome), half);
    const std::string times = "×" + std::to_string(c.count);
    draw_text(list, ui.body(), {at.x + width - text_size(ui.body(), times).x, y}, ui.palette.text_soft,
              times);
    ImGui::Dummy({width, height});
  }
  gap(ui, 18);
}

bool is_own(const Ui& ui, const model::ReaderRecord& record) {
  return ui.model.session.user && ui.model.session.user->name == record.reader;
}

// What follows from the hidden test cases, and for QA what can be done about it.
void standing(Ui& ui, const model::ReaderRecord& record) {
  const model::ReaderStanding& s = record.standing;
  const bool own = is_own(ui, record);
  if (!standing_notice(ui, "statistics.standing", s, own)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string text = standing_text(ui, s, own);
    paragraph(ui, text, {ui.small(), ui.palette.text_soft});
    ui.log("statistics.standing", at, ImGui::GetItemRectMax(), true, text);
  }
  if (s.standing == ReadingStanding::Paused && !own) {
    gap(ui, 8);
    const ButtonLook look{.enabled = ui.model.statistics->resume_ticket == 0,
                          .tooltip = ui.t(Text::StandingResumeHint)};
    if (button(ui, "statistics.resume", ui.t(Text::StandingResume), look))
      ui.wish(model::intent::ResumeReading{});
  }
  if (s.resumed) paragraph(ui, ui.t(Text::StandingResumed), {ui.small(), ui.palette.text_soft});
  gap(ui, 18);
}

// Who, how much, and what the hidden reads say.
void hidden_part(Ui& ui, const model::ReaderRecord& record) {
  const bool own = is_own(ui, record);
  label(ui, own ? std::string_view(ui.t(Text::StatisticsOwn)) : ui.shown(record.display_name),
        {ui.heading(), 0});
  gap(ui, 2);
  paragraph(ui,
            ui.f(record.truncated ? Text::StatisticsNewestReads : Text::StatisticsReads,
                 {with_thousands(static_cast<size_t>(record.reads)), std::to_string(record.ungradable)}),
            {ui.small(), ui.palette.text_soft});
  if (record.median_seconds > 0)
    paragraph(ui,
              ui.f(Text::StatisticsSpeed, {std::to_string(std::lround(record.median_seconds)),
                                           std::to_string(std::lround(record.quarter_seconds)),
                                           std::to_string(std::lround(record.three_quarters_seconds))}),
              {ui.small(), ui.palette.text_soft});
  gap(ui, 16);
  standing(ui, record);
  shares(ui, "statistics.gold", Text::StatisticsGold,
         own ? Text::StatisticsGoldOwnHint : Text::StatisticsGoldHint, record.gold);
  shares(ui, "statistics.repeats", Text::StatisticsRepeats,
         own ? Text::StatisticsGoldOwnHint : Text::StatisticsRepeatsHint, record.repeats);
}

void outcome_part(Ui& ui, const model::ReaderRecord& record) {
  shares(ui, "statistics.outcomes", Text::StatisticsOutcomes,
         is_own(ui, record) ? Text::StatisticsOutcomesOwnHint : Text::StatisticsOutcomesHint,
         record.outcomes);
  confusions(ui, record);
}

// The record; null while it is not here, which is then explained.
const model::ReaderRecord* record_or_why(Ui& ui) {
  const model::StatisticsPage& page = *ui.model.statistics;
  if (page.reader.empty()) paragraph(ui, ui.t(Text::StatisticsPick), {ui.small(), ui.palette.text_soft});
  if (page.record_error) failed(ui, *page.record_error);
  if (!page.record && page.record_ticket != 0) waiting(ui);
  return page.record ? &*page.record : nullptr;
}

// ---- all readers ----

void kappa_row(Ui& ui, std::string_view name, Text title, const std::optional<model::Estimate>& estimate) {
  DotRow row{name, ui.t(title), {}, {}, {}, {}};
  if (estimate) {
    row.value = estimate->value;
    row.low = estimate->low;
    row.high = estimate->high;
    row.words = two_digits(estimate->value);
    if (row.low && row.high) row.words += "  (" + two_digits(*row.low) + " – " + two_digits(*row.high) + ")";
  }
  dot_row(ui, row, kLeastKappa);
}

void agreement(Ui& ui) {
  const model::StatisticsPage& page = *ui.model.statistics;
  label(ui, ui.t(Text::StatisticsAgreement), {ui.heading(), 0});
  gap(ui, 2);
  if (page.agreement_error) failed(ui, *page.agreement_error);
  if (!page.agreement) return page.agreement_ticket != 0 ? waiting(ui) : void();
  const model::ReaderAgreement& all = *page.agreement;
  paragraph(ui,
            ui.f(all.truncated ? Text::StatisticsNewestCases : Text::StatisticsCases,
                 {with_thousands(static_cast<size_t>(all.cases)), std::to_string(all.readers.size())}),
            {ui.small(), ui.palette.text_soft});
  gap(ui, 14);
  if (all.levels.empty() || all.cases == 0)
    return paragraph(ui, ui.t(Text::StatisticsNothing), {ui.small(), ui.palette.text_soft});

  int& chosen = ui.state.statistics.level;
  chosen = std::clamp(chosen, 0, static_cast<int>(all.levels.size()) - 1);
  std::vector<std::string_view> levels;
  for (const model::LevelAgreement& level : all.levels) levels.push_back(ui.t(text_of(level.level)));
  if (const int picked = segmented(ui, "statistics.level", levels, chosen, {.width = -1}); picked >= 0)
    chosen = picked;
  const model::LevelAgreement& level = all.levels[static_cast<size_t>(chosen)];
  gap(ui, 14);
  dot_row(ui, share_row(ui, "statistics.agreed", Text::StatisticsAgreed, level.agreed), kLeastKappa);
  kappa_row(ui, "statistics.fleiss", Text::StatisticsFleiss, level.fleiss_kappa);
  kappa_row(ui, "statistics.alpha", Text::StatisticsAlpha, level.alpha);
  if (level.level == AgreementLevel::Term)
    kappa_row(ui, "statistics.tree_alpha", Text::StatisticsTreeAlpha, level.tree_alpha);
  dot_axis(ui, kLeastKappa);
  paragraph(ui, ui.t(Text::StatisticsKappaHint), {ui.small(), ui.palette.text_soft});
  gap(ui, 18);
  section(ui, ui.t(Text::StatisticsMatrix));
  if (const auto clicked = kappa_matrix(ui, all, level))
    ui.wish(model::intent::ShowStatistics{all.readers[*clicked].name});
  gap(ui, 18);
}

// A column that scrolls by itself.
template <typename Draw>
void column(const char* id, ImVec2 min, ImVec2 max, Draw draw) {
  ImGui::SetCursorScreenPos(min);
  ImGui::BeginChild(id, {max.x - min.x, max.y - min.y}, false, ImGuiWindowFlags_NoNav);
  draw();
  ImGui::EndChild();
}

}  // namespace

bool may_see_statistics(const model::Model& model) {
  return model.session.has(Role::Dermatologist) || model.session.has(Role::QaReviewer);
}

void toggle_statistics(Ui& ui) {
  if (ui.model.statistics)
    ui.wish(model::intent::CloseStatistics{});
  else
    ui.wish(model::intent::ShowStatistics{});
}

void statistics_panel(Ui& ui, const Rect& rect) {
  const Region region(ui, "statistics", rect.min, rect.max, ui.palette.panel);
  const float margin = ui.px(28), side = button_height(ui, false), top = rect.min.y + ui.px(16);
  draw_text(ImGui::GetWindowDrawList(), ui.heading(),
            {rect.min.x + margin, top + (side - ui.heading()->FontSize) / 2}, ui.palette.text,
            ui.t(Text::StatisticsTitle));
  ImGui::SetCursorScreenPos({rect.max.x - margin - side, top});
  if (icon_button(ui, "statistics.close", Icon::Cross, ui.t(Text::Close)))
    ui.wish(model::intent::CloseStatistics{});
  ImGui::SetCursorScreenPos({rect.max.x - margin - 2 * side - ui.px(6), top});
  if (icon_button(ui, "statistics.refresh", Icon::Refresh, ui.t(Text::Refresh)))
    ui.wish(model::intent::ShowStatistics{});

  const ImVec2 min{rect.min.x + margin, top + side + ui.px(16)},
      max{rect.max.x - margin, rect.max.y - ui.px(4)};
  const bool qa = ui.model.session.has(Role::QaReviewer);
  const float split = std::round(min.x + (max.x - min.x) * (qa ? 0.54f : 0.5f));
  const model::ReaderRecord* record = nullptr;
  column("left", min, {split - margin, max.y}, [&] {
    if (qa)
      agreement(ui);
    else if ((record = record_or_why(ui)))
      hidden_part(ui, *record);
  });
  if (!qa && !record) return;
  ImGui::GetWindowDrawList()->AddLine({split, min.y}, {split, max.y - ui.px(12)}, ui.palette.line);
  column("right", {split + margin, min.y}, max, [&] {
    if (qa && (record = record_or_why(ui))) hidden_part(ui, *record);
    if (record) outcome_part(ui, *record);
  });
}

}  // namespace hada::ui
