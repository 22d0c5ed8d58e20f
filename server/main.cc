// The server program: parses the command line and puts the concrete parts together. Nothing else names them.

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "contract/names.h"
#include "contract/vocabulary.h"
#include "embedded/hada_vocabulary.h"
#include "server/blobs/file_blobs.h"
#include "server/core/clock.h"
#include "server/core/data_dir.h"
#include "server/core/flags.h"
#include "server/core/http_port.h"
#include "server/core/jobs.h"
#include "server/core/log.h"
#include "server/core/password.h"
#include "server/core/presence.h"
#include "server/core/sessions.h"
#include "server/core/sweeper.h"
#include "server/handlers/doubt.h"
#include "server/images/tile_source.h"
#include "server/ingest/check_image.h"
#include "server/ingest/decode_child.h"
#include "server/rpc/server.h"
#include "server/store/events.h"
#include "server/store/jobs.h"
#include "server/store/migrate.h"
#include "server/store/sqlite_store.h"
#include "server/store/users.h"

namespace hada {
namespace {

using std::chrono::milliseconds;

constexpr const char* kUsage =
    R"(hada-server: the Hada annotation server

  hada-server serve --data DIR [options]
      --listen HOST:PORT     where clients connect; default 127.0.0.1:0 (0: a free port)
      --port-file FILE       written with the port once clients can connect
      --tls-cert FILE        PEM certificate chain; required for any address but loopback
      --tls-key FILE         PEM private key
      --http HOST:PORT       /readyz and /metrics for operators; off by default
      --workers N            images checked at once; default 2
  hada-server init --data DIR --admin USER
      makes the data folder and the first admin; the password is read from standard input
  hada-server migrate --data DIR
      brings the database to this program's schema and ends
  hada-server --help | --version
)";

// SIGTERM and SIGINT arrive here as a byte, so that children inherit no blocked signals.
int g_signal_pipe[2] = {-1, -1};

extern "C" void on_signal(int) {
  const char byte = 1;
  if (::write(g_signal_pipe[1], &byte, 1) < 0) return;  // full: a signal is already waiting
}

Status catch_signals() {
  if (::pipe2(g_signal_pipe, O_CLOEXEC) != 0)
    return Unexpected(ErrorCode::Internal, "SIGNALS", "cannot make the signal pipe");
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return {};
}

void wait_for_signal() {
  char byte = 0;
  while (::read(g_signal_pipe[0], &byte, 1) < 0) continue;
}

Result<int> migrate_store(store::Store& store, const core::Clock& clock) {
  ASSIGN_OR_RETURN(const int64_t applied,
                   store::migrate(store, store::built_in_migrations(), clock.now_us()));
  if (applied > 0) core::log(core::LogLevel::Info, "migrated", {{"migrations", applied}});
  return 0;
}

Status lock_for_one_server(core::DataDir& dir) {
  ASSIGN_OR_RETURN(const bool alone, dir.lock());
  if (!alone)
    return Unexpected(ErrorCode::FailedPrecondition, "DATA_DIR_IN_USE",
                      "another hada-server is using this data folder");
  return {};
}

Result<int> serve(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const core::Flags flags,
                   core::Flags::parse(arguments, {"--data", "--listen", "--port-file", "--tls-cert",
                                                  "--tls-key", "--http", "--workers"}));
  ASSIGN_OR_RETURN(const std::string path, flags.required("--data"));
  ASSIGN_OR_RETURN(const int workers, flags.integer("--workers", 2, 1, 64));
  RETURN_IF_ERROR(catch_signals());

  ASSIGN_OR_RETURN(core::DataDir dir, core::DataDir::open(path));
  RETURN_IF_ERROR(lock_for_one_server(dir));
  core::SystemClock clock;
  ASSIGN_OR_RETURN(const auto store, store::SqliteStore::open(dir.database_path()));
  RETURN_IF_ERROR(migrate_store(*store, clock));
  ASSIGN_OR_RETURN(const auto blobs, blobs::FileBlobs::create(dir.blobs_path()));
  ASSIGN_OR_RETURN(const auto vocabulary,
                   contract::Vocabulary::parse(embedded::terms_tsv(), embedded::release_classes_tsv(),
                                               embedded::VERSION()));
  images::TileSource tiles(*blobs, ingest::store_loader(*store));
  ingest::ImageChecker checker(*store, *blobs, clock, {.tmp_dir = dir.tmp_path(), .limits = {}});
  checker.clean_up();
  core::Sessions sessions(*store, clock);
  core::Presence presence(clock);
  core::JobQueue jobs(*store, clock);
  jobs.add_handler(
      ingest::kCheckImageJob, [&](const std::string& image_id) { return checker.check(image_id); },
      [&](const std::string& image_id, const Error& error) { checker.gave_up(image_id, error); });
  jobs.add_handler(handlers::kScoreDoubtJob,
                   [&](const std::string&) { return handlers::score_doubt(*store, clock); });
  core::Services services{*store, *blobs, tiles, vocabulary, clock, jobs, sessions, presence, HADA_VERSION};

  ASSIGN_OR_RETURN(const auto server,
                   rpc::Server::start(services, {flags.get("--listen", "127.0.0.1:0"),
                                                 flags.get("--tls-cert"), flags.get("--tls-key")}));
  RETURN_IF_ERROR(jobs.start(workers));
  core::Sweeper sweeper(*store, clock);

  std::atomic<bool> ready = true;
  std::unique_ptr<core::HttpPort> http;
  if (const std::string listen = flags.get("--http"); !listen.empty()) {
    server->metrics().add_gauge("hada_jobs_open",
                                "Images waiting for their check or being checked, and other long work.", [&] {
                                  int64_t open = -1;
                                  const Status counted = store->read([&](store::Tx& tx) -> Status {
                                    ASSIGN_OR_RETURN(open, store::count_open_jobs(tx));
                                    return {};
                                  });
                                  return counted ? open : -1;
                                });
    ASSIGN_OR_RETURN(http, core::HttpPort::start(listen, {[&] { return ready.load() && !store->broken(); },
                                                          [&] { return server->metrics().text(); }}));
  }
  if (const std::string file = flags.get("--port-file"); !file.empty())
    RETURN_IF_ERROR(core::write_file_atomically(file, std::to_string(server->port()) + "\n"));
  core::log(core::LogLevel::Info, "listening",
            {{"port", server->port()},
             {"http_port", http ? http->port() : 0},
             {"version", services.server_version}});

  wait_for_signal();
  core::log(core::LogLevel::Info, "stopping");
  ready = false;
  server->shutdown(milliseconds(2'500));
  if (!jobs.stop(milliseconds(1'500))) {
    // A slide can take minutes. Its job is in the database and is done again at the next start.
    core::log(core::LogLevel::Info, "stopped", {{"jobs", "interrupted"}});
    std::_Exit(0);
  }
  core::log(core::LogLevel::Info, "stopped");
  return 0;
}

Result<int> migrate(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const core::Flags flags, core::Flags::parse(arguments, {"--data"}));
  ASSIGN_OR_RETURN(const std::string path, flags.required("--data"));
  ASSIGN_OR_RETURN(core::DataDir dir, core::DataDir::open(path));
  RETURN_IF_ERROR(lock_for_one_server(dir));
  const core::SystemClock clock;
  ASSIGN_OR_RETURN(const auto store, store::SqliteStore::open(dir.database_path()));
  return migrate_store(*store, clock);
}

Result<std::string> read_password() {
  std::string password;
  if (!std::getline(std::cin, password))
    return Unexpected(ErrorCode::InvalidArgument, "BAD_FIELD", "give the password on standard input");
  RETURN_IF_ERROR(core::check_password_rules(password));
  return password;
}

Result<int> init(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const core::Flags flags, core::Flags::parse(arguments, {"--data", "--admin"}));
  ASSIGN_OR_RETURN(const std::string path, flags.required("--data"));
  ASSIGN_OR_RETURN(const std::string user_id, flags.required("--admin"));
  if (!contract::is_resource_id(user_id) ||
      user_id.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    return Unexpected(ErrorCode::InvalidArgument, "BAD_FIELD", "--admin needs [a-z0-9._-]{1,64}");
  ASSIGN_OR_RETURN(core::DataDir dir, core::DataDir::open(path));
  const core::SystemClock clock;
  ASSIGN_OR_RETURN(const auto store, store::SqliteStore::open(dir.database_path()));
  // A running server has migrated it; two would be in each other's way.
  ASSIGN_OR_RETURN(const bool alone, dir.lock());
  if (alone) RETURN_IF_ERROR(migrate_store(*store, clock));

  bool exists = false;
  RETURN_IF_ERROR(store->read([&](store::Tx& tx) -> Status {
    ASSIGN_OR_RETURN(const auto user, store::find_user(tx, user_id));
    exists = user.has_value();
    return {};
  }));
  if (exists) {
    std::printf("The user %s exists already; nothing was changed.\n", user_id.c_str());
    return 0;
  }
  ASSIGN_OR_RETURN(const std::string password, read_password());
  ASSIGN_OR_RETURN(const std::string hash, core::hash_password(password));
  const int64_t now_us = clock.now_us();
  RETURN_IF_ERROR(store->write([&](store::Tx& tx) -> Status {
    RETURN_IF_ERROR(
        store::insert_user(tx, {user_id, user_id, "", hash, false, 1, now_us, {{Role::Admin, ""}}}));
    RETURN_IF_ERROR(
        store::record_event(tx, {"system", "create_user", contract::user_name(user_id), "", "", now_us}));
    return {};
  }));
  std::printf("Made the admin %s.\n", user_id.c_str());
  return 0;
}

int run(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 2), argv + argc);
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "--version") {
    std::printf("hada-server %s\n", HADA_VERSION);
    return 0;
  }
  if (command == "--help" || command == "help") {
    std::fputs(kUsage, stdout);
    return 0;
  }
  const auto verb = command == "serve"     ? serve
                    : command == "init"    ? init
                    : command == "migrate" ? migrate
                                           : nullptr;
  if (!verb) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  if (sodium_init() < 0) {
    std::fputs("hada-server: libsodium does not work here\n", stderr);
    return 1;
  }
  const auto outcome = verb(arguments);
  if (outcome) return *outcome;
  std::fprintf(stderr, "hada-server: %s (%s)\n", outcome.error().message.c_str(),
               outcome.error().reason.c_str());
  return 1;
}

}  // namespace
}  // namespace hada

int main(int argc, char** argv) {
  // First, and before any library is set up: this process is the cage for files that arrive from outside.
  if (argc > 1 && std::string(argv[1]) == "decode-child") return hada::ingest::decode_child_main(argc, argv);
  return hada::run(argc, argv);
}
