// Dermoscopy features of a read, and what is recorded about the reading itself.

#include <array>
#include <cmath>

#include "client/ui/format.h"
#include "client/ui/read_cursor.h"
#include "client/ui/read_parts.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr std::array<Finding, 3> kFindings = {Finding::Present, Finding::Absent, Finding::NotAssessable};

std::string duration(const Ui& ui, double seconds) {
  const long whole = std::lround(seconds);
  if (whole < 60) return ui.f(Text::RecordedSeconds, {std::to_string(whole)});
  return ui.f(Text::RecordedMinutes, {std::to_string(whole / 60), std::to_string(whole % 60)});
}

}  // namespace

bool has_dermoscopy(const model::Case& value) {
  for (const model::Image& image : value.images)
    if (image.kind == ImageKind::Dermoscopic) return true;
  return false;
}

void edit_dermoscopy(Ui& ui, const model::ReadContent& content) {
  section(ui, ui.t(Text::ReadDermoscopy));
  const float width = ImGui::GetContentRegionAvail().x, names = width * 0.34f;
  std::vector<std::string_view> words;
  for (const Finding finding : kFindings) words.push_back(ui.t(i18n::text_of(finding)));
  for (const DermoscopyFeature feature : kDermoscopyFeatures) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    mark_finding(ui, {FindingKind::Feature, static_cast<int>(feature)}, at,
                 {at.x + width, at.y + button_height(ui, true)});
    draw_ellipsized(ImGui::GetWindowDrawList(), ui.small(),
                    {at.x, at.y + (button_height(ui, true) - ui.small()->FontSize) / 2}, ui.palette.text,
                    ui.t(i18n::text_of(feature)), names - ui.px(8));
    ImGui::SetCursorScreenPos({at.x + names, at.y});
    const auto recorded = content.dermoscopy.find(feature);
    int current = -1;
    for (size_t i = 0; i < kFindings.size(); ++i)
      if (recorded != content.dermoscopy.end() && recorded->second == kFindings[i])
        current = static_cast<int>(i);
    const int picked = segmented(ui, "read.finding." + std::to_string(static_cast<int>(feature)), words,
                                 current, {.width = width - names, .small = true});
    // A second click takes it back.
    if (picked >= 0)
      ui.wish(model::intent::SetFinding{
          feature, picked == current ? Finding::Unspecified : kFindings[static_cast<size_t>(picked)]});
    gap(ui, 4);
  }
}

std::vector<std::string> finding_lines(const Ui& ui, const model::ReadContent& content) {
  std::vector<std::string> lines;
  for (const Finding finding : kFindings) {
    std::string features;
    for (const DermoscopyFeature feature : kDermoscopyFeatures) {
      const auto recorded = content.dermoscopy.find(feature);
      if (recorded == content.dermoscopy.end() || recorded->second != finding) continue;
      if (!features.empty()) features += ui.language == Language::Japanese ? "、" : ", ";
      features += ui.t(i18n::text_of(feature));
    }
    if (features.empty()) continue;
    const char* colon = ui.language == Language::Japanese ? "：" : ": ";
    lines.push_back(std::string(ui.t(i18n::text_of(finding))) + colon + features);
  }
  return lines;
}

std::vector<std::string> recorded_lines(const Ui& ui, const model::ReadTelemetry& telemetry) {
  std::vector<std::string> lines;
  lines.push_back(ui.f(Text::RecordedTime, {duration(ui, telemetry.active_seconds)}));
  if (telemetry.deepest_zoom > 0)
    lines.push_back(ui.f(Text::RecordedZoom, {percent(telemetry.deepest_zoom)}));
  const auto& images = ui.model.open_case->value->images;
  for (size_t i = 0; i < images.size(); ++i)
    if (const auto seen = telemetry.seen.find(images[i].name); seen != telemetry.seen.end())
      lines.push_back(ui.f(Text::RecordedSeen, {std::to_string(i + 1), ui.t(i18n::text_of(images[i].kind)),
                                                percent(seen->second)}));
  return lines;
}

void show_recorded(Ui& ui, const model::ReadTelemetry& telemetry) {
  section(ui, ui.t(Text::Recorded));
  for (const std::string& line : recorded_lines(ui, telemetry))
    paragraph(ui, line, {ui.small(), ui.palette.text_soft});
}

}  // namespace hada::ui
