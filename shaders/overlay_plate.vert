#version 330 core

// Squares of annotations that were drawn before (render/overlay_plates.cc).

layout(location = 0) in vec4 corner;  // clip space; 0 to 1 over the plate

out vec2 at;

void main() {
  gl_Position = vec4(corner.xy, 0.0, 1.0);
  at = corner.zw;
}
