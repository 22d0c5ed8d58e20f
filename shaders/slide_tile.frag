#version 330 core

// Compiled once for each set of SHARPEN, STAIN, TONE, GAMMA that an image's adjustments ask for (render/slide_programs.cc);
// without any of them it only shows the tile.

uniform sampler2DArray tiles;

#ifdef SHARPEN
uniform vec2 texture_size;  // texels of a layer
uniform float sharpening;
#endif
#if defined(STAIN) || defined(TONE)
uniform vec3 gain;  // white balance
#endif
#ifdef STAIN
uniform vec3 unmix;  // an optical density times this is the amount of the stain
uniform vec3 stain;  // the optical density that one unit of it is shown with
#endif
#ifdef TONE
uniform float slope;
uniform float offset;
#endif
#ifdef GAMMA
uniform float inverse_gamma;
#endif

in vec2 at;
flat in float layer;
flat in vec4 limits;

out vec4 colour;

// Beyond the image lies padding, beyond the tile an earlier one: the filter must reach neither.
vec3 texel(vec2 place) { return texture(tiles, vec3(clamp(place, limits.xy, limits.zw), layer)).rgb; }

void main() {
  vec3 c = texel(at);
#ifdef SHARPEN
  // Unsharp mask over the neighbours that can be told apart on the display: one texel away, or one display pixel where
  // that is more.
  vec2 reach = max(1.0, length(dFdx(at) * texture_size)) / texture_size;
  vec3 around = texel(at + vec2(reach.x, 0.0)) + texel(at - vec2(reach.x, 0.0)) + texel(at + vec2(0.0, reach.y)) +
                texel(at - vec2(0.0, reach.y));
  c = clamp(c + sharpening * (c - 0.25 * around), 0.0, 1.0);
#endif
#if defined(STAIN) || defined(TONE)
  c *= gain;
#endif
#ifdef STAIN
  vec3 density = -log2(clamp(c, 1.0 / 256.0, 1.0));
  c = exp2(-max(dot(density, unmix), 0.0) * stain);
#endif
#ifdef TONE
  c = c * slope + offset;
#endif
#ifdef GAMMA
  c = pow(clamp(c, 0.0, 1.0), vec3(inverse_gamma));
#endif
  colour = vec4(c, 1.0);
}
