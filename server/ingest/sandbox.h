#pragma once

// What the decoder child gives up before it looks at a file. Linux on x86-64 only: the calls it denies are
// named by number.

#include <cstdint>
#include <string>

namespace hada::ingest {

struct SandboxLimits {
  uint64_t memory = 0;        // bytes of address space now
  uint64_t memory_hard = 0;   // the most it may be widened to
  uint64_t output_bytes = 0;  // of one file
  int seconds = 0;            // CPU and wall now
  int seconds_hard = 0;       // CPU, the most it may be widened to
};

// Closes every descriptor from `first_fd` on, empties the environment, forbids core dumps and new
// privileges, dies with the process `parent`, sets the limits. False where the kernel refuses one of them.
bool drop_everything(int parent, int first_fd, const SandboxLimits& limits);

// Landlock: reads below `job_dir` and the system's libraries, writes below `job_dir`/out and `job_dir`/tmp,
// nothing else. Seccomp: no sockets, no exec, no ptrace, no other process's memory. A kernel without landlock
// leaves the file system open (seccomp and limits still hold); false only where seccomp is refused.
bool lock_down(const std::string& job_dir);

// A slide may take more: raises the soft limits, at most to the hard ones, and restarts the wall clock.
void widen(uint64_t memory, int seconds);

}  // namespace hada::ingest
