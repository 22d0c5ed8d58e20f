#pragma once

// SQLite's default file system with a switch: counts the syncs of the write-ahead log, and makes them fail on
// demand as a dying disk does. Active for connections opened while an object of this class lives; one at a
// time.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>

namespace hada::test {

class FaultVfs {
 public:
  FaultVfs() {
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "hada-fault";
    vfs_.pNext = nullptr;
    vfs_.xOpen = open;
    REQUIRE(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
  }
  ~FaultVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    fail_syncs_ = false;
  }
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  void fail_syncs(bool fail) { fail_syncs_ = fail; }
  int syncs() const { return syncs_; }

 private:
  // The real file is opened in place; only its method table is exchanged for one with our xSync.
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int code = real_->xOpen(real_, name, file, flags, out_flags);
    if (code != SQLITE_OK || !file->pMethods || !(flags & SQLITE_OPEN_WAL)) return code;
    real_sync_ = file->pMethods->xSync;
    std::memcpy(&wal_methods_, file->pMethods, sizeof wal_methods_);
    wal_methods_.xSync = sync;
    file->pMethods = &wal_methods_;
    return code;
  }
  static int sync(sqlite3_file* file, int flags) {
    ++syncs_;
    return fail_syncs_ ? SQLITE_IOERR_FSYNC : real_sync_(file, flags);
  }

  static inline sqlite3_vfs* real_ = nullptr;
  static inline int (*real_sync_)(sqlite3_file*, int) = nullptr;
  static inline sqlite3_io_methods wal_methods_{};
  static inline std::atomic<bool> fail_syncs_{false};
  static inline std::atomic<int> syncs_{0};
  sqlite3_vfs vfs_{};
};

}  // namespace hada::test
