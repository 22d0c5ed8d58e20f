#include "client/render/shader.h"

#include <string>

namespace hada::render {
namespace {

Unexpected failed(const char* what, std::string log) {
  return Unexpected(ErrorCode::Internal, "SHADER_FAILED", std::string(what) + ": " + log);
}

Result<Shader> compile(GLenum kind, std::string_view source) {
  Shader shader(glCreateShader(kind));
  const char* text = source.data();
  const GLint length = static_cast<GLint>(source.size());
  glShaderSource(shader.get(), 1, &text, &length);
  glCompileShader(shader.get());
  GLint ok = 0;
  glGetShaderiv(shader.get(), GL_COMPILE_STATUS, &ok);
  if (ok) return shader;
  std::string log(2048, '\0');
  GLsizei used = 0;
  glGetShaderInfoLog(shader.get(), static_cast<GLsizei>(log.size()), &used, log.data());
  log.resize(static_cast<size_t>(used));
  return failed("A shader does not compile", std::move(log));
}

}  // namespace

Result<Program> make_program(std::string_view vertex, std::string_view fragment) {
  ASSIGN_OR_RETURN(const Shader vertex_shader, compile(GL_VERTEX_SHADER, vertex));
  ASSIGN_OR_RETURN(const Shader fragment_shader, compile(GL_FRAGMENT_SHADER, fragment));
  Program program(glCreateProgram());
  glAttachShader(program.get(), vertex_shader.get());
  glAttachShader(program.get(), fragment_shader.get());
  glLinkProgram(program.get());
  GLint ok = 0;
  glGetProgramiv(program.get(), GL_LINK_STATUS, &ok);
  if (ok) return program;
  std::string log(2048, '\0');
  GLsizei used = 0;
  glGetProgramInfoLog(program.get(), static_cast<GLsizei>(log.size()), &used, log.data());
  log.resize(static_cast<size_t>(used));
  return failed("A shader program does not link", std::move(log));
}

}  // namespace hada::render
