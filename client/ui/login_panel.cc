#include <algorithm>

#include "client/ui/fields.h"
#include "client/ui/panels.h"
#include "client/ui/widgets.h"

namespace hada::ui {

void login_panel(Ui& ui, const Rect& rect) {
  const model::SessionState& session = ui.model.session;
  LoginState& state = ui.state.login;
  if (!state.filled) {
    state.user_id = ui.model.settings.last_user;
    state.filled = true;
  }
  const Region region(ui, "login", rect.min, rect.max, ui.palette.ground);
  ImDrawList* list = ImGui::GetWindowDrawList();

  const float width = std::min(ui.px(400), rect.width() - ui.px(32)), padding = ui.px(32);
  const float inner = width - 2 * padding;
  const bool lost = ui.model.connection.link == model::Link::Lost;
  const bool working = session.phase == model::SessionPhase::LoggingIn;
  std::string trouble;
  if (session.error)
    trouble = ui.t(i18n::text_of_error(session.error->code, session.error->reason));
  else if (lost)
    trouble = ui.t(Text::LoginNoServer);
  else if (session.expired)
    trouble = ui.t(Text::LoginExpired);
  const float trouble_height =
      trouble.empty() ? 0 : wrapped_size(ui.small(), trouble, inner - ui.px(46)).y + ui.px(32);
  const float height = ui.px(400) + trouble_height;
  const ImVec2 min{rect.min.x + (rect.width() - width) / 2,
                   rect.min.y + std::max(ui.px(16), (rect.height() - height) * 0.42f)};
  const ImVec2 max{min.x + width, min.y + height};
  list->AddRectFilled(min, max, ui.palette.panel, ui.px(12));
  list->AddRect(min, max, ui.palette.line, ui.px(12));

  float y = min.y + padding;
  const float left = min.x + padding;
  draw_text(list, ui.title(), {left, y}, ui.palette.accent, ui.t(Text::AppMark));
  draw_text(list, ui.title(), {left + text_size(ui.title(), ui.t(Text::AppMark)).x + ui.px(12), y},
            ui.palette.text, ui.t(Text::AppName));
  y += ui.title()->FontSize + ui.px(2);
  draw_text(list, ui.small(), {left, y}, ui.palette.text_soft, ui.t(Text::AppSubtitle));
  y += ui.small()->FontSize + ui.px(24);

  const auto field_label = [&](Text text) {
    draw_text(list, ui.small(), {left, y}, ui.palette.text_soft, ui.t(text));
    y += ui.small()->FontSize + ui.px(4);
    ImGui::SetCursorScreenPos({left, y});
  };
  const bool focus_user = state.wants_focus && state.user_id.empty();
  const bool focus_password = state.wants_focus && !state.user_id.empty();
  state.wants_focus = false;
  field_label(Text::LoginUser);
  const FieldEvent user =
      text_field(ui, "login.user", state.user_id, {.enabled = !working, .focus = focus_user, .width = inner});
  y += button_height(ui, false) + ui.px(14);
  field_label(Text::LoginPassword);
  const FieldEvent password =
      text_field(ui, "login.password", state.password,
                 {.password = true,
                  .enabled = !working,
                  .focus = focus_password || user.entered,
                  .width = inner,
                  .bad = session.error && session.error->reason == "BAD_CREDENTIALS"});
  y += button_height(ui, false) + ui.px(22);

  ImGui::SetCursorScreenPos({left, y});
  const bool complete = !state.user_id.empty() && !state.password.empty();
  const bool pressed = button(ui, "login.submit", ui.t(working ? Text::LoginWorking : Text::LoginSubmit),
                              {.kind = ButtonKind::Primary, .enabled = complete && !working, .width = inner});
  y += button_height(ui, false) + ui.px(14);
  if ((pressed || password.entered) && complete && !working) {
    ui.wish(model::intent::Login{state.user_id, state.password});
    std::fill(state.password.begin(), state.password.end(), '\0');
    state.password.clear();
  }
  if (!trouble.empty()) {
    ImGui::SetCursorScreenPos({left, y});
    ImGui::BeginChild("trouble", {inner, trouble_height});
    notice(ui, Icon::Warning, session.error ? ui.palette.bad : ui.palette.warn, trouble);
    ImGui::EndChild();
  }
}

}  // namespace hada::ui
