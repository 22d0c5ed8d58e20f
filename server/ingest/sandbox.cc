#include "server/ingest/sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include "server/blobs/fd.h"

namespace hada::ingest {
namespace {

bool set_limit(__rlimit_resource resource, uint64_t soft, uint64_t hard) {
  rlimit current = {};
  if (::getrlimit(resource, &current) != 0) return false;
  // Whoever started the server may have set less already.
  const rlim_t top = std::min<rlim_t>(hard, current.rlim_max);
  const rlimit wanted = {std::min<rlim_t>(soft, top), top};
  return ::setrlimit(resource, &wanted) == 0;
}

void set_wall_clock(int seconds) {
  itimerval timer = {};
  timer.it_value.tv_sec = seconds;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

constexpr uint64_t kTruncate = uint64_t{1}
                               << 14;  // of landlock's third version; newer than Debian 12's header
constexpr uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWrite =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE | kTruncate;

// Every kind of access that this kernel's landlock (version >= 1) knows: what is handled and not allowed is
// denied.
uint64_t handled_access(long version) {
  const int bits = version >= 3 ? 15 : version == 2 ? 14 : 13;
  return (uint64_t{1} << bits) - 1;
}

bool allow(int ruleset, const std::string& path, uint64_t access) {
  const blobs::Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!fd) return false;
  landlock_path_beneath_attr rule = {};
  rule.allowed_access = access;
  rule.parent_fd = fd.get();
  return ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

void restrict_files(const std::string& job_dir) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return;
  landlock_ruleset_attr attributes = {};
  attributes.handled_access_fs = handled_access(version);
  const blobs::Fd ruleset(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0)));
  if (!ruleset) return;
  // Locales and character sets may still be loaded from the system's folders; their absence is no error.
  for (const char* folder : {"/usr/lib", "/usr/share", "/lib", "/lib64"}) allow(ruleset.get(), folder, kRead);
  if (!allow(ruleset.get(), job_dir, kRead)) return;
  const uint64_t write = (kRead | kWrite) & attributes.handled_access_fs;
  allow(ruleset.get(), job_dir + "/out", write);
  allow(ruleset.get(), job_dir + "/tmp", write);
  ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0);
}

// Calls that decoding a picture never makes. A denied socket is an error to the caller; an exec is the end.
bool restrict_calls() {
  static constexpr int kDenied[] = {SYS_socket,
                                    SYS_socketpair,
                                    SYS_connect,
                                    SYS_bind,
                                    SYS_listen,
                                    SYS_accept,
                                    SYS_accept4,
                                    SYS_sendto,
                                    SYS_sendmsg,
                                    SYS_ptrace,
                                    SYS_kill,
                                    SYS_tkill,
                                    SYS_process_vm_readv,
                                    SYS_process_vm_writev,
                                    SYS_pidfd_open,
                                    SYS_pidfd_getfd,
                                    SYS_mount,
                                    SYS_umount2,
                                    SYS_unshare,
                                    SYS_setns,
                                    SYS_chroot,
                                    SYS_pivot_root,
                                    SYS_bpf,
                                    SYS_perf_event_open,
                                    SYS_userfaultfd,
                                    SYS_io_uring_setup,
                                    SYS_keyctl,
                                    SYS_add_key,
                                    SYS_request_key,
                                    SYS_open_by_handle_at,
                                    SYS_init_module,
                                    SYS_finit_module,
                                    SYS_kexec_load,
                                    SYS_setuid,
                                    SYS_setgid,
                                    SYS_chmod,
                                    SYS_fchmod,
                                    SYS_fchmodat,
                                    SYS_link,
                                    SYS_linkat,
                                    SYS_symlink,
                                    SYS_symlinkat,
                                    SYS_setsid,
                                    SYS_setpgid};
  std::vector<sock_filter> program;
  const auto add = [&](uint16_t code, uint32_t k, uint8_t if_true = 0, uint8_t if_false = 0) {
    program.push_back({code, if_true, if_false, k});
  };
  const auto load = [&](size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)); };
  load(offsetof(seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  load(offsetof(seccomp_data, nr));
  // The x32 numbers are the same calls under another name.
  add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  for (const int call : {SYS_execve, SYS_execveat}) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1);
    add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  }
  for (const int call : kDenied) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call), 0, 1);
    add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  }
  // Its own limits it may change (widen), nobody else's.
  add(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 3);
  load(offsetof(seccomp_data, args));
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

bool drop_everything(int parent, int first_fd, const SandboxLimits& limits) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) return false;  // it went before that line
  if (::syscall(SYS_close_range, static_cast<unsigned>(first_fd), ~0U, 0) != 0) return false;
  ::clearenv();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  ::prctl(PR_SET_DUMPABLE, 0);
  set_wall_clock(limits.seconds);
  const auto seconds = static_cast<uint64_t>(limits.seconds);
#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // their shadow memory is terabytes of addresses
  if (!set_limit(RLIMIT_AS, limits.memory, limits.memory_hard)) return false;
#endif
  return set_limit(RLIMIT_CORE, 0, 0) &&
         set_limit(RLIMIT_CPU, seconds, static_cast<uint64_t>(limits.seconds_hard)) &&
         set_limit(RLIMIT_FSIZE, limits.output_bytes, limits.output_bytes);
}

bool lock_down(const std::string& job_dir) {
  restrict_files(job_dir);
  return restrict_calls();
}

void widen(uint64_t memory, int seconds) {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_AS, &limit) == 0) {
    limit.rlim_cur = std::min<rlim_t>(memory, limit.rlim_max);
    ::setrlimit(RLIMIT_AS, &limit);
  }
  if (::getrlimit(RLIMIT_CPU, &limit) == 0) {
    limit.rlim_cur = std::min<rlim_t>(static_cast<rlim_t>(seconds), limit.rlim_max);
    ::setrlimit(RLIMIT_CPU, &limit);
  }
  set_wall_clock(seconds);
}

}  // namespace hada::ingest
