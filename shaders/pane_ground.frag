#version 330 core

uniform vec3 ground;

out vec4 colour;

void main() { colour = vec4(ground, 1.0); }
