#version 330 core

uniform float half_width;    // display pixels, of the line
uniform float casing_width;  // display pixels, beside it
uniform float casing_grey;

flat in vec3 rgb;
flat in vec2 alphas;
in float from_middle;

out vec4 colour;  // premultiplied

void main() {
  float away = abs(from_middle);
  float line = alphas.x * clamp(half_width + 0.5 - away, 0.0, 1.0);
  float casing = alphas.y * clamp(half_width + casing_width + 0.5 - away, 0.0, 1.0) * (1.0 - line);
  colour = vec4(rgb * line + casing_grey * casing, line + casing);
}
