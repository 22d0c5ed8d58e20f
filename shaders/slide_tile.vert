#version 330 core

// One part of one tile as a quad: four vertices made from gl_VertexID, everything else by instance.

layout(location = 0) in vec4 place;  // left, top, right, bottom in pixels of the pane, y down
layout(location = 1) in vec4 part;   // the same edges in texels of the tile
layout(location = 2) in vec4 slot;   // picture's width and height in texels, layer, level of detail

uniform vec2 pane_size;  // pixels

out vec2 texel;
flat out vec4 picture;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 at = mix(place.xy, place.zw, corner) / pane_size;
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
  texel = mix(part.xy, part.zw, corner);
  picture = slot;
}
