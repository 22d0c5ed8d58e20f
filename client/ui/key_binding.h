#pragma once

// Giving a command another key, inside the help: the next chord that is pressed is taken, refused, or asked
// about.

#include "client/ui/frame.h"

namespace hada::ui {

// From the next frame on, chords are taken for this command.
void begin_binding(Ui& ui, Command command);
void end_binding(Ui& ui);
// Once a frame, after the question has been drawn: what is pressed then is no answer to a later one.
void take_chord(Ui& ui);

// Whether the user is asked: to swap two keys, or to reset all.
bool asks_about_keys(const Ui& ui);
// Draws it over this part of the current window, which gets no mouse meanwhile; Enter agrees, Esc does not.
void key_question(Ui& ui, ImVec2 min, ImVec2 max);

}  // namespace hada::ui
