#pragma once

// OpenGL 3.3 core, linked from libGL, and its objects as owning handles. All of render/ runs on the main
// thread with the window's context current, destructors too.

#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>

#include <utility>

namespace hada::render {

// Owns one GL name; 0 is none.
template <void (*Delete)(GLuint)>
class Handle {
 public:
  Handle() = default;
  explicit Handle(GLuint name) : name_(name) {}
  Handle(Handle&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      name_ = std::exchange(other.name_, 0);
    }
    return *this;
  }
  ~Handle() { reset(); }

  GLuint get() const { return name_; }
  explicit operator bool() const { return name_ != 0; }

 private:
  void reset() {
    if (name_ != 0) Delete(std::exchange(name_, 0));
  }
  GLuint name_ = 0;
};

namespace deleters {
inline void texture(GLuint name) { glDeleteTextures(1, &name); }
inline void buffer(GLuint name) { glDeleteBuffers(1, &name); }
inline void vertex_array(GLuint name) { glDeleteVertexArrays(1, &name); }
inline void sampler(GLuint name) { glDeleteSamplers(1, &name); }
inline void framebuffer(GLuint name) { glDeleteFramebuffers(1, &name); }
inline void program(GLuint name) { glDeleteProgram(name); }
inline void shader(GLuint name) { glDeleteShader(name); }
}  // namespace deleters

using Texture = Handle<deleters::texture>;
using Buffer = Handle<deleters::buffer>;
using VertexArray = Handle<deleters::vertex_array>;
using Sampler = Handle<deleters::sampler>;
using Framebuffer = Handle<deleters::framebuffer>;
using Program = Handle<deleters::program>;
using Shader = Handle<deleters::shader>;

template <class Object, class Generate>
Object make(Generate generate) {
  GLuint name = 0;
  generate(1, &name);
  return Object(name);
}
inline Texture make_texture() { return make<Texture>(glGenTextures); }
inline Buffer make_buffer() { return make<Buffer>(glGenBuffers); }
inline VertexArray make_vertex_array() { return make<VertexArray>(glGenVertexArrays); }
inline Sampler make_sampler() { return make<Sampler>(glGenSamplers); }
inline Framebuffer make_framebuffer() { return make<Framebuffer>(glGenFramebuffers); }

}  // namespace hada::render
