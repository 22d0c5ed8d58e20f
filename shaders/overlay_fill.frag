#version 330 core

uniform float alpha;

flat in vec3 rgb;

out vec4 colour;  // premultiplied

void main() { colour = vec4(rgb, 1.0) * alpha; }
