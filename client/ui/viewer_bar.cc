// The viewer's tools in one line above the images; in two where the viewer is narrow.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

#include "client/model/magnification.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/viewer_keys.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kLine = 40, kMargin = 10, kBetween = 17;
constexpr float kLayoutItem = 26;

// Tools that belong together; drawn from the left at ImGui's cursor.
struct Group {
  float width;
  std::function<void()> draw;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

class Bar {
 public:
  Bar(Ui& ui, const model::OpenCase& open)
      : ui_(ui),
        open_(open),
        active_(std::min(open.panes.active, open.panes.panes.size() - 1)),
        side_(button_height(ui, true)),
        fit_key_(chord_text(ui, Command::ViewerFit)),
        native_key_(chord_text(ui, Command::ViewerOneToOne)) {}

  std::vector<Group> groups() {
    std::vector<Group> all{zoom(), presets(), direction(), aids()};
    if (open_.value->images.size() > 1) all.push_back(several());
    all.push_back(outside());
    return all;
  }

 private:
  const model::Viewport& view() const { return open_.panes.panes[active_].viewport; }
  float icons(int count) const { return static_cast<float>(count) * side_; }

  bool icon(std::string_view name, Icon icon, Text text, Command command, bool pressed = false,
            bool enabled = true) {
    const bool clicked =
        icon_button(ui_, name, icon, with_key(ui_, ui_.t(text), command),
                    {.kind = ButtonKind::Quiet, .enabled = enabled, .small = true, .pressed = pressed});
    ImGui::SameLine(0, 0);
    return clicked;
  }

  Group zoom() {
    const ButtonLook fit{.kind = ButtonKind::Quiet, .small = true, .shortcut = fit_key_};
    const ButtonLook native{.kind = ButtonKind::Quiet, .small = true, .shortcut = native_key_};
    const float width = button_width(ui_, ui_.t(Text::ViewerFit), fit) +
                        button_width(ui_, ui_.t(Text::ViewerOneToOne), native) + icons(2);
    return {width, [=, this] {
              const model::PointD middle{view().pane_width / 2, view().pane_height / 2};
              if (button(ui_, "viewer.fit", ui_.t(Text::ViewerFit), fit))
                ui_.wish(model::intent::Fit{active_});
              ImGui::SameLine(0, 0);
              if (button(ui_, "viewer.one_to_one", ui_.t(Text::ViewerOneToOne), native))
                ui_.wish(model::intent::OneToOne{active_});
              ImGui::SameLine(0, 0);
              if (icon("viewer.zoom_out", Icon::Minus, Text::ViewerZoomOut, Command::ViewerZoomOut))
                add_zoom(ui_, active_, 1 / 1.4, middle);
              if (icon("viewer.zoom_in", Icon::Plus, Text::ViewerZoomIn, Command::ViewerZoomIn))
                add_zoom(ui_, active_, 1.4, middle);
            }};
  }

  // Red where the image has no more to show, off where the size of its pixels is unknown.
  Group presets() {
    float width = 0;
    for (const double m : model::kMagnifications) width += preset_width(m);
    return {width, [this] {
              const model::Image* image = open_.find_image(open_.panes.panes[active_].image);
              for (size_t i = 0; i < model::kMagnifications.size(); ++i) {
                const double m = model::kMagnifications[i];
                const double zoom = image ? model::zoom_at_magnification(*image, m) : 0;
                const bool beyond = model::beyond_native(zoom);
                const bool fits = zoom > 0 && zoom <= view().max_zoom();
                const std::string name = number(m);
                const std::string what =
                    zoom <= 0 ? std::string(ui_.t(Text::ViewerPresetUnknown))
                    : !fits   ? ui_.f(Text::ViewerPresetTooLarge, {name})
                    : beyond  ? ui_.f(Text::ViewerPresetBeyond, {name})
                              : ui_.f(Text::ViewerPreset, {name, number(model::kUmPerPixelAt1x / m)});
                ButtonLook look{.kind = ButtonKind::Quiet, .enabled = fits, .small = true};
                look.width = preset_width(m);
                look.pressed = fits && std::abs(view().zoom / zoom - 1) < 0.005;
                if (beyond) look.text_colour = ui_.palette.bad;
                const std::string key = with_key(ui_, what, kPresets[i]);
                look.tooltip = key;
                if (button(ui_, "viewer.preset." + name, name + "×", look))
                  ui_.wish(model::intent::ZoomTo{active_, zoom});
                ImGui::SameLine(0, 0);
              }
            }};
  }
  float preset_width(double magnification) const {
    return std::round(text_size(ui_.small(), number(magnification) + "×").x + ui_.px(13));
  }

  Group direction() {
    return {
        icons(4), [this] {
          if (icon("viewer.turn_left", Icon::TurnLeft, Text::ViewerTurnLeft, Command::ViewerTurnLeft))
            ui_.wish(model::intent::TurnBy{active_, -90});
          if (icon("viewer.turn_right", Icon::TurnRight, Text::ViewerTurnRight, Command::ViewerTurnRight))
            ui_.wish(model::intent::TurnBy{active_, 90});
          if (icon("viewer.mirror", Icon::Mirror, Text::ViewerMirror, Command::ViewerMirror, view().mirrored))
            ui_.wish(model::intent::Mirror{active_});
          if (icon("viewer.upright", Icon::Upright, Text::ViewerUpright, Command::ViewerUpright, false,
                   !view().upright()))
            ui_.wish(model::intent::Upright{active_});
        }};
  }

  Group aids() {
    return {
        icons(3), [this] {
          ViewerState& viewer = ui_.state.viewer;
          if (icon("viewer.grid", Icon::Grid, Text::ViewerGrid, Command::ViewerGrid, viewer.grid))
            viewer.grid = !viewer.grid;
          if (icon("viewer.lens_switch", Icon::Lens, Text::ViewerLens, Command::ViewerLens, viewer.lens))
            viewer.lens = !viewer.lens;
          AdjustState& adjust = ui_.state.adjust;
          if (icon("viewer.adjust", Icon::Contrast, Text::AdjustTitle, Command::ViewerAdjust, adjust.open))
            adjust.open = !adjust.open;
        }};
  }

  Group several() {
    const auto count = static_cast<int>(std::min<size_t>(open_.value->images.size(), model::kMaxPanes));
    const float layout = ui_.px(kLayoutItem) * static_cast<float>(count), gap = ui_.px(6);
    return {layout + gap + icons(3), [=, this] {
              const model::Panes& panes = open_.panes;
              std::vector<std::string> digits;
              for (int i = 1; i <= count; ++i) digits.push_back(std::to_string(i));
              const std::vector<std::string_view> items(digits.begin(), digits.end());
              const ImVec2 at = ImGui::GetCursorScreenPos();
              const int picked =
                  segmented(ui_, "viewer.layout", items, static_cast<int>(panes.panes.size()) - 1,
                            {.width = layout, .small = true, .first_number = 1});
              if (picked >= 0) ui_.wish(model::intent::SetLayout{picked + 1});
              if (ImGui::IsMouseHoveringRect(at, {at.x + layout, at.y + side_})) {
                const float item = layout / static_cast<float>(count);
                const int over =
                    std::clamp(static_cast<int>((ImGui::GetIO().MousePos.x - at.x) / item), 0, count - 1);
                tooltip(ui_, with_key(ui_, words_of(line_of(kLayouts[over]), ui_.language), kLayouts[over]));
              }
              ImGui::SetCursorScreenPos({at.x + layout + gap, at.y});
              const bool linked = all_linked(panes);
              if (icon("viewer.link_all", Icon::Chain, Text::ViewerLinkAll, Command::ImagesLinkAll, linked,
                       panes.panes.size() > 1))
                ui_.wish(model::intent::LinkAll{!linked});
              if (icon("viewer.register", Icon::Register, Text::ViewerRegister, Command::ImagesRegister,
                       panes.registering.has_value()))
                ui_.wish(model::intent::ToggleRegistration{});
              if (icon("viewer.compare", Icon::Compare, Text::ViewerCompare, Command::ImagesCompare,
                       panes.comparison.has_value()))
                ui_.wish(model::intent::Compare{!panes.comparison});
            }};
  }

  Group outside() {
    return {icons(4), [this] {
              if (icon("viewer.copy", Icon::Copy, Text::ViewerCopy, Command::ViewerCopy))
                ui_.wish(model::intent::ExportView{active_, model::ExportTarget::Clipboard});
              if (icon("viewer.save", Icon::Save, Text::ViewerSave, Command::ViewerSave))
                ui_.wish(model::intent::ExportView{active_, model::ExportTarget::File});
              if (icon("viewer.images_only", Icon::ImagesOnly, Text::ViewerImagesOnly, Command::ImagesOnly,
                       ui_.state.viewer.images_only))
                set_images_only(ui_, !ui_.state.viewer.images_only);
              if (icon("viewer.full_screen", Icon::FullScreen, Text::ViewerFullScreen, Command::FullScreen))
                ui_.wish(model::intent::ToggleFullScreen{});
            }};
  }

  Ui& ui_;
  const model::OpenCase& open_;
  size_t active_;
  float side_;
  std::string fit_key_, native_key_;
};

// The line of each group.
std::vector<int> lines_of(const Ui& ui, const std::vector<Group>& groups, float width) {
  std::vector<int> lines;
  float x = 0;
  int line = 0;
  const float room = width - 2 * ui.px(kMargin);
  for (const Group& group : groups) {
    if (x > 0 && x + ui.px(kBetween) + group.width > room) {
      ++line;
      x = 0;
    }
    x += (x > 0 ? ui.px(kBetween) : 0) + group.width;
    lines.push_back(line);
  }
  return lines;
}

bool has_tools(const model::OpenCase& open) { return open.value && !open.panes.panes.empty(); }

}  // namespace

float viewer_bar_height(Ui& ui, float width) {
  const model::OpenCase& open = *ui.model.open_case;
  if (!has_tools(open)) return 0;
  Bar bar(ui, open);
  return ui.px(kLine) * static_cast<float>(lines_of(ui, bar.groups(), width).back() + 1);
}

void viewer_bar(Ui& ui, const Rect& rect) {
  const model::OpenCase& open = *ui.model.open_case;
  if (!has_tools(open)) return;
  const Region region(ui, "viewer_bar", rect.min, rect.max, ui.palette.panel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({rect.min.x, rect.max.y - 1}, {rect.max.x, rect.max.y - 1}, ui.palette.line);
  Bar bar(ui, open);
  const std::vector<Group> groups = bar.groups();
  const std::vector<int> lines = lines_of(ui, groups, rect.width());
  const float low = button_height(ui, true), margin = ui.px(kMargin), between = ui.px(kBetween);
  float x = rect.min.x + margin;
  for (size_t i = 0; i < groups.size(); ++i) {
    const float top = rect.min.y + ui.px(kLine) * static_cast<float>(lines[i]);
    const float middle = top + ui.px(kLine) / 2;
    if (i > 0 && lines[i] != lines[i - 1]) {
      x = rect.min.x + margin;
    } else if (i > 0) {
      const float line = std::round(x + between / 2);
      list->AddLine({line, middle - ui.px(9)}, {line, middle + ui.px(9)}, ui.palette.line_strong);
      x += between;
    }
    ImGui::SetCursorScreenPos({std::round(x), std::round(middle - low / 2)});
    groups[i].draw();
    x += groups[i].width;
  }
}

}  // namespace hada::ui
