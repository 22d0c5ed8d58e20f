#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "client/ctl/api_transport.h"
#include "client/ctl/command.h"
#include "client/ctl/ingest_report.h"
#include "client/ctl/session.h"
#include "client/ctl/table.h"
#include "client/ingest/ingest_run.h"
#include "client/ingest/progress_text.h"
#include "contract/names.h"
#include "contract/text.h"
#include "hada/v1/session.pb.h"

namespace hada::ctl {
namespace {

constexpr uint64_t kMaxManifest = uint64_t{256} << 20;  // bytes

// Set by the signal handler, so it must be lock-free and of static life.
std::atomic<bool> stop_asked{false};

extern "C" void on_signal(int) {
  if (stop_asked.exchange(true)) _exit(kStopped);  // asked twice: now
}

// The first Ctrl-C ends the run after the chunks under way; a second one ends the process.
void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

// Shows progress on stderr from a thread of its own: a bar that redraws itself on a terminal, else a line
// every few seconds.
class ProgressPrinter {
 public:
  ProgressPrinter(const ingest::Progress& progress, bool quiet)
      : progress_(progress), bar_(::isatty(STDERR_FILENO)) {
    if (!quiet) thread_ = std::thread([this] { run(); });
  }
  ~ProgressPrinter() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

 private:
  void run() {
    const auto start = std::chrono::steady_clock::now();
    const auto every = bar_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, every, [this] { return done_; })) print(start);
    if (bar_) {
      print(start);
      std::cerr << '\n';
    }
  }

  void print(std::chrono::steady_clock::time_point start) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::string line = text_.line(progress_, seconds, bar_ ? 20 : 0);
    // "\033[K" clears what a longer line before left behind.
    if (bar_)
      std::cerr << '\r' << line << "\033[K" << std::flush;
    else
      std::cerr << line << '\n';
  }

  const ingest::Progress& progress_;
  const bool bar_;
  ingest::ProgressText text_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

Result<std::string> read_manifest_file(const std::string& path) {
  const auto unreadable = [&] {
    return Unexpected(ErrorCode::NotFound, "UNREADABLE", "cannot read " + path);
  };
  // Through a link if need be: the manifest is the coordinator's own word.
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  if (failed) return unreadable();
  const auto source = ingest::file_source(real);
  if (!source) return unreadable();
  return ingest::read_all(**source, kMaxManifest);
}

// "name<TAB>path" lines on top of the built-in aliases.
Result<contract::AnatomSiteAliases> read_aliases(const Args& args) {
  contract::AnatomSiteAliases aliases = contract::default_anatom_site_aliases();
  if (!args.has("aliases")) return aliases;
  std::ifstream in(args.get("aliases"));
  if (!in) return Unexpected(ErrorCode::NotFound, "UNREADABLE", "cannot read " + args.get("aliases"));
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string_view text = contract::trim(line);
    if (text.empty() || text.front() == '#') continue;
    const size_t tab = text.find('\t');
    const std::string path =
        tab == text.npos ? std::string() : contract::resolve_anatom_site(text.substr(tab + 1), {});
    if (path.empty())
      return usage("line " + std::to_string(number) + " of the aliases is not \"name<TAB>ISIC path\"");
    aliases[contract::ascii_lower(contract::trim(text.substr(0, tab)))] = path;
  }
  return aliases;
}

// --site, else the site the user works at.
Result<std::string> wanted_site(const Args& args, net::CtlClient* client) {
  if (args.has("site")) {
    if (!contract::is_resource_id(args.get("site"))) return usage("--site takes a site's id");
    return args.get("site");
  }
  if (!client) return std::string("unknown");  // a dry run does not depend on it
  ASSIGN_OR_RETURN(const auto session, client->call<v1::GetSessionResponse>("SessionService/GetSession",
                                                                            v1::GetSessionRequest()));
  if (session.user().home_site().empty()) return usage("you work at no site; say which one with --site");
  return contract::parse_site_name(session.user().home_site());
}

Result<ingest::SiteKey> site_key(const Args& args, const std::string& site) {
  const std::filesystem::path path = args.get("key", (config_dir() / ("site-" + site + ".key")).string());
  auto key = ingest::load_or_create_site_key(path);
  if (!key) {
    Error error = std::move(key).error();
    error.message += " (" + path.string() + ")";
    return Unexpected(std::move(error));
  }
  if (key->created) {
    std::cerr
        << "\nA NEW SITE KEY was made: " << path.string()
        << "\n  Keep a copy of this file in a safe place of the hospital, and show it to nobody outside.\n"
           "  Patients are known to the registry only by what this key makes of their numbers: without it,\n"
           "  the next batch cannot be joined to this one, and nobody can trace an image back to its "
           "patient.\n\n";
  }
  std::cerr << "Site " << site << ", key " << key->fingerprint() << " (" << path.string() << ")\n";
  return key;
}

void print_manifest_summary(const std::vector<contract::ManifestRow>& rows) {
  std::set<std::string> cases;
  int64_t wrong = 0;
  for (const contract::ManifestRow& row : rows) {
    if (!row.errors.empty())
      ++wrong;
    else
      cases.insert(row.row.case_id);
  }
  const auto all = static_cast<int64_t>(rows.size());
  std::cerr << counted(all, "row") << " read: " << all - wrong << " right in "
            << counted(static_cast<int64_t>(cases.size()), "case") << ", " << wrong << " wrong\n";
}

Status write_report(const std::string& path, const std::string& text) {
  // Holds file names of the hospital: for its owner only.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Unexpected(ErrorCode::PermissionDenied, "UNWRITABLE", "cannot write " + path);
  bool good = true;
  for (size_t done = 0; good && done < text.size();) {
    const ssize_t wrote = ::write(fd, text.data() + done, text.size() - done);
    good = wrote > 0;
    done += static_cast<size_t>(std::max<ssize_t>(wrote, 0));
  }
  ::close(fd);
  if (!good) return Unexpected(ErrorCode::ResourceExhausted, "UNWRITABLE", "cannot write " + path);
  return {};
}

int exit_code(const ingest::IngestReport& report) {
  if (report.stopped) return kStopped;
  if (report.fatal) return kUsage;
  return report.count(ingest::Outcome::Refused) > 0 ? kRefused : kOk;
}

}  // namespace

Result<int> ingest_command(const Words& words) {
  ASSIGN_OR_RETURN(
      const Args args,
      Args::parse(words, with_connection({{"site", "key", "jobs", "json", "aliases"},
                                          {"dry-run", "already-deidentified", "no-wait", "no-progress"}})));
  if (args.positional().size() != 1) return usage("which manifest? hadactl ingest MANIFEST");
  const std::string manifest = args.positional()[0];
  const bool dry_run = args.has("dry-run");

  ingest::IngestOptions options;
  ASSIGN_OR_RETURN(options.jobs, args.get_int("jobs", 4, 1, 32));
  options.folder = std::filesystem::path(manifest).parent_path();
  options.wait_for_checks = !args.has("no-wait");
  options.deidentify = {args.has("already-deidentified"), kVersion};

  // What is wrong with the manifest itself is said before anybody is asked for a password.
  ASSIGN_OR_RETURN(const auto aliases, read_aliases(args));
  ASSIGN_OR_RETURN(const std::string text, read_manifest_file(manifest));
  auto rows = contract::read_manifest(text, aliases);
  if (!rows) {
    Error error = std::move(rows).error();
    error.message = "line " + error.metadata["line"] + ": " + error.message;
    return Unexpected(std::move(error));
  }
  print_manifest_summary(*rows);

  std::unique_ptr<net::CtlClient> client;
  if (!dry_run) {
    ASSIGN_OR_RETURN(client, connect(args));
  }
  ASSIGN_OR_RETURN(options.site, wanted_site(args, client.get()));
  std::optional<ApiTransport> transport;
  if (!dry_run) {
    ASSIGN_OR_RETURN(options.key, site_key(args, options.site));
    transport.emplace(*client, options.site);
  }

  stop_on_signals();
  ingest::IngestReport report;
  {
    ingest::Progress progress;
    const ProgressPrinter printer(progress, args.has("no-progress"));
    report = ingest::run_ingest(*rows, options, transport ? &*transport : nullptr, progress, stop_asked);
  }
  std::cout << report_text(report);
  if (report.fatal)
    std::cerr << "hadactl ingest: " << report.fatal->message << " [" << report.fatal->reason
              << "]; run the same again to continue\n";
  if (args.has("json")) RETURN_IF_ERROR(write_report(args.get("json"), report_json(report, options.site)));
  return exit_code(report);
}

}  // namespace hada::ctl
