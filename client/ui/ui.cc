#include "client/ui/ui.h"

#include <algorithm>
#include <cmath>

#include "client/ui/panels.h"

namespace hada::ui {
namespace {

constexpr float kTopBar = 52, kFilmstrip = 84, kReadWidth = 400;

// The vocabulary's names may hold characters that nothing else does.
void note_vocabulary(Ui& ui) {
  const contract::Vocabulary* vocabulary = ui.model.vocabulary.get();
  if (vocabulary == ui.state.noted_vocabulary) return;
  ui.state.noted_vocabulary = vocabulary;
  if (!vocabulary) return;
  for (const contract::Term& term : vocabulary->terms()) {
    ui.shown(term.en);
    ui.shown(term.ja);
    for (const std::string& name : term.synonyms_en) ui.shown(name);
    for (const std::string& name : term.synonyms_ja) ui.shown(name);
  }
}

// The review needs room for columns; reading leaves it to the images.
float side_width(const Ui& ui, float width) {
  if (!shows_approval(ui.model)) return std::min(ui.px(kReadWidth), width * 0.45f);
  const size_t readers = std::clamp<size_t>(ui.model.open_case->reads.size(), 2, 4);
  const float wanted = ui.px(60) + ui.px(215) * static_cast<float>(readers);
  return std::clamp(wanted, ui.px(420), std::max(ui.px(420), width * 0.5f));
}

// Everything beside the top bar while a case is open; gives the area where toasts may stand.
Rect case_screen(Ui& ui, const Rect& rect) {
  if (ui.state.viewer.images_only) {
    viewer_panel(ui, rect);
    return rect;
  }
  const float header = case_header_height(ui, rect.width());
  case_header(ui, {rect.min, {rect.max.x, rect.min.y + header}});
  const float side = std::round(side_width(ui, rect.width())), split = rect.max.x - side;
  const float top = rect.min.y + header, low = rect.max.y - ui.px(kFilmstrip);
  const Rect viewer{{rect.min.x, top}, {split, low}};
  viewer_panel(ui, viewer);
  filmstrip(ui, {{rect.min.x, low}, {split, rect.max.y}});
  const Rect panel{{split, top}, rect.max};
  if (shows_approval(ui.model))
    approval_panel(ui, panel);
  else
    read_panel(ui, panel);
  return viewer;
}

}  // namespace

void draw_ui(const model::Model& model, UiState& state, const UiResources& resources,
             std::vector<model::Intent>& intents) {
  const Palette& palette = palette_of(model.settings.theme);
  Ui ui{model, state, resources, intents, palette, model.settings.language, resources.scale};
  apply_style(palette, ui.scale);
  state.panes.clear();
  note_vocabulary(ui);

  const ImVec2 origin = ImGui::GetMainViewport()->Pos, size = ImGui::GetMainViewport()->Size;
  const ImVec2 end{origin.x + size.x, origin.y + size.y};
  const bool logged_in = model.session.phase == model::SessionPhase::LoggedIn && model.session.user;
  if (!logged_in || !model.open_case) state.viewer.images_only = false;
  float y = origin.y;
  if (!state.viewer.images_only) {
    y += ui.px(kTopBar);
    top_bar(ui, {origin, {end.x, y}});
  }
  if (logged_in)
    if (const float banner = std::round(connection_banner_height(ui, size.x)); banner > 0) {
      connection_banner(ui, {{origin.x, y}, {end.x, y + banner}});
      y += banner;
    }
  const Rect rest{{origin.x, y}, end};
  Rect toasts = rest;
  if (!logged_in)
    login_panel(ui, rest);
  else if (model.open_case)
    toasts = case_screen(ui, rest);
  else if (model.statistics)
    statistics_panel(ui, rest);
  else if (model.sample)
    sample_panel(ui, rest);
  else
    worklist_panel(ui, rest);
  if (logged_in) {
    state.login.password.clear();
    state.login.wants_focus = true;  // for the next time
  }
  toasts_panel(ui, toasts);
  shortcuts(ui);
  help_overlay(ui);  // last: the key that is pressed for a command does not do what it did before
  if (resources.fonts->unfinished()) state.animating = true;
}

}  // namespace hada::ui
