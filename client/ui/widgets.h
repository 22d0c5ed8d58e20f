#pragma once

// The interface's own widgets. Each takes a stable English name ("read.submit"), which is its ImGui id and
// its entry in the widget log; what it shows is a text of the current language.

#include <imgui.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/ui/frame.h"
#include "client/ui/icons.h"
#include "client/ui/text_layout.h"

namespace hada::ui {

enum class ButtonKind : int32_t { Primary, Secondary, Quiet, Danger };

struct ButtonLook {
  ButtonKind kind = ButtonKind::Secondary;
  std::optional<Icon> icon = {};
  bool enabled = true;
  float width = 0;  // 0: by its text; -1: the rest of the line
  bool small = false;
  bool pressed = false;   // drawn as switched on
  ImU32 text_colour = 0;  // 0: by its kind and state
  std::string_view tooltip = {};
  std::string_view shortcut = {};  // shown at the right, "Ctrl+Enter"
};

float button_height(const Ui& ui, bool small);
float button_width(const Ui& ui, std::string_view label, const ButtonLook& look);
// True when clicked (or Enter/Space is not handled here: shortcuts are the panels').
bool button(Ui& ui, std::string_view name, std::string_view label, const ButtonLook& look = {});
bool icon_button(Ui& ui, std::string_view name, Icon icon, std::string_view tooltip,
                 const ButtonLook& look = {});

// One of several, side by side. Items are named name.0, name.1 ...; returns the clicked one or -1. `current`
// -1: none.
struct SegmentLook {
  bool enabled = true;
  float width = 0;  // of the whole; 0: by the texts; -1: the rest of the line
  bool small = false;
  ImU32 colour = 0;                           // of the chosen item; 0: accent
  int first_number = 0;                       // items are named from this number
  const std::vector<size_t>* news = nullptr;  // how many new things each item has; shown where not 0
};
int segmented(Ui& ui, std::string_view name, const std::vector<std::string_view>& items, int current,
              const SegmentLook& look = {});

// A switchable tag; flows to the next line when it does not fit (see Flow).
bool chip(Ui& ui, std::string_view name, std::string_view label, bool on, bool enabled = true);
ImVec2 chip_size(const Ui& ui, std::string_view label);

// A line of choice in a popup or a list, with a check mark when on.
bool check_row(Ui& ui, std::string_view name, std::string_view label, bool on, bool radio = false);

// A short word in a tinted pill; not interactive.
void badge(Ui& ui, std::string_view text, ImU32 colour);
ImVec2 badge_size(const Ui& ui, std::string_view text);
void draw_badge(Ui& ui, ImDrawList* list, ImVec2 at, std::string_view text, ImU32 colour);

// Lays items of known width side by side and begins a new line when the next does not fit.
class Flow {
 public:
  explicit Flow(float gap, float width = 0);
  void next(float item_width);  // call before each item

 private:
  float gap_, right_, x_ = -1;
};

// A filled, rounded box around what is drawn until the end of the scope.
class Card {
 public:
  struct Look {
    ImU32 fill = 0;    // 0: raised
    ImU32 border = 0;  // 0: none
    ImU32 edge = 0;    // a coloured stripe at the left; 0: none
    float padding = 12;
    bool dashed = false;
  };
  Card(Ui& ui, const Look& look);
  explicit Card(Ui& ui) : Card(ui, Look{}) {}
  ~Card();
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

 private:
  Ui& ui_;
  Look look_;
  ImVec2 start_;
  float width_;
};

// A small heading of a section, with something at its right end.
void section(Ui& ui, std::string_view title, std::string_view right = {});
void gap(Ui& ui, float length);
void hairline(Ui& ui);
// A notice with an icon: info, warning, error. `width` 0: the rest of the line.
void notice(Ui& ui, Icon icon, ImU32 colour, std::string_view text, float width = 0);
void tooltip(Ui& ui, std::string_view text);
// In the middle of the rest of the window.
void empty_state(Ui& ui, Icon icon, std::string_view title, std::string_view hint,
                 const std::function<void()>& action = {});
// Turns as long as it is drawn; keeps the frames coming.
void spinner(Ui& ui, ImDrawList* list, ImVec2 centre, float radius, ImU32 colour);

// A window that fills a rectangle, without any of ImGui's decoration. Returns with End() called by the
// destructor.
class Region {
 public:
  Region(Ui& ui, const char* id, ImVec2 min, ImVec2 max, ImU32 ground, ImVec2 padding = {0, 0},
         bool scrolls = false);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
};

}  // namespace hada::ui
