#include "client/ui/commands.h"

#include <algorithm>

namespace hada::ui {
namespace {

using i18n::Text;
using model::Chord;

std::vector<Chord> chords_in(std::string_view text) {
  std::vector<Chord> chords;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (const auto chord = model::parse_chord(text.substr(0, end))) chords.push_back(*chord);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return chords;
}

std::vector<KeyLine> build() {
  using Kind = KeyLine::Kind;
  std::vector<KeyLine> lines;
  const auto command = [&](Command key, std::string_view id, std::string_view chords, Text text,
                           CommandGroup group, Places where, Stroke stroke, std::string_view number = {}) {
    lines.push_back({.kind = number.empty() ? Kind::Command : Kind::Numbered,
                     .group = group,
                     .text = text,
                     .where = where,
                     .command = key,
                     .id = id,
                     .stroke = stroke,
                     .number = number,
                     .chords = chords_in(chords)});
  };
  const auto family = [&](Text text, CommandGroup group) {
    lines.push_back({.kind = Kind::Family, .group = group, .text = text});
  };
  const auto fixed = [&](std::string_view printed, Text spoken, Text text, CommandGroup group, Places where,
                         std::string_view chords) {
    lines.push_back({.kind = Kind::Fixed,
                     .group = group,
                     .text = text,
                     .where = where,
                     .chords = chords_in(chords),
                     .printed = printed,
                     .spoken = spoken});
  };
#define HADA_COMMAND(key, id, chords, text, group, where, stroke) \
  command(Command::key, id, chords, Text::text, CommandGroup::group, where, Stroke::stroke);
#define HADA_NUMBERED(key, id, chords, text, group, where, stroke, number) \
  command(Command::key, id, chords, Text::text, CommandGroup::group, where, Stroke::stroke, number);
#define HADA_FAMILY(text, group) family(Text::text, CommandGroup::group);
#define HADA_FIXED(printed, text, group, where, chords) \
  fixed(printed, {}, Text::text, CommandGroup::group, where, chords);
#define HADA_GESTURE(spoken, text, group, where, chords) \
  fixed({}, Text::spoken, Text::text, CommandGroup::group, where, chords);
#include "client/ui/commands.inc"
#undef HADA_COMMAND
#undef HADA_NUMBERED
#undef HADA_FAMILY
#undef HADA_FIXED
#undef HADA_GESTURE
  return lines;
}

// By command.
const std::vector<const KeyLine*>& command_lines() {
  static const std::vector<const KeyLine*> lines = [] {
    std::vector<const KeyLine*> found;
    for (const KeyLine& line : key_lines())
      if (line.changeable()) found.push_back(&line);
    return found;
  }();
  return lines;
}

bool has(const std::vector<Chord>& chords, const Chord& chord) {
  return std::find(chords.begin(), chords.end(), chord) != chords.end();
}

// What no setting can change.
std::optional<Obstacle> lasting_obstacle(const KeyLine& line, const Chord& chord) {
  if (line.stroke == Stroke::Held && chord.key == 0) return Obstacle{Obstacle::Kind::CannotBeHeld};
  for (const KeyLine& other : key_lines())
    if (!other.changeable() && (other.where & line.where) != 0 && has(other.chords, chord))
      return Obstacle{Obstacle::Kind::Fixed, &other};
  return std::nullopt;
}

std::optional<Chord> own_chord(const model::Settings& settings, const KeyLine& line) {
  const auto it = settings.keys.find(std::string(line.id));
  if (it == settings.keys.end()) return std::nullopt;
  const auto chord = model::parse_chord(it->second);
  return chord && !lasting_obstacle(line, *chord) ? chord : std::nullopt;
}

bool listens_to(const model::Settings& settings, const KeyLine& line, const Chord& chord) {
  const auto own = own_chord(settings, line);
  return own ? *own == chord : has(line.chords, chord);
}

// Another command, apart from `aside`, that has the chord in a place of this one.
const KeyLine* holder(const model::Settings& settings, const KeyLine& line, const Chord& chord,
                      const KeyLine* aside = nullptr) {
  for (const KeyLine* other : command_lines())
    if (other != &line && other != aside && (other->where & line.where) != 0 &&
        listens_to(settings, *other, chord))
      return other;
  return nullptr;
}

}  // namespace

const std::vector<KeyLine>& key_lines() {
  static const std::vector<KeyLine> lines = build();
  return lines;
}

const KeyLine& line_of(Command command) { return *command_lines()[static_cast<size_t>(command)]; }

std::string words_of(const KeyLine& line, Language language) {
  return i18n::format(line.text, language, {line.number});
}

Chord chord_of(const model::Settings& settings, Command command) {
  const KeyLine& line = line_of(command);
  return own_chord(settings, line).value_or(line.chords.front());
}

bool any_chord(const model::Settings& settings, Command command, bool (*test)(const Chord&, Stroke)) {
  const KeyLine& line = line_of(command);
  if (const auto own = own_chord(settings, line)) return test(*own, line.stroke);
  return std::any_of(line.chords.begin(), line.chords.end(),
                     [&](const Chord& chord) { return test(chord, line.stroke); });
}

bool is_changed(const model::Settings& settings, Command command) {
  return chord_of(settings, command) != line_of(command).chords.front();
}

std::optional<Obstacle> obstacle(const model::Settings& settings, Command command, const Chord& chord) {
  const KeyLine& line = line_of(command);
  if (auto lasting = lasting_obstacle(line, chord)) return lasting;
  if (const KeyLine* other = holder(settings, line, chord)) return Obstacle{Obstacle::Kind::Taken, other};
  return std::nullopt;
}

bool can_swap(const model::Settings& settings, Command command, Command other, const Chord& chord) {
  const KeyLine &mine = line_of(command), &theirs = line_of(other);
  const Chord given = chord_of(settings, command);
  return !lasting_obstacle(theirs, given) && !holder(settings, theirs, given, &mine) &&
         !lasting_obstacle(mine, chord) && !holder(settings, mine, chord, &theirs);
}

std::string setting_of(Command command, const Chord& chord) {
  return chord == line_of(command).chords.front() ? std::string() : model::to_text(chord);
}

}  // namespace hada::ui
