#pragma once

// What the GPU takes for the commands between start() and stop(), by its own clock. Where it waits for the
// thread that sends them, that counts too: at most so long is what it draws. A software renderer's clock says
// nothing. One at a time in a context; main thread, with the context current, its destructor too.

#include "client/render/gl.h"

namespace hada::bench {

class GpuClock {
 public:
  void start() { glBeginQuery(GL_TIME_ELAPSED, query_.get()); }
  void stop() { glEndQuery(GL_TIME_ELAPSED); }
  // Of the last start() and stop(); waits until the GPU is there.
  double ms() const {
    GLuint64 ns = 0;
    glGetQueryObjectui64v(query_.get(), GL_QUERY_RESULT, &ns);
    return static_cast<double>(ns) / 1e6;
  }

 private:
  static void destroy(GLuint name) { glDeleteQueries(1, &name); }
  render::Handle<destroy> query_ = render::make<render::Handle<destroy>>(glGenQueries);
};

}  // namespace hada::bench
