#version 330 core

uniform sampler2DArray tiles;
uniform vec2 texture_size;  // texels of a layer

in vec2 texel;
flat in vec4 picture;

out vec4 colour;

void main() {
  // What lies beyond the picture in its layer belongs to an earlier tile: the filter must not reach it.
  float reach = 0.5 * exp2(ceil(picture.w));
  vec2 at = clamp(texel, vec2(reach), max(picture.xy - reach, vec2(reach)));
  colour = vec4(textureLod(tiles, vec3(at / texture_size, picture.z), picture.w).rgb, 1.0);
}
