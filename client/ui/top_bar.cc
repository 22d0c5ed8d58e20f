#include <algorithm>
#include <cmath>

#include "client/ui/keys.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {
namespace {

std::string waiting_text(const Ui& ui) {
  const int count = ui.model.connection.waiting_changes;
  return ui.f(Text::LinkWaiting, {std::to_string(count)});
}

std::string banner_text(const Ui& ui) {
  std::string text(ui.t(Text::BannerLost));
  if (ui.model.ahead.on) {
    if (ui.language != Language::Japanese) text += ' ';
    text += ui.f(Text::BannerHeld, {std::to_string(ui.model.ahead.ready())});
  }
  return text;
}

void user_menu(Ui& ui) {
  const model::User& user = *ui.model.session.user;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {ui.px(16), ui.px(14)});
  if (ImGui::BeginPopup("user_menu")) {
    ImGui::Dummy({ui.px(260), 0});
    label(ui, user.display_name, {ui.strong(), 0});
    for (const model::RoleGrant& grant : user.grants) {
      std::string line = ui.t(i18n::text_of(grant.role));
      if (!grant.site.empty()) line += " · " + model::id_of(grant.site);
      label(ui, line, {ui.small(), ui.palette.text_soft});
    }
    gap(ui, 14);
    hairline(ui);
    gap(ui, 14);
    const float row = ImGui::GetCursorScreenPos().y;
    draw_text(ImGui::GetWindowDrawList(), ui.body(),
              {ImGui::GetCursorScreenPos().x, row + (button_height(ui, true) - ui.body()->FontSize) / 2},
              ui.palette.text, ui.t(Text::TextSize));
    const double size = ui.model.settings.ui_scale;
    ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x + ui.px(132), row});
    if (icon_button(ui, "top.text_smaller", Icon::Minus, {},
                    {.enabled = size > model::kMinUiScale, .small = true}))
      ui.wish(model::intent::SetUiScale{size - model::kUiScaleStep});
    ImGui::SameLine(0, ui.px(4));
    const std::string percent = std::to_string(std::lround(size * 100)) + "%";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(ImGui::GetWindowDrawList(), ui.small(),
              {at.x + (ui.px(48) - text_size(ui.small(), percent).x) / 2,
               at.y + (button_height(ui, true) - ui.small()->FontSize) / 2},
              ui.palette.text_soft, percent);
    ImGui::Dummy({ui.px(48), button_height(ui, true)});
    ImGui::SameLine(0, ui.px(4));
    if (icon_button(ui, "top.text_larger", Icon::Plus, {},
                    {.enabled = size < model::kMaxUiScale, .small = true}))
      ui.wish(model::intent::SetUiScale{size + model::kUiScaleStep});
    if (check_row(ui, "top.reduced_motion", ui.t(Text::ReducedMotion), ui.model.settings.reduced_motion))
      ui.wish(model::intent::SetReducedMotion{!ui.model.settings.reduced_motion});
    gap(ui, 14);
    if (button(ui, "top.logout", ui.t(Text::Logout), {.width = -1})) {
      ui.wish(model::intent::Logout{});
      ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace

void top_bar(Ui& ui, const Rect& rect) {
  const Region region(ui, "top_bar", rect.min, rect.max, ui.palette.panel);
  const Palette& p = ui.palette;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({rect.min.x, rect.max.y - 1}, {rect.max.x, rect.max.y - 1}, p.line);
  const float middle = (rect.min.y + rect.max.y) / 2;

  float x = rect.min.x + ui.px(20);
  draw_text(list, ui.heading(), {x, middle - ui.heading()->FontSize / 2}, p.accent, ui.t(Text::AppMark));
  x += text_size(ui.heading(), ui.t(Text::AppMark)).x + ui.px(8);
  draw_text(list, ui.heading(), {x, middle - ui.heading()->FontSize / 2}, p.text, ui.t(Text::AppName));

  // From the right: user, help, theme, language, connection.
  float right = rect.max.x - ui.px(12);
  const auto place = [&](float width, float height) {
    right -= width;
    ImGui::SetCursorScreenPos({right, std::round(middle - height / 2)});
  };
  const float side = button_height(ui, false);
  if (ui.model.session.user && ui.model.session.phase == model::SessionPhase::LoggedIn) {
    const std::string_view name = ui.shown(ui.model.session.user->display_name);
    const ButtonLook look{.kind = ButtonKind::Quiet, .icon = Icon::Person};
    place(button_width(ui, name, look), side);
    if (button(ui, "top.user", name, look)) ImGui::OpenPopup("user_menu");
    user_menu(ui);
    right -= ui.px(4);
  }
  if (ui.model.session.phase == model::SessionPhase::LoggedIn && !ui.model.open_case &&
      may_see_statistics(ui.model)) {
    place(side, side);
    const bool open = ui.model.statistics.has_value();
    if (icon_button(ui, "top.statistics", Icon::Chart,
                    with_key(ui, ui.t(Text::StatisticsTitle), Command::Statistics), {.pressed = open}))
      toggle_statistics(ui);
    right -= ui.px(4);
  }
  place(side, side);
  if (icon_button(ui, "top.help", Icon::Question, ui.t(Text::Help))) ui.state.help_open = !ui.state.help_open;
  right -= ui.px(4);
  place(side, side);
  if (icon_button(ui, "top.theme", p.dark ? Icon::Sun : Icon::Moon,
                  ui.t(p.dark ? Text::ThemeLight : Text::ThemeDark)))
    ui.wish(model::intent::SetTheme{p.dark ? model::Theme::Light : model::Theme::Dark});
  right -= ui.px(8);
  const float languages = ui.px(128), low = button_height(ui, true);
  place(languages, low);
  const int picked =
      segmented(ui, "top.language", {ui.t(Text::LanguageEnglish), ui.t(Text::LanguageJapanese)},
                ui.language == Language::Japanese ? 1 : 0, {.width = languages, .small = true});
  if (picked >= 0) ui.wish(model::intent::SetLanguage{picked == 1 ? Language::Japanese : Language::English});
  right -= ui.px(18);

  const model::ConnectionState& link = ui.model.connection;
  const Text text = link.link == model::Link::Connected ? Text::LinkConnected
                    : link.link == model::Link::Lost    ? Text::LinkLost
                                                        : Text::LinkConnecting;
  const ImU32 colour = link.link == model::Link::Connected ? p.good
                       : link.link == model::Link::Lost    ? p.bad
                                                           : p.warn;
  const ImVec2 size = text_size(ui.small(), ui.t(text));
  place(size.x, ui.small()->FontSize);
  const ImVec2 link_at = ImGui::GetCursorScreenPos();
  draw_text(list, ui.small(), link_at, p.text_soft, ui.t(text));
  ui.log("top.link", link_at, {link_at.x + size.x, link_at.y + size.y}, true, ui.t(text));
  right -= ui.px(14);
  list->AddCircleFilled({right + ui.px(4), middle}, ui.px(4), colour, 16);
  if (link.waiting_changes > 0) {
    const std::string waiting = waiting_text(ui);
    const ImVec2 pill = badge_size(ui, waiting);
    right -= ui.px(14);
    place(pill.x, pill.y);
    badge(ui, waiting, p.warn);
  }
  if (!ui.model.unsettled.empty() && ui.model.session.phase == model::SessionPhase::LoggedIn) {
    const std::string text = ui.f(Text::UnsettledBadge, {std::to_string(ui.model.unsettled.size())});
    const ButtonLook look{.kind = ButtonKind::Danger, .icon = Icon::Warning, .small = true};
    right -= ui.px(14);
    place(button_width(ui, text, look), low);
    if (button(ui, "top.unsettled", text, look)) ImGui::OpenPopup("unsettled_menu");
    unsettled_menu(ui);
  }
}

float connection_banner_height(Ui& ui, float width) {
  if (ui.model.connection.link != model::Link::Lost) return 0;
  return wrapped_size(ui.small(), banner_text(ui), width - ui.px(64)).y + ui.px(14);
}

void connection_banner(Ui& ui, const Rect& rect) {
  const Region region(ui, "banner", rect.min, rect.max, blend(ui.palette.panel, ui.palette.warn, 0.18f));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::string text = banner_text(ui);
  draw_icon(list, Icon::LinkBroken, {rect.min.x + ui.px(28), (rect.min.y + rect.max.y) / 2}, ui.px(15),
            ui.palette.warn);
  draw_wrapped(list, ui.small(), {rect.min.x + ui.px(48), rect.min.y + ui.px(7)}, ui.palette.text, text,
               rect.width() - ui.px(64));
  ui.log("banner.lost", rect.min, rect.max, true, text);
}

}  // namespace hada::ui
