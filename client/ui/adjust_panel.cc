// How the active image looks: white balance, brightness and the like, one stain alone. A card over the
// viewer's right upper corner.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::ImageAdjustments;
using model::StainView;

constexpr float kWidth = 324, kPadding = 14, kLabel = 112, kNumber = 44, kRow = 28;

struct Range {
  double low, high, neutral;
  bool ratio = false;    // steps are equal factors, as of a gamma
  double percent = 100;  // shown as a signed percentage; 0: as a number
};

double to_part(const Range& range, double value) {
  if (range.ratio) return std::log(value / range.low) / std::log(range.high / range.low);
  return (value - range.low) / (range.high - range.low);
}
double from_part(const Range& range, double part) {
  part = std::clamp(part, 0.0, 1.0);
  // The neutral value holds the knob a little, since it is hard to hit by hand.
  if (std::abs(part - to_part(range, range.neutral)) < 0.02) return range.neutral;
  if (range.ratio) return range.low * std::pow(range.high / range.low, part);
  return range.low + part * (range.high - range.low);
}

std::string shown(const Range& range, double value) {
  char text[32];
  if (range.percent == 0)
    std::snprintf(text, sizeof text, "%.2f", value);
  else
    std::snprintf(text, sizeof text, range.low < 0 ? "%+.0f" : "%.0f", value * range.percent);
  return std::string(text) == "+0" || std::string(text) == "-0" ? "0" : text;
}

class Editor {
 public:
  Editor(Ui& ui, const std::string& image, const ImageAdjustments& now) : ui_(ui), image_(image), now_(now) {}

  // A change of its own.
  void set(const ImageAdjustments& changed) { ui_.wish(model::intent::SetAdjustments{image_, changed, 0}); }

  // Label, slider, number; double click goes back to neutral.
  void slider(std::string_view name, Text label, double ImageAdjustments::*field, const Range& range) {
    const Palette& p = ui_.palette;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, height = ui_.px(kRow);
    const float middle = at.y + height / 2, left = at.x + ui_.px(kLabel), knob = ui_.px(7);
    const float length = width - ui_.px(kLabel) - ui_.px(kNumber) - 2 * knob;
    const double value = now_.*field;

    ImGui::SetCursorScreenPos({left, at.y});
    ImGui::PushID(name.data(), name.data() + name.size());
    ImGui::InvisibleButton("##slider", {length + 2 * knob, height});
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
    const std::string number = shown(range, value);
    ui_.log(name, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), true, number);
    if (hovered || active) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (ImGui::IsItemActivated()) ++ui_.state.adjust.gesture;
    const ImGuiIO& io = ImGui::GetIO();
    if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
      put(field, range.neutral);
    } else if (active && (ImGui::IsItemActivated() || io.MouseDelta.x != 0)) {
      put(field, from_part(range, static_cast<double>((io.MousePos.x - left - knob) / length)));
    }

    draw_text(list, ui_.small(), {at.x, middle - ui_.small()->FontSize / 2}, p.text_soft, ui_.t(label));
    const auto x_of = [&](double v) { return left + knob + static_cast<float>(to_part(range, v)) * length; };
    const float neutral = x_of(range.neutral), here = x_of(value), bar = ui_.px(2);
    list->AddRectFilled({left + knob, middle - bar / 2}, {left + knob + length, middle + bar / 2},
                        p.line_strong, bar);
    list->AddRectFilled({std::min(neutral, here), middle - bar}, {std::max(neutral, here), middle + bar},
                        p.accent, bar);
    list->AddLine({neutral, middle - ui_.px(5)}, {neutral, middle + ui_.px(5)}, p.line_strong);
    list->AddCircleFilled({here, middle},
                          active    ? knob
                          : hovered ? knob - 1
                                    : knob - 2,
                          value == range.neutral ? p.text_soft : p.accent, 20);
    draw_text(list, ui_.small(),
              {at.x + width - text_size(ui_.small(), number).x, middle - ui_.small()->FontSize / 2}, p.text,
              number);
    ImGui::SetCursorScreenPos({at.x, at.y + height});
  }

 private:
  void put(double ImageAdjustments::*field, double value) {
    ImageAdjustments changed = now_;
    changed.*field = value;
    ui_.wish(model::intent::SetAdjustments{image_, changed, ui_.state.adjust.gesture});
  }

  Ui& ui_;
  const std::string& image_;
  const ImageAdjustments& now_;
};

bool is_slide(const model::Image& image) {
  return image.kind == ImageKind::HistopathologyWsi || image.kind == ImageKind::HistopathologyField;
}

// Returns where the title's row ends.
void title(Ui& ui, float right) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = button_height(ui, true);
  draw_text(ImGui::GetWindowDrawList(), ui.strong(), {at.x, at.y + (height - ui.strong()->FontSize) / 2},
            ui.palette.text, ui.t(Text::AdjustTitle));
  ImGui::SetCursorScreenPos({right - height + ui.px(6), at.y});
  if (icon_button(ui, "adjust.close", Icon::Cross, ui.t(Text::Close), {.small = true}))
    ui.state.adjust.open = ui.state.adjust.picking = false;
  ImGui::SetCursorScreenPos({at.x, at.y + height + ui.px(4)});
}

void white_row(Ui& ui, Editor& editor, const ImageAdjustments& now) {
  AdjustState& state = ui.state.adjust;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = button_height(ui, true);
  draw_text(ImGui::GetWindowDrawList(), ui.small(), {at.x, at.y + (height - ui.small()->FontSize) / 2},
            ui.palette.text_soft, ui.t(Text::AdjustWhite));
  ImGui::SetCursorScreenPos({at.x + ui.px(kLabel), at.y});
  if (button(ui, "adjust.pick_white", ui.t(Text::AdjustPickWhite),
             {.small = true, .pressed = state.picking, .tooltip = ui.t(Text::AdjustPickWhiteHint)}))
    state.picking = !state.picking;
  if (model::has_white(now)) {
    ImGui::SameLine(0, ui.px(4));
    if (icon_button(ui, "adjust.reset_white", Icon::Undo, ui.t(Text::AdjustResetOne), {.small = true})) {
      ImageAdjustments changed = now;
      changed.red_gain = changed.green_gain = changed.blue_gain = 1;
      editor.set(changed);
    }
  }
  ImGui::SetCursorScreenPos({at.x, at.y + height + ui.px(4)});
}

void stain_rows(Ui& ui, Editor& editor, const ImageAdjustments& now) {
  gap(ui, 4);
  paragraph(ui, ui.t(Text::AdjustStain), {ui.small(), ui.palette.text_soft});
  const int picked = segmented(
      ui, "adjust.stain",
      {ui.t(Text::AdjustStainAll), ui.t(Text::AdjustStainHaematoxylin), ui.t(Text::AdjustStainEosin)},
      static_cast<int>(now.stain), {.width = -1, .small = true});
  if (picked >= 0) {
    ImageAdjustments changed = now;
    changed.stain = static_cast<StainView>(picked);
    editor.set(changed);
  }
  if (now.stain == StainView::All) return;
  gap(ui, 4);
  if (check_row(ui, "adjust.stain_grey", ui.t(Text::AdjustStainGrey), now.stain_grey)) {
    ImageAdjustments changed = now;
    changed.stain_grey = !now.stain_grey;
    editor.set(changed);
  }
}

void footer(Ui& ui, Editor& editor, const ImageAdjustments& now) {
  const bool changed = !model::is_neutral(now);
  const float width = (ImGui::GetContentRegionAvail().x - ui.px(8)) / 2;
  button(ui, "adjust.compare", ui.t(Text::AdjustCompare),
         {.enabled = changed, .width = width, .small = true, .tooltip = ui.t(Text::AdjustCompareHint)});
  const bool compare = changed && ImGui::IsItemActive();
  if (compare != ui.state.adjust.compare) ui.state.animating = true;
  ui.state.adjust.compare = compare;
  ImGui::SameLine(0, ui.px(8));
  if (button(ui, "adjust.reset", ui.t(Text::AdjustReset),
             {.enabled = changed, .width = width, .small = true}))
    editor.set({});
}

}  // namespace

void adjust_panel(Ui& ui, const Rect& panes) {
  AdjustState& state = ui.state.adjust;
  const model::OpenCase& open = *ui.model.open_case;
  if (!open.value || open.panes.panes.empty()) state.open = false;
  if (!state.open) {
    state.picking = state.compare = false;
    return;
  }
  const model::Pane& pane = open.panes.panes[std::min(open.panes.active, open.panes.panes.size() - 1)];
  const model::Image* image = open.find_image(pane.image);
  if (!image) return;

  const float width = std::min(ui.px(kWidth), panes.width() - ui.px(20));
  ImGui::SetNextWindowPos({panes.max.x - width - ui.px(10), panes.min.y + ui.px(10)});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(kPadding), ui.px(10)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui.px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui.palette.panel);
  ImGui::PushStyleColor(ImGuiCol_Border, ui.palette.line_strong);
  ImGui::Begin("adjust", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_AlwaysAutoResize);
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(3);
  const ImageAdjustments now = model::adjustments_of(open, image->name);
  Editor editor(ui, image->name, now);
  title(ui, ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x);
  white_row(ui, editor, now);
  editor.slider("adjust.brightness", Text::AdjustBrightness, &ImageAdjustments::brightness, {-1, 1, 0});
  editor.slider("adjust.contrast", Text::AdjustContrast, &ImageAdjustments::contrast, {-1, 1, 0});
  editor.slider("adjust.gamma", Text::AdjustGamma, &ImageAdjustments::gamma,
                {model::kMinGamma, model::kMaxGamma, 1, true, 0});
  editor.slider("adjust.sharpening", Text::AdjustSharpening, &ImageAdjustments::sharpening,
                {0, model::kMaxSharpening, 0});
  if (is_slide(*image)) stain_rows(ui, editor, now);
  gap(ui, 10);
  footer(ui, editor, now);
  if (open.reading.can_edit()) {
    gap(ui, 8);
    paragraph(ui, ui.t(Text::AdjustStored), {ui.small(), ui.palette.text_faint});
  }
  ImGui::End();
}

}  // namespace hada::ui
