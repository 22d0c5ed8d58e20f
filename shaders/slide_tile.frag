#version 330 core

uniform sampler2DArray tiles;

in vec2 at;
flat in float layer;
flat in vec4 limits;

out vec4 colour;

void main() {
  // Beyond the image lies padding, beyond the tile an earlier one: the filter must reach neither.
  colour = vec4(texture(tiles, vec3(clamp(at, limits.xy, limits.zw), layer)).rgb, 1.0);
}
