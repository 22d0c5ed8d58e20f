#include "client/ui/standing.h"

#include <cstdio>

#include "client/ui/format.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

// A limit of the policy, "70%" or "62.5%".
std::string limit(double percent) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g%%", percent);
  return text;
}

}  // namespace

std::string standing_text(const Ui& ui, const model::ReaderStanding& standing, bool own) {
  const model::Proportion& gold = standing.gold;
  const std::string share = ui.f(
      Text::StandingShare, {percent(gold.share()), std::to_string(gold.hits), std::to_string(gold.total)});
  const std::string warn = limit(standing.warn_percent), pause = limit(standing.pause_percent);
  switch (standing.standing) {
    case ReadingStanding::Good:
      return ui.f(Text::StandingGood, {warn, pause});
    case ReadingStanding::Warned:
      return own ? ui.f(Text::StandingWarnedOwn, {share, warn, pause})
                 : ui.f(Text::StandingWarned, {share, warn});
    case ReadingStanding::Paused:
      return ui.f(own ? Text::StandingPausedOwn : Text::StandingPaused, {share, pause});
    case ReadingStanding::NotJudged:
    case ReadingStanding::Unspecified:
      break;
  }
  return ui.f(Text::StandingNotJudged, {std::to_string(standing.judged_from), warn, pause});
}

bool standing_notice(Ui& ui, std::string_view name, const model::ReaderStanding& standing, bool own,
                     float width) {
  const bool paused = standing.standing == ReadingStanding::Paused;
  if (!paused && standing.standing != ReadingStanding::Warned) return false;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string text = standing_text(ui, standing, own);
  notice(ui, Icon::Warning, paused ? ui.palette.bad : ui.palette.warn, text, width);
  ui.log(name, at, ImGui::GetItemRectMax(), true, text);
  return true;
}

}  // namespace hada::ui
