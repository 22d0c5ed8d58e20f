// Over the image: what is selected, under the mouse and being drawn, with its measures. The annotations
// themselves are drawn by the app.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "client/model/shape_ops.h"
#include "client/ui/format.h"
#include "client/ui/text_layout.h"
#include "client/ui/tools/tools.h"

namespace hada::ui {
namespace {

using contract::Path;
using contract::Shape;
using model::Tool;

// Told apart on pink, brown and white, and by the colour-blind (after Okabe and Ito 2008).
constexpr uint32_t kColours[] = {0x35C8F5, 0xF7D038, 0x2ECC8F, 0xB28DFF,
                                 0xFF9A3C, 0x4F7BFF, 0xE8F06A, 0x00B3A4};
static_assert(std::size(kColours) == model::kAnnotationColours);
constexpr size_t kMaxHandles = 400, kMaxLabels = 60;

ImU32 to_colour(uint32_t rgb, int alpha = 255) {
  return IM_COL32(rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF, alpha);
}

class Pen {
 public:
  Pen(Ui& ui, const PaneView& view) : ui_(ui), view_(view), list_(ImGui::GetWindowDrawList()) {}

  ImVec2 at(model::PointD p) const { return view_.on_screen(view_.viewport.to_display(p)); }

  // A dark line below a light one, to be seen on any ground.
  void path(const Path& path, bool closed, ImU32 colour, float width) {
    if (path.size() < 2) return;
    std::vector<ImVec2> points;
    points.reserve(path.size());
    for (const model::PointD p : path) {
      const ImVec2 here = at(p);
      if (points.empty() || std::abs(here.x - points.back().x) + std::abs(here.y - points.back().y) >= 0.5f)
        points.push_back(here);
    }
    const auto count = static_cast<int>(points.size());
    const ImDrawFlags flags = closed ? ImDrawFlags_Closed : 0;
    list_->AddPolyline(points.data(), count, IM_COL32(0, 0, 0, 150), flags, ui_.px(width) + ui_.px(2));
    list_->AddPolyline(points.data(), count, colour, flags, ui_.px(width));
  }
  void shape(const Shape& shape, ImU32 colour, float width) {
    for (const Path& p : contract::outline_of(shape)) {
      path(p, contract::is_region(shape.kind), colour, width);
      if (p.size() == 1) {
        list_->AddCircle(at(p[0]), ui_.px(9), IM_COL32(0, 0, 0, 150), 24, ui_.px(width) + ui_.px(2));
        list_->AddCircle(at(p[0]), ui_.px(9), colour, 24, ui_.px(width));
      }
    }
  }
  void handle(model::PointD p, bool hot) {
    const ImVec2 c = at(p);
    if (c.x < view_.min.x || c.y < view_.min.y || c.x > view_.max.x || c.y > view_.max.y) return;
    const float half = ui_.px(hot ? 6 : 4);
    list_->AddRectFilled({c.x - half, c.y - half}, {c.x + half, c.y + half}, IM_COL32(20, 24, 30, 255), 2);
    list_->AddRectFilled({c.x - half + 1, c.y - half + 1}, {c.x + half - 1, c.y + half - 1},
                         hot ? ui_.palette.accent : IM_COL32_WHITE, 2);
  }
  void circle(model::PointD p, double radius, ImU32 colour) {
    const float r = static_cast<float>(radius * view_.viewport.zoom) / view_.ratio;
    list_->AddCircle(at(p), r, IM_COL32(0, 0, 0, 160), 0, ui_.px(3));
    list_->AddCircle(at(p), r, colour, 0, ui_.px(1));
  }
  // Below the right end of what it belongs to, inside the pane.
  void label(ImVec2 where, std::string_view text, ImU32 colour) {
    if (text.empty()) return;
    ui_.shown(text);
    const float width = text_size(ui_.small(), text).x + ui_.px(16);
    where.x =
        std::clamp(where.x, view_.min.x + ui_.px(4), std::max(view_.min.x, view_.max.x - width - ui_.px(4)));
    where.y = std::clamp(where.y, view_.min.y + ui_.px(4),
                         std::max(view_.min.y, view_.max.y - pill_height(ui_) - ui_.px(4)));
    pill(ui_, where, text, colour);
  }
  // At the lowest point of a shape; nothing where the shape is out of view.
  void label_below(const Shape& shape, std::string_view text, ImU32 colour) {
    ImVec2 low{0, -1e9f}, least{1e9f, 1e9f}, most{-1e9f, -1e9f};
    for (const Path& path : contract::outline_of(shape)) {
      for (const model::PointD p : path) {
        const ImVec2 here = at(p);
        if (here.y > low.y) low = here;
        least = {std::min(least.x, here.x), std::min(least.y, here.y)};
        most = {std::max(most.x, here.x), std::max(most.y, here.y)};
      }
    }
    if (most.x < view_.min.x || most.y < view_.min.y || least.x > view_.max.x || least.y > view_.max.y)
      return;
    label({low.x + ui_.px(6), low.y + ui_.px(6)}, text, colour);
  }

 private:
  Ui& ui_;
  const PaneView& view_;
  ImDrawList* list_;
};

std::string three_digits(double value) {
  char text[32];
  if (value < 1)
    std::snprintf(text, sizeof text, "%.3g", value);
  else
    std::snprintf(text, sizeof text, "%.*f", value >= 100 ? 0 : value >= 10 ? 1 : 2, value);
  return text;
}

std::string length_with_unit(double um) {
  return um >= 1000 ? three_digits(um / 1000) + " mm" : three_digits(um) + " µm";
}

std::string caption(const Ui& ui, const PaneView& view, const model::Annotation& annotation) {
  std::string text;
  if (!annotation.term.empty()) text = names_of(ui, annotation.term).first;
  const std::string measure = measure_text(view.image, annotation.shape);
  if (!text.empty() && !measure.empty()) text += "  ·  ";
  text += measure;
  if (text.empty()) text = annotation.note;
  return text;
}

void draw_selected(Ui& ui, const PaneView& view, Pen& pen) {
  const ToolState& state = ui.state.tool;
  const auto selected = model::selected_annotations(view.open);
  for (const model::SharedAnnotation& a : selected) {
    if (a->image != view.image.name || !view.open.panes.marks.shown) continue;
    const bool gripped = state.grip && state.grip->annotation->id == a->id;
    const Shape& shape = gripped ? state.grip->shape : a->shape;
    pen.shape(shape, IM_COL32_WHITE, 2);
    if (selected.size() > 1) continue;
    const bool boxed = shape.kind == AnnotationKind::Rectangle || shape.kind == AnnotationKind::Ellipse;
    const model::PointD mouse = view.viewport.to_image(view.in_pane(ImGui::GetIO().MousePos));
    const auto hot = view.hovered && state.drawing.tool() == Tool::Select
                         ? model::handle_at(shape, mouse, reach(ui, view, 8))
                         : std::nullopt;
    const auto handle = [&](model::Handle h) { pen.handle(model::position_of(shape, h), hot == h); };
    if (boxed) {
      for (size_t i = 0; i < 4; ++i) handle({0, i});
    } else if (contract::point_count(shape) <= kMaxHandles) {
      for (size_t i = 0; i < shape.paths.size(); ++i)
        for (size_t j = 0; j < shape.paths[i].size(); ++j) handle({i, j});
    }
    model::Annotation shown = *a;
    shown.shape = shape;
    pen.label_below(shape, caption(ui, view, shown), IM_COL32_WHITE);
  }
}

void draw_new(Ui& ui, const PaneView& view, Pen& pen) {
  const ToolState& state = ui.state.tool;
  const Tool tool = state.drawing.tool();
  if (tool == Tool::Select) return;
  const bool here = state.image == view.image.name && state.drawing.begun();
  if (!here && !view.hovered) return;
  const model::PointD mouse = tool_point(ui, view, view.in_pane(ImGui::GetIO().MousePos));
  const ImU32 colour = tool == Tool::Split ? IM_COL32(255, 120, 110, 255) : IM_COL32(255, 255, 255, 255);
  if (tool == Tool::Brush && (view.hovered || here)) {
    const bool erase = ImGui::GetIO().KeyAlt;
    const ImU32 brush = erase ? IM_COL32(255, 120, 110, 255) : colour;
    if (here)
      for (const Path& path : model::brushed(state.drawing.points(), brush_radius(ui, view)))
        pen.path(path, true, brush, 1.5f);
    pen.circle(view.viewport.to_image(view.in_pane(ImGui::GetIO().MousePos)), brush_radius(ui, view), brush);
    return;
  }
  if (!here) {
    if (view.hovered && model::sets_points(tool)) pen.handle(mouse, false);
    return;
  }
  Path points = state.drawing.points();
  if (model::sets_points(tool) && view.hovered) points.push_back(mouse);
  if (tool == Tool::Rectangle || tool == Tool::Ellipse) {
    if (auto shape =
            model::shape_of(tool, points, 1, view.viewport.image_width, view.viewport.image_height)) {
      pen.shape(*shape, colour, 1.5f);
      pen.label_below(*shape, measure_text(view.image, *shape), IM_COL32_WHITE);
    }
    return;
  }
  const bool outline = contract::is_outline(model::kind_of(tool));
  pen.path(points, tool == Tool::Freehand, colour, 1.5f);
  if (tool == Tool::Freehand) return;
  for (size_t i = 0; i < state.drawing.points().size(); ++i)
    pen.handle(state.drawing.points()[i], outline && i == 0 && state.drawing.points().size() >= 3);
  if (tool == Tool::Split || points.size() < 2) return;
  const Shape shape{outline && points.size() >= 3               ? AnnotationKind::Polygon
                    : tool == Tool::Angle && points.size() == 3 ? AnnotationKind::Angle
                                                                : AnnotationKind::Length,
                    {points}};
  const ImVec2 at = ImGui::GetIO().MousePos;
  pen.label({at.x + ui.px(16), at.y + ui.px(16)}, measure_text(view.image, shape), IM_COL32_WHITE);
}

}  // namespace

uint32_t annotation_rgb(size_t colour) { return kColours[colour % std::size(kColours)]; }

std::shared_ptr<const DrawnAnnotations> drawn_annotations(Ui& ui, const std::string& image) {
  ToolState::Kept& of_image = ui.state.tool.drawn[image];
  std::shared_ptr<const DrawnAnnotations>& kept = of_image.drawn;
  // The model changes between frames only.
  if (std::exchange(of_image.frame, ImGui::GetFrameCount()) == ImGui::GetFrameCount()) return kept;
  auto list = model::shown_annotations(*ui.model.open_case, ui.model.session, image);
  const auto same = [](const model::ShownAnnotation& a, const model::ShownAnnotation& b) {
    return a.annotation == b.annotation && a.colour == b.colour && a.own == b.own;
  };
  if (list.empty()) {
    kept = nullptr;
  } else if (!kept || !std::equal(list.begin(), list.end(), kept->list.begin(), kept->list.end(), same)) {
    auto drawn = std::make_shared<DrawnAnnotations>();
    for (const model::ShownAnnotation& shown : list) {
      drawn->rgb.push_back(annotation_rgb(shown.colour));
      drawn->annotations.push_back(shown.annotation);
    }
    drawn->index = model::index_of(drawn->annotations);
    drawn->list = std::move(list);
    kept = std::move(drawn);
  }
  return kept;
}

std::string measure_text(const model::Image& image, const Shape& shape) {
  const bool known = image.mpp_x > 0;
  const double mpp_x = known ? image.mpp_x : 1, mpp_y = known && image.mpp_y > 0 ? image.mpp_y : mpp_x;
  const contract::Measures m = contract::measures_of(shape, mpp_x, mpp_y);
  if (shape.kind == AnnotationKind::Angle) return three_digits(m.degrees) + "°";
  if (contract::is_region(shape.kind)) {
    if (!known) return three_digits(m.area) + " px²";
    return m.area >= 10'000 ? three_digits(m.area / 1e6) + " mm²" : three_digits(m.area) + " µm²";
  }
  if (shape.kind != AnnotationKind::Length) return {};
  return known ? length_with_unit(m.length) : three_digits(m.length) + " px";
}

void draw_tool_marks(Ui& ui, const PaneView& view) {
  // Not over the neighbour, nor over the other half of a comparison.
  const auto& comparison = view.open.panes.comparison;
  const float part = comparison ? static_cast<float>(comparison->split) : 1.0f;
  ImGui::PushClipRect(view.min, {view.min.x + (view.max.x - view.min.x) * part, view.max.y}, true);
  Pen pen(ui, view);
  const auto drawn = drawn_annotations(ui, view.image.name);
  if (drawn) {
    size_t labels = 0;
    for (const model::ShownAnnotation& shown : drawn->list) {
      const bool selected = model::is_selected(view.open, shown.annotation->id);
      if (!model::is_measure(shown.annotation->shape.kind) || selected || labels >= kMaxLabels) continue;
      ++labels;
      pen.label_below(shown.annotation->shape, measure_text(view.image, shown.annotation->shape),
                      to_colour(annotation_rgb(shown.colour)));
    }
    const bool choosing = ui.state.tool.drawing.tool() == Tool::Select && view.hovered &&
                          !ui.state.tool.grip && !mouse_on_compared(view) &&
                          !ImGui::IsMouseDown(ImGuiMouseButton_Left);
    const model::PointD mouse = view.viewport.to_image(view.in_pane(ImGui::GetIO().MousePos));
    if (const model::ShownAnnotation* under = choosing ? annotation_at(ui, view, mouse) : nullptr;
        under && !model::is_selected(view.open, under->annotation->id)) {
      const ImU32 colour = to_colour(annotation_rgb(under->colour));
      pen.shape(under->annotation->shape, colour, 3);
      pen.label_below(under->annotation->shape, caption(ui, view, *under->annotation), colour);
    }
  }
  draw_selected(ui, view, pen);
  draw_new(ui, view, pen);
  ImGui::PopClipRect();
}

}  // namespace hada::ui
