#include "client/ui/image_review.h"

#include <algorithm>
#include <cmath>

#include "client/ui/format.h"
#include "client/ui/keys.h"
#include "client/ui/widgets.h"
#include "contract/reason_codes.h"

namespace hada::ui {
namespace {

constexpr float kSide = 44;

bool is_sending(const model::OpenCase& open, const std::string& image) {
  const auto& sending = open.decision.images;
  return std::find(sending.begin(), sending.end(), image) != sending.end();
}

// The codes, by mouse or by their numbers.
void codes(Ui& ui, const model::Image& image, size_t number) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(8), ui.px(8)});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ui.px(8), ui.px(2)});
  if (ImGui::BeginPopup("codes")) {
    label(ui, ui.f(Text::ReviewImageCode, {std::to_string(number)}), {ui.small(), ui.palette.text_soft});
    const auto& offered = contract::codes_for(contract::CodeUse::ExcludeImage);
    for (size_t i = 0; i < offered.size(); ++i) {
      const std::string digit = std::to_string(i + 1);
      const std::string words = digit + "   " + ui.t(i18n::text_of(offered[i]));
      const bool clicked =
          check_row(ui, "approve.image.code." + digit, words, image.exclusion == offered[i], true);
      if (!clicked && !(without_modifiers() && ImGui::IsKeyPressed('1' + static_cast<int>(i), false)))
        continue;
      ui.wish(model::intent::SetImageInclusion{image.name, offered[i]});
      ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

void row(Ui& ui, const model::OpenCase& open, size_t index, bool may) {
  const model::Image& image = open.value->images[index];
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, side = ui.px(kSide);
  const std::string name = "approve.image." + std::to_string(index);
  const bool out = image.exclusion != RejectCode::Unspecified;
  ImGui::PushID(name.c_str());

  const ImVec2 end{at.x + side, at.y + side};
  if (ImGui::InvisibleButton("show", {side, side}))
    ui.wish(model::intent::ShowImage{open.panes.active, image.name});
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ui.log(name + ".show", at, end, true, model::id_of(image.name));
  draw_thumbnail(ui, image.name, at, end);
  if (out) draw_left_out(ui, at, end);

  const std::vector<std::string_view> choices{ui.t(Text::ReviewImageInclude), ui.t(Text::ReviewImageExclude)};
  float room = width - side - ui.px(12);
  if (may) {
    const float wide = text_size(ui.small(), choices[0]).x + text_size(ui.small(), choices[1]).x + ui.px(56);
    room -= wide + ui.px(12);
    ImGui::SetCursorScreenPos({at.x + width - wide, std::round(at.y + (side - button_height(ui, true)) / 2)});
    const int picked = segmented(ui, name, choices, out ? 1 : 0,
                                 {.enabled = !is_sending(open, image.name) && !open.decision.sending,
                                  .width = wide,
                                  .small = true,
                                  .colour = out ? p.bad : p.good});
    if (picked == 0) ui.wish(model::intent::SetImageInclusion{image.name});
    if (picked == 1 || ui.state.approval.leave_out == image.name) {
      ui.state.approval.leave_out.clear();
      ImGui::SetNextWindowPos({at.x + width, at.y + side + ui.px(4)}, 0, {1, 0});
      ImGui::OpenPopup("codes");
      ui.state.animating = true;
    }
    ImGui::SetNextWindowPos({at.x + width, at.y + side + ui.px(4)}, ImGuiCond_Appearing, {1, 0});
    codes(ui, image, index + 1);
  }

  const float left = at.x + side + ui.px(12);
  const std::string kind = std::to_string(index + 1) + "   " + ui.t(i18n::text_of(image.kind));
  const std::string_view under = is_sending(open, image.name) ? ui.t(Text::ReviewImageSending)
                                 : out                        ? ui.t(i18n::text_of(image.exclusion))
                                                              : std::string_view();
  const float heights = ui.body()->FontSize + (under.empty() ? 0 : ui.small()->FontSize + ui.px(2));
  const float top = at.y + (side - heights) / 2;
  draw_ellipsized(list, ui.body(), {left, top}, out ? p.text_soft : p.text, kind, room);
  if (!under.empty())
    draw_ellipsized(list, ui.small(), {left, top + ui.body()->FontSize + ui.px(2)}, out ? p.bad : p.text_soft,
                    under, room);
  ImGui::SetCursorScreenPos(at);
  ImGui::Dummy({width, side});
  ImGui::PopID();
}

}  // namespace

void draw_thumbnail(Ui& ui, const std::string& image, ImVec2 min, ImVec2 max, float aspect) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, ui.palette.hover, ui.px(5));
  const auto picture = ui.resources.thumbnail ? ui.resources.thumbnail(image) : UiResources::Picture{};
  if (!picture.texture) return;
  ImVec2 uv0{0, 0}, uv1{1, 1};
  if (picture.aspect > aspect) {
    uv0.x = (1 - aspect / picture.aspect) / 2;
    uv1.x = 1 - uv0.x;
  } else if (picture.aspect > 0) {
    uv0.y = (1 - picture.aspect / aspect) / 2;
    uv1.y = 1 - uv0.y;
  }
  list->AddImageRounded(picture.texture, min, max, uv0, uv1, IM_COL32_WHITE, ui.px(5));
}

void draw_left_out(Ui& ui, ImVec2 min, ImVec2 max) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, IM_COL32(0, 0, 0, 140), ui.px(5));
  const float side = max.x - min.x;
  draw_icon(list, Icon::Cross, {(min.x + max.x) / 2, (min.y + max.y) / 2}, side * 0.5f, ui.palette.bad);
}

void image_review(Ui& ui, const model::OpenCase& open) {
  if (!open.value || open.value->images.empty()) return;
  const auto& images = open.value->images;
  const bool may = model::may_review_images(ui.model.session, open);
  const auto in = std::count_if(images.begin(), images.end(), [](const model::Image& image) {
    return image.exclusion == RejectCode::Unspecified;
  });
  const bool all_in = in == static_cast<std::ptrdiff_t>(images.size());
  if (!may && all_in) return;
  gap(ui, 16);
  section(ui, ui.t(Text::ReviewImages),
          ui.f(Text::ReviewImagesIncluded, {std::to_string(in), std::to_string(images.size())}));
  for (size_t i = 0; i < images.size(); ++i) row(ui, open, i, may);
}

void image_review_key(Ui& ui) {
  const model::OpenCase& open = *ui.model.open_case;
  if (!model::may_review_images(ui.model.session, open) || open.panes.panes.empty() ||
      !pressed(ui, Command::ReviewImage))
    return;
  const model::Image* image = open.find_image(open.panes.panes[open.panes.active].image);
  if (!image) return;
  if (image->exclusion != RejectCode::Unspecified)
    ui.wish(model::intent::SetImageInclusion{image->name});
  else
    ui.state.approval.leave_out = image->name;
  ui.state.animating = true;
}

}  // namespace hada::ui
