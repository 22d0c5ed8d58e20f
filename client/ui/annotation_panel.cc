// The annotations as a card over the viewer's right upper corner: what the selected say, what can be done
// with them, which layers are shown, and the list.

#include <algorithm>
#include <string>

#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/term_search.h"
#include "client/ui/tools/tools.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kWidth = 324, kPadding = 14, kListRows = 7, kRow = 30;

ImU32 swatch_colour(size_t colour) {
  const uint32_t rgb = annotation_rgb(colour);
  return IM_COL32(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, 255);
}

std::string term_text(const Ui& ui, const std::string& term) {
  return term.empty() ? ui.t(Text::AnnotationNoTerm) : std::string(names_of(ui, term).first);
}

void title(Ui& ui, float right) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = button_height(ui, true);
  draw_text(ImGui::GetWindowDrawList(), ui.strong(), {at.x, at.y + (height - ui.strong()->FontSize) / 2},
            ui.palette.text, ui.t(Text::AnnotationTitle));
  ImGui::SetCursorScreenPos({right - 2 * height + ui.px(6), at.y});
  const bool shown = ui.model.open_case->panes.marks.shown;
  if (icon_button(ui, "annotation.show", Icon::Eye, ui.t(Text::AnnotationShow),
                  {.small = true, .pressed = shown}))
    ui.wish(model::intent::ShowAnnotations{!shown});
  ImGui::SetCursorScreenPos({right - height + ui.px(6), at.y});
  if (icon_button(ui, "annotation.close", Icon::Cross, ui.t(Text::Close), {.small = true}))
    ui.state.tool.panel = false;
  ImGui::SetCursorScreenPos({at.x, at.y + height + ui.px(4)});
}

// The read's diagnoses as chips, and the whole vocabulary behind the search.
void term_choice(Ui& ui, const model::OpenCase& open, const std::string& current, bool selection) {
  const auto put = [&](const std::string& term) {
    if (selection)
      ui.wish(model::intent::SetAnnotationTerm{term});
    else
      ui.state.tool.term = term;
  };
  paragraph(ui, ui.t(selection ? Text::AnnotationTermOfSelected : Text::AnnotationTermOfNext),
            {ui.small(), ui.palette.text_soft});
  std::vector<std::string> terms{""};
  for (const model::Diagnosis& d : open.reading.content.differential) terms.push_back(d.term);
  if (std::find(terms.begin(), terms.end(), current) == terms.end()) terms.push_back(current);
  Flow flow(ui.px(6));
  for (size_t i = 0; i < terms.size(); ++i) {
    const std::string label = term_text(ui, terms[i]);
    flow.next(chip_size(ui, label).x);
    if (chip(ui, "annotation.term." + std::to_string(i), label, terms[i] == current)) put(terms[i]);
  }
  gap(ui, 6);
  if (const std::string term =
          term_search(ui, "annotation.term", ui.state.tool.search, Text::AnnotationSearchTerm, {});
      !term.empty())
    put(term);
}

void note_field(Ui& ui, const model::Annotation& annotation) {
  ToolState& state = ui.state.tool;
  // What is too long stays in the field, to be shortened.
  const auto too_long = [&] {
    return model::character_count(state.note) > model::kMaxAnnotationNoteCharacters;
  };
  if (state.note_of != annotation.id || (annotation.note != state.note && !too_long())) {
    state.note_of = annotation.id;
    state.note = annotation.note;
  }
  gap(ui, 6);
  const FieldEvent event =
      text_field(ui, "annotation.note", state.note, {.hint = ui.t(Text::AnnotationNote), .bad = too_long()});
  if (too_long())
    paragraph(ui, ui.t(Text::AnnotationNoteTooLong), {ui.small(), ui.palette.bad});
  else if (event.changed)
    ui.wish(model::intent::SetAnnotationNote{state.note});
}

void actions(Ui& ui, const model::OpenCase& open, const std::vector<model::SharedAnnotation>& selected) {
  const bool region = std::any_of(selected.begin(), selected.end(), [](const model::SharedAnnotation& a) {
    return contract::is_region(a->shape.kind);
  });
  const bool lines = std::any_of(selected.begin(), selected.end(), [](const model::SharedAnnotation& a) {
    return contract::is_outline(a->shape.kind) || a->shape.kind == AnnotationKind::Length;
  });
  const float between = ui.px(8), width = (ImGui::GetContentRegionAvail().x - between) / 2;
  const auto act = [&](std::string_view name, Icon icon, Text text, std::string_view tip, bool enabled) {
    return button(ui, name, ui.t(text),
                  {.icon = icon, .enabled = enabled, .width = width, .small = true, .tooltip = tip});
  };
  gap(ui, 8);
  if (act("annotation.merge", Icon::Merge, Text::AnnotationMerge, ui.t(Text::AnnotationMergeHint),
          model::may_merge(selected)))
    ui.wish(model::intent::MergeSelected{});
  ImGui::SameLine(0, between);
  if (act("annotation.split", Icon::Scissors, Text::ToolSplit, ui.t(Text::AnnotationSplitHint),
          region && tool_enabled(ui, model::Tool::Split)))
    choose_tool(ui, model::Tool::Split);
  gap(ui, 4);
  if (act("annotation.simplify", Icon::Simplify, Text::AnnotationSimplify, ui.t(Text::AnnotationSimplifyHint),
          lines)) {
    const double zoom =
        open.panes.panes[std::min(open.panes.active, open.panes.panes.size() - 1)].viewport.zoom;
    ui.wish(model::intent::SimplifySelected{1.5 / zoom});
  }
  ImGui::SameLine(0, between);
  if (act("annotation.delete", Icon::Bin, Text::AnnotationDelete, chord_text(ui, Command::AnnotationDelete),
          true))
    ui.wish(model::intent::RemoveSelected{});
}

// A switchable line with its colour and how many there are.
bool layer_row(Ui& ui, const std::string& name, std::string_view label, const model::Layer& layer,
               bool coloured) {
  const std::string text = std::string(label) + "   " + std::to_string(layer.count);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x;
  const bool clicked = check_row(ui, name, text, layer.shown);
  if (coloured)
    ImGui::GetWindowDrawList()->AddCircleFilled({right - ui.px(12), at.y + ui.px(16)}, ui.px(5),
                                                swatch_colour(layer.colour), 16);
  return clicked;
}

void layer_lists(Ui& ui, const model::OpenCase& open) {
  const model::Layers layers = model::layers_of(open, ui.model.session);
  const bool hidden = std::any_of(layers.readers.begin(), layers.readers.end(),
                                  [](const model::Layer& layer) { return !layer.shown; });
  if (layers.readers.size() > 1 || hidden) {
    gap(ui, 14);
    section(ui, ui.t(Text::AnnotationReaders));
    for (size_t i = 0; i < layers.readers.size(); ++i) {
      const model::Layer& layer = layers.readers[i];
      const std::string_view name = ui.shown(layer.display.empty() ? layer.name : layer.display);
      if (layer_row(ui, "annotation.reader." + std::to_string(i), name, layer, layers.coloured_by_reader))
        ui.wish(model::intent::ShowReader{layer.name, !layer.shown});
    }
  }
  if (layers.terms.empty() ||
      (layers.terms.size() == 1 && layers.terms[0].name.empty() && layers.terms[0].shown))
    return;
  gap(ui, 14);
  section(ui, ui.t(Text::AnnotationTerms));
  for (size_t i = 0; i < layers.terms.size(); ++i) {
    const model::Layer& layer = layers.terms[i];
    const std::string name = term_text(ui, layer.name);
    if (layer_row(ui, "annotation.layer." + std::to_string(i), name, layer, !layers.coloured_by_reader))
      ui.wish(model::intent::ShowTerm{layer.name, !layer.shown});
  }
}

void list_row(Ui& ui, const model::OpenCase& open, const model::Image& image,
              const model::ShownAnnotation& shown, size_t index, size_t pane) {
  const model::Annotation& a = *shown.annotation;
  const Palette& p = ui.palette;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = ui.px(kRow), middle = at.y + height / 2;
  const std::string name = "annotation.row." + std::to_string(index);
  ImGui::PushID(static_cast<int>(index));
  const bool clicked = ImGui::InvisibleButton("row", {width, height});
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered(), selected = model::is_selected(open, a.id);
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (selected || hovered)
    list->AddRectFilled(at, {at.x + width, at.y + height}, selected ? p.accent_soft : p.hover, ui.px(5));
  draw_icon(list, icon_of(static_cast<model::Tool>(a.shape.kind)), {at.x + ui.px(16), middle}, ui.px(15),
            swatch_colour(shown.colour));
  const std::string measure = measure_text(image, a.shape);
  const float measure_width = text_size(ui.small(), measure).x;
  const std::string text = a.term.empty() ? (a.note.empty() ? ui.t(name_of(a.shape.kind)) : a.note)
                                          : std::string(names_of(ui, a.term).first);
  ui.shown(text);
  const float room = width - ui.px(34) - measure_width - ui.px(16);
  list->PushClipRect(at, {at.x + ui.px(34) + room, at.y + height}, true);
  draw_text(list, ui.body(), {at.x + ui.px(34), middle - ui.body()->FontSize / 2}, p.text, text);
  list->PopClipRect();
  draw_text(list, ui.small(), {at.x + width - measure_width - ui.px(8), middle - ui.small()->FontSize / 2},
            p.text_soft, measure);
  ui.log(name, at, {at.x + width, at.y + height}, true, text);
  if (!clicked) return;
  if (shown.own) ui.wish(model::intent::SelectAnnotations{{a.id}});
  const contract::RectD box = contract::bounds_of(a.shape);
  ui.wish(model::intent::CentreOn{pane, {(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2}});
}

void annotation_list(Ui& ui, const model::OpenCase& open, const model::Image& image, size_t pane) {
  const auto drawn = drawn_annotations(ui, image.name);
  section(ui, ui.t(Text::AnnotationOnImage), drawn ? std::to_string(drawn->list.size()) : "0");
  if (!drawn) {
    paragraph(ui, ui.t(open.reading.can_edit() ? Text::AnnotationNone : Text::ToolNeedsRead),
              {ui.small(), ui.palette.text_soft});
    return;
  }
  const float rows = std::min(kListRows, static_cast<float>(drawn->list.size()));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGui::BeginChild("list", {0, rows * ui.px(kRow)});
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(drawn->list.size()), ui.px(kRow));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      // The newest first.
      const size_t index = drawn->list.size() - 1 - static_cast<size_t>(i);
      list_row(ui, open, image, drawn->list[index], index, pane);
    }
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

}  // namespace

void annotation_panel(Ui& ui, const Rect& panes) {
  const model::OpenCase& open = *ui.model.open_case;
  if (!ui.state.tool.panel || ui.state.adjust.open || open.panes.panes.empty()) return;
  const size_t pane = std::min(open.panes.active, open.panes.panes.size() - 1);
  const model::Image* image = open.find_image(open.panes.panes[pane].image);
  if (!image) return;

  const float width = std::min(ui.px(kWidth), panes.width() - ui.px(20));
  ImGui::SetNextWindowPos({panes.max.x - width - ui.px(10), panes.min.y + ui.px(10)});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, panes.height() - ui.px(20)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(kPadding), ui.px(10)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.palette.panel);
  ImGui::PushStyleColor(ImGuiCol_Border, ui.palette.line_strong);
  ImGui::Begin("annotations", nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(3);
  title(ui, ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x);
  const auto selected = model::selected_annotations(open);
  if (open.reading.can_edit())
    term_choice(ui, open, selected.empty() ? ui.state.tool.term : selected[0]->term, !selected.empty());
  if (selected.size() == 1 && open.reading.can_edit()) note_field(ui, *selected[0]);
  if (!selected.empty()) actions(ui, open, selected);
  gap(ui, 12);
  annotation_list(ui, open, *image, pane);
  layer_lists(ui, open);
  ImGui::End();
}

}  // namespace hada::ui
