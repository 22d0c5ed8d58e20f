#version 330 core

uniform sampler2D plate;

in vec2 at;

out vec4 colour;  // premultiplied

void main() { colour = texture(plate, at); }
