// The workstation: flags -> App -> run.

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "client/app/app.h"
#include "client/app/heap.h"
#include "client/app/options.h"
#include "client/app/window.h"

int main(int argc, char** argv) {
  hada::app::keep_heap_small();
  const hada::Result<hada::app::Options> options = hada::app::parse_options(argc, argv);
  if (!options) {
    std::fprintf(stderr, "hada: %s See hada --help.\n", options.error().message.c_str());
    return 2;
  }
  if (options->help || options->version) {
    std::fputs(options->help ? hada::app::usage() : "", stdout);
    if (options->version) std::printf("hada %s\n", hada::app::kVersion);
    return 0;
  }

  // SIGTERM and SIGINT close the window as a click on its corner would; SIGUSR1 does what a reset of the
  // graphics driver does, for tests. They are blocked before any thread starts, so that only the waiting
  // thread takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGUSR2);  // from ourselves: the program ends
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto app = hada::app::App::create(*options);
  if (!app) {
    std::fprintf(stderr, "hada: %s (%s)\n", app.error().message.c_str(), app.error().reason.c_str());
    return 1;
  }
  std::atomic<bool> stop = false;
  std::thread waiter([&] {
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal == SIGUSR1) (*app)->lose_context();
    stop = true;
    if (signal != SIGUSR2) hada::app::Window::wake();
  });
  const int status = (*app)->run(stop);
  pthread_kill(waiter.native_handle(), SIGUSR2);
  waiter.join();
  return status;
}
