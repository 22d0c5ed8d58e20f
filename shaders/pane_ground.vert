#version 330 core

// The image's four corners, filled with one colour.

uniform vec2 corners[4];  // clip space, as a triangle strip

void main() { gl_Position = vec4(corners[gl_VertexID], 0.0, 1.0); }
