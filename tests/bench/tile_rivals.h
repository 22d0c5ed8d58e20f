#pragma once

// Other tile servers, over HTTP on free ports of loopback; what is started here ends with the object. A
// program that is not installed is no error: the benchmark says so and goes on without it.

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/support/process.h"

namespace hada::bench {

struct HttpRival {
  std::vector<int> ports;
  std::vector<std::unique_ptr<support::Process>> processes;

  std::vector<pid_t> pids() const;
};

// nginx, one worker a core, sending the files below `root`. Null where /usr/sbin/nginx is not.
// `work` is an empty folder of its own.
std::unique_ptr<HttpRival> start_nginx_files(const std::filesystem::path& root,
                                             const std::filesystem::path& work);

// Debian's iipimage-server (iipsrv 1.1) as packaged, one process a core, behind nginx:
// "/iipsrv?FIF=<path>&JTL=<resolution, 0 the coarsest>,<tile, row by row>". Null where either is not
// installed.
std::unique_ptr<HttpRival> start_iipsrv(const std::filesystem::path& work);

}  // namespace hada::bench
