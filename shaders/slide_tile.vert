#version 330 core

// One part of one tile as a quad: four vertices made from gl_VertexID, everything else by instance.

layout(location = 0) in vec4 place;  // left, top, right, bottom in pixels of the pane, y down
layout(location = 1) in vec4 part;   // the same edges in texels of the tile
layout(location = 2) in vec4 slot;   // the image's width and height within the tile in texels, layer, the filter's reach

uniform vec2 pane_size;     // pixels
uniform vec2 texture_size;  // texels of a layer

out vec2 at;            // 0 to 1 over the layer
flat out float layer;
flat out vec4 limits;   // of `at`

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 position = mix(place.xy, place.zw, corner) / pane_size;
  gl_Position = vec4(position.x * 2.0 - 1.0, 1.0 - position.y * 2.0, 0.0, 1.0);
  at = mix(part.xy, part.zw, corner) / texture_size;
  layer = slot.z;
  limits = vec4(min(vec2(slot.w), slot.xy * 0.5), max(slot.xy - slot.w, slot.xy * 0.5)) / texture_size.xyxy;
}
