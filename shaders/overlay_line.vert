#version 330 core

// Outlines, lines and the discs of points, wide in display pixels at every zoom.

layout(location = 0) in vec2 position;  // level-0 pixels
layout(location = 1) in vec2 away;      // half the way from the line's middle, in image axes, times its reach
layout(location = 2) in vec4 tint;      // colour; 0 and 1: the outer edges, between them the middle
layout(location = 3) in float extent;   // the shape's longer side in level-0 pixels; negative: a point's disc

uniform vec2 camera;     // level-0 pixels, whole: the subtraction is exact
uniform mat2 to_pane;    // level-0 pixels to pixels of the pane
uniform mat2 turn;       // the same without the zoom
uniform vec2 shift;      // pixels of the pane: where `camera` is shown
uniform vec2 pane_size;  // pixels
uniform float zoom;      // display pixels per level-0 pixel
uniform float width;     // display pixels
uniform float reach;     // display pixels from the middle to the casing's edge
uniform float disc;      // display pixels: what a disc has inside its line
uniform float casing_alpha;

flat out vec3 rgb;
flat out vec2 alphas;  // of the line and its casing
out float from_middle;  // display pixels

void main() {
  float side = tint.a * 2.0 - 1.0;
  bool is_disc = extent < 0.0;
  // 0.5 cannot be stored in a byte: 128 is close enough to the middle.
  float edge = step(0.5, abs(side));
  vec2 offset = turn * (away * 2.0) * (is_disc ? disc + reach * edge : reach * edge);
  vec2 place = (to_pane * (position - camera) + shift + offset) / pane_size;
  gl_Position = vec4(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0);
  float presence = is_disc ? 1.0 : clamp((extent * zoom / width - 3.0) / 8.0, 0.0, 1.0);
  rgb = tint.rgb;
  alphas = vec2(0.55 + 0.45 * presence, casing_alpha * presence);
  from_middle = side * reach;
}
