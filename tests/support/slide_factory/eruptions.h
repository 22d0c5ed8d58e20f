// Clinical pictures of skin disease, drawn into a SkinField. Internal to the slide factory.
#pragma once

#include "tests/support/slide_factory/skin_field.h"

namespace hada::support {

// Paints `eruption` around (cx, cy) mm; `size` is its longest diameter in mm. Works at any px_per_mm, so
// the same lesion can stand in an overview and in a close-up.
void paint_eruption(SkinField& field, Eruption eruption, SkinTone tone, float cx, float cy, float size,
                    Rng& rng);

// Longest diameter in mm that is usual for the eruption.
float usual_size_mm(Eruption eruption);

// A small, harmless mole.
void paint_mole(SkinField& field, float cx, float cy, float radius, float melanin, Rng& rng);

}  // namespace hada::support
