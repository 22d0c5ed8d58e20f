#version 330 core

// A square of annotations that were drawn before (render/overlay_plates.cc).

uniform vec2 corners[4];  // clip space, as a triangle strip

out vec2 at;

void main() {
  gl_Position = vec4(corners[gl_VertexID], 0.0, 1.0);
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
}
