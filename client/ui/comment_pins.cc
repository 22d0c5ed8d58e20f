#include <algorithm>

#include "client/model/comments.h"
#include "client/ui/comments.h"
#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

constexpr float kRadius = 11, kHeight = 26;  // of the disc, and from its middle to the tip

bool shows(const PaneView& view, ImVec2 at) {
  if (at.x < view.min.x || at.y < view.min.y || at.x > view.max.x || at.y > view.max.y) return false;
  // Right of the line lies the compared image.
  const auto& comparison = view.open.panes.comparison;
  return !comparison || static_cast<double>(at.x - view.min.x) <
                            comparison->split * static_cast<double>(view.max.x - view.min.x);
}

void pin(Ui& ui, const PaneView& view, const model::CommentThread& thread) {
  const model::Comment& comment = *thread.first;
  const ImVec2 tip = view.on_screen(view.viewport.to_display(comment.at));
  if (!shows(view, tip)) return;
  const float radius = ui.px(kRadius), height = ui.px(kHeight);
  const std::string number = std::to_string(thread.number);
  const ImVec2 min{tip.x - radius, tip.y - height - radius}, max{tip.x + radius, tip.y};
  ImGui::SetCursorScreenPos(min);
  const bool clicked =
      ImGui::InvisibleButton(("comment.pin." + number).c_str(), {max.x - min.x, max.y - min.y});
  const bool hovered = ImGui::IsItemHovered();
  ui.log("comment.pin." + number, min, max, true, comment.resolved ? "resolved" : "open");
  draw_comment_pin(ui, ImGui::GetWindowDrawList(), tip, number, comment.resolved,
                   hovered || ui.state.comment.chosen == comment.name);
  if (hovered) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    tooltip(ui, comment.author_display_name + "\n" + comment.text());
  }
  if (!clicked) return;
  ui.state.comment.chosen = comment.name;
  ui.state.comment.scroll = true;
  ui.state.animating = true;
}

void begin_at(Ui& ui, const PaneView& view, model::PointD cursor) {
  CommentState& state = ui.state.comment;
  const model::PointD at = view.viewport.to_image(cursor);
  state.placing = state.place_now = false;
  state.writing = CommentState::Writing::New;
  state.image = view.image.name;
  state.at = {std::clamp(at.x, 0.0, view.viewport.image_width),
              std::clamp(at.y, 0.0, view.viewport.image_height)};
  state.chosen.clear();
  state.focus = true;
  ui.wish(model::intent::FocusPane{view.pane});
  ui.state.animating = true;
}

}  // namespace

void draw_comment_pin(Ui& ui, ImDrawList* list, ImVec2 tip, std::string_view number, bool resolved,
                      bool chosen) {
  const Palette& p = ui.palette;
  const float radius = ui.px(kRadius);
  const ImVec2 middle{tip.x, tip.y - ui.px(kHeight)};
  const ImU32 fill = resolved ? IM_COL32(96, 104, 112, 255) : p.accent;
  const ImU32 rim = chosen ? IM_COL32_WHITE : IM_COL32(0, 0, 0, 170);
  const float edge = chosen ? ui.px(2) : ui.px(1);
  // The rim goes round the whole drop: a larger one lies below.
  const auto drop = [&](float r, float down, ImU32 colour) {
    list->AddTriangleFilled({middle.x - r * 0.8f, middle.y + r * 0.6f},
                            {middle.x + r * 0.8f, middle.y + r * 0.6f}, {tip.x, tip.y + down}, colour);
    list->AddCircleFilled(middle, r, colour, 32);
  };
  drop(radius + edge, edge, rim);
  drop(radius, -edge, fill);
  const ImVec2 size = text_size(ui.small(), number);
  draw_text(list, ui.small(), {middle.x - size.x / 2, middle.y - size.y / 2},
            resolved ? IM_COL32_WHITE : p.on_accent, number);
}

void comment_pins(Ui& ui, const PaneView& view) {
  if (!shows_approval(ui.model)) return;
  const CommentState& state = ui.state.comment;
  for (const model::CommentThread& thread : model::threads_of(view.open.comments.list))
    if (thread.first->image == view.image.name) pin(ui, view, thread);
  if (state.writing != CommentState::Writing::New || state.image != view.image.name) return;
  const ImVec2 tip = view.on_screen(view.viewport.to_display(state.at));
  if (!shows(view, tip)) return;
  draw_comment_pin(ui, ImGui::GetWindowDrawList(), tip, "+", false, true);
  const float radius = ui.px(kRadius);
  ui.log("comment.pin.new", {tip.x - radius, tip.y - ui.px(kHeight) - radius}, {tip.x + radius, tip.y}, true,
         {});
}

bool place_comment(Ui& ui, const PaneView& view, model::PointD cursor) {
  CommentState& state = ui.state.comment;
  if (state.place_now) {
    if (view.hovered && !mouse_on_compared(view)) {
      begin_at(ui, view, cursor);
    } else if (!ui.state.viewer.mouse_over_pane && view.open.panes.active == view.pane) {
      begin_at(ui, view, {view.viewport.pane_width / 2, view.viewport.pane_height / 2});
    }
  }
  if (!state.placing || !view.hovered) return false;
  if (mouse_on_compared(view)) return true;  // the pane's own image is not what is seen there
  draw_comment_pin(ui, ImGui::GetForegroundDrawList(), ImGui::GetIO().MousePos, "+", false, true);
  if (ImGui::IsItemActivated() && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) begin_at(ui, view, cursor);
  return true;
}

void comment_key(Ui& ui) {
  if (!model::may_discuss(ui.model.session, *ui.model.open_case) || !pressed(ui, Command::ReviewComment))
    return;
  ui.state.comment.place_now = true;
  ui.state.animating = true;
}

}  // namespace hada::ui
