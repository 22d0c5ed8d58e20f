#pragma once

// What a load on a tile server measures, whatever it speaks.

#include <sys/types.h>

#include <vector>

namespace hada::bench {

struct Round {
  double tiles_per_second = 0, p50_us = 0, p99_us = 0;
  double cpu_us = 0;      // of the server, user and system, a tile
  double mean_bytes = 0;  // of a tile
};

// User and system time of these processes so far, seconds (fields 14 and 15 of /proc/PID/stat, so in steps of
// 10 ms: measure for a second or more).
double cpu_seconds(const std::vector<pid_t>& processes);

// From the latencies of all tiles (us, in any order), what the round took and what the server used.
Round summarise(std::vector<double> latencies_us, double seconds, double cpu_seconds, size_t bytes);

// Of each figure by itself.
Round median(const std::vector<Round>& rounds);

}  // namespace hada::bench
