#version 330 core

// One part of one tile as a quad: four vertices chosen by gl_VertexID, everything else by instance.

layout(location = 0) in vec4 upper;  // upper left and upper right corner, as the image has them, in pixels of the pane, y down
layout(location = 1) in vec4 lower;  // lower left and lower right corner
layout(location = 2) in vec4 part;   // left, top, right, bottom edge in texels of the tile
layout(location = 3) in vec4 slot;   // the image's width and height within the tile in texels, layer, the filter's reach

uniform vec2 pane_size;     // pixels
uniform vec2 texture_size;  // texels of a layer

out vec2 at;            // 0 to 1 over the layer
flat out float layer;
flat out vec4 limits;   // of `at`

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec4 side = gl_VertexID < 2 ? upper : lower;
  vec2 position = ((gl_VertexID & 1) == 0 ? side.xy : side.zw) / pane_size;
  gl_Position = vec4(position.x * 2.0 - 1.0, 1.0 - position.y * 2.0, 0.0, 1.0);
  at = mix(part.xy, part.zw, corner) / texture_size;
  layer = slot.z;
  limits = vec4(min(vec2(slot.w), slot.xy * 0.5), max(slot.xy - slot.w, slot.xy * 0.5)) / texture_size.xyxy;
}
