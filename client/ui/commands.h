#pragma once

// What can be done by a key: one table (commands.inc) of which the code that tests keys, the tooltips and the
// help all live. The user's own chords are in model::Settings::keys. Pure; pressing is in keys.h.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/i18n/texts.h"
#include "client/model/chord.h"
#include "client/model/model.h"

namespace hada::ui {

enum class Command : int32_t {
#define HADA_COMMAND(key, ...) key,
#define HADA_NUMBERED(key, ...) key,
#define HADA_FAMILY(...)
#define HADA_FIXED(...)
#define HADA_GESTURE(...)
#include "client/ui/commands.inc"
#undef HADA_COMMAND
#undef HADA_NUMBERED
#undef HADA_FAMILY
#undef HADA_FIXED
#undef HADA_GESTURE
};

enum class CommandGroup : int32_t { Reading, Viewer, Images, Tools, General };

// Where a chord means something; two that share a place cannot have the same chord.
using Places = uint32_t;
inline constexpr Places kList = 1;      // the worklist
inline constexpr Places kFree = 2;      // a case, with no diagnosis selected
inline constexpr Places kSelected = 4;  // a case, while a diagnosis is selected
inline constexpr Places kTyping = 8;    // in a field
inline constexpr Places kCase = kFree | kSelected, kEverywhere = kList | kCase | kTyping;

enum class Stroke : int32_t {
  Once,
  Repeats,  // goes on while it is held down
  Held,     // lasts while it is held down; needs a key, a character's end is not told
};

// A line of the help.
struct KeyLine {
  enum class Kind : int32_t { Command, Numbered, Family, Fixed } kind;
  CommandGroup group;
  i18n::Text text;  // with {0} where it is Numbered
  Places where = 0;
  // Command, Numbered:
  Command command = {};
  std::string_view id = {};
  Stroke stroke = Stroke::Once;
  std::string_view number = {};
  // The default chords, or those a fixed line takes; the first is the one that is shown.
  std::vector<model::Chord> chords = {};
  // Fixed: how it is shown, empty: `spoken`.
  std::string_view printed = {};
  i18n::Text spoken = {};

  bool changeable() const { return kind == Kind::Command || kind == Kind::Numbered; }
};

const std::vector<KeyLine>& key_lines();
const KeyLine& line_of(Command command);
// What the command does, in words.
std::string words_of(const KeyLine& line, Language language);

// The chord in force: the user's own, if it can be read and taken by this command; else the default.
model::Chord chord_of(const model::Settings& settings, Command command);
// The same and, while it is the default, its alternatives.
bool any_chord(const model::Settings& settings, Command command, bool (*test)(const model::Chord&, Stroke));
bool is_changed(const model::Settings& settings, Command command);

// Why a command cannot have a chord.
struct Obstacle {
  enum class Kind : int32_t {
    CannotBeHeld,  // a character
    Fixed,         // `line` has it for good
    Taken,         // by another command: `line`
  } kind;
  const KeyLine* line = nullptr;
};
std::optional<Obstacle> obstacle(const model::Settings& settings, Command command, const model::Chord& chord);
// Whether `command` can have `chord`, which `other` has, if that one takes its chord in exchange.
bool can_swap(const model::Settings& settings, Command command, Command other, const model::Chord& chord);
// Sets the chord of a command; the empty text stands for its default.
std::string setting_of(Command command, const model::Chord& chord);

}  // namespace hada::ui
