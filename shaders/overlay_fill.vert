#version 330 core

// The insides of regions.

layout(location = 0) in vec2 position;  // level-0 pixels
layout(location = 1) in vec4 tint;

uniform vec2 camera;     // level-0 pixels, whole: the subtraction is exact
uniform mat2 to_pane;    // level-0 pixels to pixels of the pane
uniform vec2 shift;      // pixels of the pane: where `camera` is shown
uniform vec2 pane_size;  // pixels

flat out vec3 rgb;

void main() {
  vec2 place = (to_pane * (position - camera) + shift) / pane_size;
  gl_Position = vec4(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0);
  rgb = tint.rgb;
}
