#include <algorithm>

#include "client/model/agreement.h"
#include "client/ui/format.h"
#include "client/ui/read_parts.h"
#include "client/ui/term_search.h"
#include "client/ui/widgets.h"

namespace hada::ui {

float draw_confidence(Ui& ui, ImDrawList* list, ImVec2 at, int confidence) {
  const float width = ui.px(9), height = ui.px(5), step = width + ui.px(2);
  for (int i = 0; i < 5; ++i) {
    const float x = at.x + static_cast<float>(i) * step;
    list->AddRectFilled({x, at.y}, {x + width, at.y + height},
                        i < confidence ? ui.palette.accent : ui.palette.line_strong, ui.px(2));
  }
  const std::string digit = std::to_string(confidence);
  draw_text(list, ui.small(), {at.x + 5 * step + ui.px(4), at.y + height / 2 - ui.small()->FontSize / 2},
            ui.palette.text_soft, digit);
  return 5 * step + ui.px(4) + text_size(ui.small(), digit).x;
}

void show_content(Ui& ui, const model::ReadContent& content) {
  const Palette& p = ui.palette;
  if (!content.gradable) {
    badge(ui, ui.t(Text::ReadGradableNo), p.warn);
    paragraph(ui, ui.t(i18n::text_of(content.ungradable_reason)));
  }
  for (const model::Diagnosis& diagnosis : content.differential) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, inset = ui.px(30);
    ImDrawList* list = ImGui::GetWindowDrawList();
    const std::string rank = std::to_string(diagnosis.rank);
    const float radius = ui.px(11);
    const ImVec2 centre{at.x + radius, at.y + radius};
    list->AddCircleFilled(centre, radius, diagnosis.rank == 1 ? p.accent : p.line_strong, 24);
    const ImVec2 size = text_size(ui.small(), rank);
    draw_text(list, ui.small(), {centre.x - size.x / 2, centre.y - size.y / 2},
              diagnosis.rank == 1 ? p.on_accent : p.text, rank);
    const float height = draw_term(ui, list, {at.x + inset, at.y}, diagnosis.term, width - inset);
    draw_confidence(ui, list, {at.x + inset, at.y + height + ui.px(6)}, diagnosis.confidence);
    ImGui::Dummy({width, height + ui.px(18)});
  }
  for (const std::string& line : finding_lines(ui, content)) paragraph(ui, line, {ui.small(), p.text_soft});
  for (const std::string& line : flag_lines(ui, content)) paragraph(ui, line, {ui.small(), p.text_soft});
  if (!content.note.empty()) paragraph(ui, content.note, {ui.small(), p.text});
}

std::string flags_line(const Ui& ui, const std::vector<ImageFlag>& flags) {
  std::string line;
  for (const ImageFlag flag : flags) {
    if (!line.empty()) line += ui.language == Language::Japanese ? "、" : ", ";
    line += ui.t(i18n::text_of(flag));
  }
  return line;
}

std::vector<std::string> flag_lines(const Ui& ui, const model::ReadContent& content) {
  std::vector<std::string> lines;
  const auto& images = ui.model.open_case->value->images;
  for (size_t i = 0; i < images.size(); ++i)
    if (const auto it = content.image_flags.find(images[i].name); it != content.image_flags.end())
      lines.push_back(ui.f(Text::ReadFlagsFor, {std::to_string(i + 1), flags_line(ui, it->second)}));
  return lines;
}

std::vector<std::string> change_lines(const Ui& ui, const model::ReadContent& before,
                                      const model::ReadContent& after) {
  const model::ContentChange change = model::change_between(before, after);
  std::vector<std::string> lines;
  const auto list = [&](const std::vector<std::string>& terms) {
    std::string text;
    for (const std::string& term : terms) {
      if (!text.empty()) text += ui.language == Language::Japanese ? "、" : ", ";
      text += names_of(ui, term).first;
    }
    return text;
  };
  if (!change.first_before.empty())
    lines.push_back(ui.f(Text::ReviewChangeFirst, {list(change.first_before)}));
  if (!change.added.empty()) lines.push_back(ui.f(Text::ReviewChangeAdded, {list(change.added)}));
  if (!change.removed.empty()) lines.push_back(ui.f(Text::ReviewChangeRemoved, {list(change.removed)}));
  if (change.gradability)
    lines.push_back(ui.t(after.gradable ? Text::ReadGradableYes : Text::ReadGradableNo));
  if (change.other) lines.push_back(ui.t(Text::ReviewChangeOther));
  return lines;
}

void show_revisions(Ui& ui, const model::Read& read, bool may_restore) {
  const Palette& p = ui.palette;
  for (size_t i = read.revisions.size(); i-- > 0;) {
    const model::ReadRevision& revision = read.revisions[i];
    const Card card(ui, {.padding = 10});
    const std::string title = ui.f(Text::ReadRevision, {std::to_string(revision.revision)});
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    draw_text(ImGui::GetWindowDrawList(), ui.strong(), at, p.text, title);
    const std::string when = date_time(revision.create_time_us);
    draw_text(ImGui::GetWindowDrawList(), ui.small(),
              {at.x + width - text_size(ui.small(), when).x, at.y + ui.px(2)}, p.text_soft, when);
    ImGui::Dummy({width, ui.strong()->FontSize});
    if (revision.after_reveal) badge(ui, ui.t(Text::ReadAfterReveal), p.warn);
    if (i > 0)
      for (const std::string& line : change_lines(ui, read.revisions[i - 1].content, revision.content))
        paragraph(ui, line, {ui.small(), p.text});
    else
      for (const model::Diagnosis& diagnosis : revision.content.differential)
        paragraph(ui, std::to_string(diagnosis.rank) + "  " + std::string(names_of(ui, diagnosis.term).first),
                  {ui.small(), p.text});
    if (!revision.reason.empty())
      paragraph(ui, ui.f(Text::ReviewReasonGiven, {revision.reason}), {ui.small(), p.text_soft});
    const bool latest = i + 1 == read.revisions.size();
    if (may_restore && !latest &&
        button(ui, "read.revision." + std::to_string(revision.revision) + ".restore",
               ui.t(Text::ReadRevisionRestore), {.icon = Icon::Undo, .small = true}))
      ui.wish(model::intent::RestoreRevision{revision.revision});
  }
}

void show_site_opinion(Ui& ui, const model::SiteOpinion& opinion) {
  const Palette& p = ui.palette;
  const Card card(ui, {.fill = p.panel, .border = p.line_strong, .dashed = true});
  section(ui, ui.t(Text::ReviewSiteOpinion));
  paragraph(ui, ui.t(Text::ReviewSiteOpinionHint), {ui.small(), p.warn});
  const auto entry = [&](Text title, std::string text, const std::string& term) {
    gap(ui, 4);
    paragraph(ui, ui.t(title), {ui.small(), p.text_soft});
    if (text.empty() && term.empty())
      return paragraph(ui, ui.t(Text::ReviewNotGiven), {nullptr, p.text_faint});
    if (!text.empty()) paragraph(ui, text);
    if (term.empty()) return paragraph(ui, ui.t(Text::ReviewNotMapped), {ui.small(), p.text_faint});
    const TermNames names = names_of(ui, term);
    std::string both(names.first);
    if (!names.second.empty()) both += " · " + std::string(names.second);
    paragraph(ui, both, {ui.small(), p.text_soft});
  };
  const bool japanese = ui.language == Language::Japanese && !opinion.site_diagnosis_ja.empty();
  entry(Text::ReviewSiteDiagnosis, japanese ? opinion.site_diagnosis_ja : opinion.site_diagnosis,
        opinion.site_diagnosis_term);
  entry(Text::ReviewPathology, opinion.pathology_diagnosis, opinion.pathology_diagnosis_term);
  if (!opinion.dx_confirm_type.empty()) {
    gap(ui, 4);
    paragraph(ui, ui.t(Text::ReviewConfirmType), {ui.small(), p.text_soft});
    paragraph(ui, i18n::word(opinion.dx_confirm_type, ui.language));
  }
}

}  // namespace hada::ui
