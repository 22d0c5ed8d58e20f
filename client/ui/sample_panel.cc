// A sample of agreed cases as a gallery: each is approved here, or opened; then the rest is approved.

#include <algorithm>
#include <cmath>

#include "client/ui/fields.h"
#include "client/ui/format.h"
#include "client/ui/image_review.h"
#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

using model::SampledCase;

constexpr float kMargin = 20, kCard = 264, kGap = 16, kPicture = 168, kSmall = 36;

float head(Ui& ui, const Rect& rect) {
  const model::SampleDesk& desk = *ui.model.sample;
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float margin = ui.px(kMargin), top = rect.min.y + ui.px(16), side = button_height(ui, false);
  ImGui::SetCursorScreenPos({rect.min.x + margin - ui.px(8), top});
  const ButtonLook back{.kind = ButtonKind::Quiet, .icon = Icon::ArrowLeft};
  if (button(ui, "sample.back", ui.t(Text::BackToWorklist), back)) ui.wish(model::intent::LeaveSample{});
  const float x = rect.min.x + margin + button_width(ui, ui.t(Text::BackToWorklist), back) + ui.px(12);
  draw_text(list, ui.heading(), {x, top + (side - ui.heading()->FontSize) / 2}, p.text,
            ui.t(Text::SampleTitle));
  float y = top + side + ui.px(10);
  if (!desk.value) return y;
  const model::Sample& sample = *desk.value;
  const int all = sample.looked_at() + sample.rest_waiting + sample.rest_approved;
  const float room = rect.width() - 2 * margin;
  const auto line = [&](const std::string& text, ImU32 colour) {
    draw_wrapped(list, ui.body(), {rect.min.x + margin, y}, colour, text, room);
    y += wrapped_size(ui.body(), text, room).y + ui.px(2);
  };
  line(ui.f(Text::SampleDrawn, {std::to_string(sample.looked_at()), std::to_string(all)}), p.text_soft);
  std::string left_out;
  for (const model::LeftOut& each : sample.left_out) {
    if (!left_out.empty()) left_out += "  ·  ";
    left_out +=
        ui.f(Text::SampleLeftOutPart, {ui.t(i18n::left_out_text(each.reason)), std::to_string(each.cases)});
  }
  if (!left_out.empty()) line(ui.f(Text::SampleLeftOut, {left_out}), p.text_soft);
  return y + ui.px(6);
}

// The pictures of a case: the first large, the others small below it.
void pictures(Ui& ui, const model::Case& value, ImVec2 at, float width) {
  if (value.images.empty()) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float height = ui.px(kPicture), small = ui.px(kSmall);
  draw_thumbnail(ui, value.images[0].name, at, {at.x + width, at.y + height}, width / height);
  float x = at.x + ui.px(6);
  for (size_t i = 1; i < std::min<size_t>(value.images.size(), 5); ++i) {
    const ImVec2 min{x, at.y + height - small - ui.px(6)}, max{x + small, at.y + height - ui.px(6)};
    draw_thumbnail(ui, value.images[i].name, min, max);
    list->AddRect(min, max, ui.palette.panel, ui.px(5), 0, 1.5f);
    x += small + ui.px(4);
  }
}

void card(Ui& ui, const SampledCase& sampled, size_t index, ImVec2 at, ImVec2 size) {
  const Palette& p = ui.palette;
  const model::Case& value = sampled.value;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::string name = "sample.case." + std::to_string(index);
  const bool chosen = ui.state.sample.selected == index, waiting = model::waits(sampled);
  const ImVec2 end{at.x + size.x, at.y + size.y};
  list->AddRectFilled(at, end, p.raised, ui.px(8));
  if (chosen) list->AddRect({at.x - 2, at.y - 2}, {end.x + 2, end.y + 2}, p.accent, ui.px(9), 0, 2);

  const float pad = ui.px(12), height = ui.px(kPicture), low = button_height(ui, true);
  pictures(ui, value, at, size.x);
  // The whole card but its buttons opens the case.
  ImGui::PushID(static_cast<int>(index));
  ImGui::SetCursorScreenPos(at);
  const bool clicked = ImGui::InvisibleButton("card", {size.x, size.y - low - 2 * pad});
  if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  ImGui::PopID();
  ui.log(name, at, {end.x, end.y - low - 2 * pad}, true, model::id_of(value.name));
  if (clicked) ui.wish(model::intent::OpenCase{value.name});

  const std::string_view state = ui.t(i18n::text_of(value.state));
  const ImVec2 badge = badge_size(ui, state);
  const ImVec2 badge_at{end.x - badge.x - ui.px(6), at.y + ui.px(6)};
  list->AddRectFilled(badge_at, {badge_at.x + badge.x, badge_at.y + badge.y}, p.raised, ui.px(5));
  draw_badge(ui, list, badge_at, state, colour_of(p, value.state));

  const float room = size.x - 2 * pad;
  float y = at.y + height + ui.px(10);
  const TermNames names = names_of(ui, value.decided_term);
  draw_ellipsized(list, ui.strong(), {at.x + pad, y}, p.text,
                  value.decided_term.empty() ? std::string_view(ui.t(Text::SampleNoTerm)) : names.first,
                  room);
  y += ui.strong()->FontSize + ui.px(2);
  draw_ellipsized(list, ui.small(), {at.x + pad, y}, p.text_soft, names.second, room);
  y += ui.small()->FontSize + ui.px(4);
  const std::string agreement =
      sampled.lowest_confidence > 0
          ? ui.f(Text::SampleAgreement, {std::to_string(sampled.agreeing), std::to_string(sampled.votes),
                                         std::to_string(sampled.lowest_confidence)})
          : ui.f(Text::SampleVotes, {std::to_string(sampled.votes)});
  draw_ellipsized(list, ui.small(), {at.x + pad, y}, sampled.agreeing == sampled.votes ? p.good : p.text_soft,
                  agreement, room);

  ImGui::SetCursorScreenPos({at.x + pad, end.y - pad - low});
  const float half = (room - ui.px(8)) / 2;
  if (button(ui, name + ".open", ui.t(Text::SampleOpen), {.width = half, .small = true}))
    ui.wish(model::intent::OpenCase{value.name});
  ImGui::SetCursorScreenPos({at.x + pad + half + ui.px(8), end.y - pad - low});
  const bool sending = ui.model.sample->approving.contains(value.name);
  if (waiting && button(ui, name + ".approve", ui.t(Text::ReviewApprove),
                        {.kind = ButtonKind::Primary,
                         .icon = Icon::Check,
                         .enabled = !sending,
                         .width = half,
                         .small = true}))
    ui.wish(model::intent::ApproveSampled{value.name});
}

// Arrows choose a card, Enter opens it, A approves it and goes on to the next that waits.
void keys(Ui& ui, size_t columns) {
  const auto& cases = ui.model.sample->cases;
  if (cases.empty() || !keys_are_free() || ui.state.help_open) return;
  size_t& selected = ui.state.sample.selected;
  const auto step = [&](ImGuiKey key, int64_t by) {
    if (!key_pressed(key, true)) return;
    const int64_t target = static_cast<int64_t>(selected) + by;
    if (target >= 0 && target < static_cast<int64_t>(cases.size())) selected = static_cast<size_t>(target);
    ui.state.animating = true;
  };
  step(ImGuiKey_RightArrow, 1);
  step(ImGuiKey_LeftArrow, -1);
  step(ImGuiKey_DownArrow, static_cast<int64_t>(columns));
  step(ImGuiKey_UpArrow, -static_cast<int64_t>(columns));
  if (enter_pressed()) ui.wish(model::intent::OpenCase{cases[selected].value.name});
  if (!pressed(ui, Command::SampleApprove) || !model::waits(cases[selected])) return;
  ui.wish(model::intent::ApproveSampled{cases[selected].value.name});
  for (size_t i = 1; i < cases.size(); ++i)
    if (const size_t next = (selected + i) % cases.size(); model::waits(cases[next])) {
      selected = next;
      break;
    }
}

void gallery(Ui& ui, float width) {
  const auto& cases = ui.model.sample->cases;
  const float gap = ui.px(kGap), margin = ui.px(kMargin), inner = width - 2 * margin;
  const auto columns = std::max<size_t>(1, static_cast<size_t>((inner + gap) / (ui.px(kCard) + gap)));
  const float card_width =
      std::round((inner - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const float card_height = ui.px(kPicture + 112) + button_height(ui, true);
  ui.state.sample.selected = std::min(ui.state.sample.selected, cases.empty() ? 0 : cases.size() - 1);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  std::vector<std::string> wanted;
  for (size_t i = 0; i < cases.size(); ++i) {
    const auto column = static_cast<float>(i % columns), row = static_cast<float>(i / columns);
    card(ui, cases[i], i,
         {std::round(origin.x + margin + column * (card_width + gap)),
          std::round(origin.y + ui.px(4) + row * (card_height + gap))},
         {card_width, card_height});
    for (const model::Image& image : cases[i].value.images) wanted.push_back(image.name);
  }
  const auto rows = static_cast<float>((cases.size() + columns - 1) / columns);
  ImGui::SetCursorScreenPos(origin);
  ImGui::Dummy({width - ui.px(12), rows * (card_height + gap)});
  keys(ui, columns);
  if (wanted != ui.state.wanted_thumbnails) {
    ui.state.wanted_thumbnails = wanted;
    ui.wish(model::intent::WantThumbnails{std::move(wanted)});
  }
}

// The sample's result, and the one act that approves the rest.
void footer(Ui& ui) {
  const model::SampleDesk& desk = *ui.model.sample;
  const model::Sample& sample = *desk.value;
  const Palette& p = ui.palette;
  const auto n = [](int number) { return std::to_string(number); };
  if (sample.closed && sample.rest_waiting == 0)
    return notice(ui, Icon::Check, p.good, ui.f(Text::SampleDone, {n(sample.rest_approved)}));
  const std::string result =
      ui.f(Text::SampleResult, {n(sample.approved), n(sample.not_approved), n(sample.waiting)});
  const float left = ImGui::GetCursorScreenPos().x, width = ImGui::GetContentRegionAvail().x;
  const float top = ImGui::GetCursorScreenPos().y, side = button_height(ui, false);
  const std::string act = ui.f(Text::SampleApproveRest, {n(sample.rest_waiting)});
  const ButtonLook look{.kind = ButtonKind::Primary,
                        .icon = Icon::Check,
                        .enabled = ui.model.connection.link != model::Link::Lost &&
                                   model::may_approve_rest(desk, ui.state.sample.rationale)};
  const float wide = button_width(ui, act, look), give_up = button_width(ui, ui.t(Text::SampleClose), {});
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float room = width - wide - give_up - ui.px(32);
  const bool ask = sample.waiting == 0 && sample.not_approved > 0;
  const std::string_view hint = ui.t(desk.approving_rest  ? Text::SampleApproving
                                     : sample.waiting > 0 ? Text::SampleHint
                                                          : Text::SampleRestHint);
  draw_ellipsized(list, ui.strong(), {left, top}, sample.waiting > 0 ? p.text : p.good, result, room);
  draw_ellipsized(list, ui.small(), {left, top + ui.strong()->FontSize + ui.px(3)}, p.text_soft, hint, room);
  ImGui::SetCursorScreenPos({left + width - wide - give_up - ui.px(8), top});
  if (button(ui, "sample.close", ui.t(Text::SampleClose), {.enabled = !desk.approving_rest}))
    ui.wish(model::intent::CloseSample{});
  ImGui::SetCursorScreenPos({left + width - wide, top});
  if (button(ui, "sample.approve_rest", act, look))
    ui.wish(model::intent::ApproveRest{ui.state.sample.rationale});
  ImGui::SetCursorScreenPos({left, top + side + ui.px(8)});
  if (ask)
    (void)text_field(ui, "sample.rationale", ui.state.sample.rationale,
                     {.hint = ui.t(Text::SampleRationale)});
}

}  // namespace

void sample_panel(Ui& ui, const Rect& rect) {
  const Region region(ui, "sample", rect.min, rect.max, ui.palette.panel);
  const model::SampleDesk& desk = *ui.model.sample;
  const float top = head(ui, rect);
  ImGui::SetCursorScreenPos({rect.min.x, top});
  if (!desk.value) {
    if (!desk.error)
      return spinner(ui, ImGui::GetWindowDrawList(), {(rect.min.x + rect.max.x) / 2, top + ui.px(80)},
                     ui.px(14), ui.palette.accent);
    const bool nothing = desk.error->reason == "NOTHING_TO_SAMPLE";
    return empty_state(ui, nothing ? Icon::Inbox : Icon::Warning,
                       ui.t(nothing ? Text::SampleNothing : Text::SampleFailed),
                       nothing ? ui.t(Text::SampleNothingHint)
                               : ui.t(i18n::text_of_error(desk.error->code, desk.error->reason)));
  }
  if (ui.state.sample.name != desk.value->name) ui.state.sample = {desk.value->name, 0, {}};
  const bool ask = desk.value->waiting == 0 && desk.value->not_approved > 0 && !desk.value->closed;
  const float low = ui.px(24) + button_height(ui, false) * (ask ? 2.0f : 1.0f) + (ask ? ui.px(8) : 0);
  ImGui::BeginChild("gallery", {rect.width(), rect.max.y - low - top});
  gallery(ui, rect.width());
  ImGui::EndChild();
  ImGui::GetWindowDrawList()->AddLine({rect.min.x, rect.max.y - low}, {rect.max.x, rect.max.y - low},
                                      ui.palette.line);
  ImGui::SetCursorScreenPos({rect.min.x + ui.px(kMargin), rect.max.y - low + ui.px(12)});
  ImGui::BeginChild("footer", {rect.width() - 2 * ui.px(kMargin), low - ui.px(12)});
  footer(ui);
  ImGui::EndChild();
}

}  // namespace hada::ui
