// hadactl: the command line for coordinators, admins and scripts.

#include <algorithm>
#include <iostream>
#include <map>

#include "client/ctl/command.h"
#include "client/ctl/session.h"

namespace hada::ctl {
namespace {

struct Command {
  Result<int> (*run)(const Words&);
  const char* summary;
  const char* help;
};

constexpr const char* kConnectionHelp = R"(
Connection (every command):
  --server HOST:PORT    the server; default: $HADA_SERVER, else the last login's
  --ca FILE             the server's certificate authority (PEM); needed but on loopback; default: $HADA_CA
  --user USER           log in for this call only, instead of using the stored login
  --password-file FILE  the first line is USER's password ("-": standard input); default: ask
)";

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> table = {
      {"login",
       {login_command, "log in and stay logged in",
        R"(hadactl login USER [--server HOST:PORT] [--ca FILE] [--password-file FILE]

Logs in and stores the session's token in ~/.config/hada/credentials.json, readable by you only.
)"}},
      {"ingest",
       {ingest_command, "check a manifest, de-identify its images and send them",
        R"(hadactl ingest MANIFEST [options]

Checks every row of a manifest (CSV or JSON Lines; docs/format.md), takes what identifies a person out of each
image, sends it, waits for the server's checks and says row by row what did not go in and why.
Running it again sends nothing twice; an interrupted run continues.

  --site SITE             the site the images belong to; default: your own
  --key FILE              the site's key; default: ~/.config/hada/site-SITE.key, made on first use. Keep a copy!
  --jobs N                files at once (1-32, default 4)
  --dry-run               check and clean, send nothing; needs no server
  --json FILE             write the whole report as JSON
  --aliases FILE          more names for body sites: one "name<TAB>ISIC path" a line
  --already-deidentified  you vouch for slides whose labels this tool cannot remove
  --no-wait               do not wait for the server's checks
  --no-progress           no progress bar

Exit code: 0 all rows are in, 1 some were refused, 2 usage, login or connection, 130 stopped by Ctrl-C.
)"}},
      {"site",
       {site_command, "add or list sites (admin)",
        R"(hadactl site add ID --display-name NAME
hadactl site list

ID is 1-32 of a-z, 0-9 and "-".
)"}},
      {"user",
       {user_command, "add, list and change people (admin)",
        R"(hadactl user add NAME --display-name TEXT [--home-site SITE] --role ROLE[@SITE] ... [--new-password-file FILE]
hadactl user list
hadactl user roles NAME --role ROLE[@SITE] ...      replaces all roles of NAME
hadactl user password NAME [--new-password-file FILE]
hadactl user disable NAME                           ends NAME's sessions; what NAME wrote stays

ROLE is dermatologist, qa_reviewer, site_coordinator, researcher or admin; without @SITE it holds for all sites.
--new-password-file: the first line is NAME's new password ("-": standard input); default: ask twice. Without
--user, --password-file means the same.
)"}},
      {"case",
       {case_command, "list or show cases, set their tier",
        R"(hadactl case list [--site SITE] [--state STATE ...] [--kind KIND ...] [--limit N]
hadactl case show CASE
hadactl case tier standard|test|gold CASE ...       (QA reviewer) what the cases are for; docs/policy.md

STATE as in the worklist (open, reading, needs_read, agreed ...), KIND as in a manifest. --limit: 0 is all (default 100).
)"}},
      {"policy",
       {policy_command, "show and set the policy of the review (admin)",
        R"(hadactl policy show [VERSION]                   as JSON; default: the one in force
hadactl policy list
hadactl policy diff [VERSION|FILE] VERSION|FILE     with one, what it changes of the one in force
hadactl policy set FILE --replaces VERSION [--dry-run]

To change it: hadactl policy show > FILE, edit FILE and give it a version of its own, hadactl policy set FILE
--replaces the version it was made from. What is decided from then on names the new version; what is decided
stays. docs/policy.md explains every member. --dry-run: check it and say what would change. FILE "-": standard input.
)"}},
      {"batch",
       {batch_command, "show what became of a batch",
        R"(hadactl batch show BATCH

How many of its images are received, ready and refused, and why each refused one was.
)"}},
  };
  return table;
}

void print_usage(std::ostream& out) {
  out << "hadactl: bring images in, manage people and sites, look at cases.\n\n";
  for (const auto& [name, command] : commands()) {
    out << "  hadactl " << name << std::string(8 - std::min<size_t>(name.size(), 7), ' ') << command.summary
        << '\n';
  }
  out << "\nhadactl COMMAND --help says more; hadactl --version.\n";
}

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::Unauthenticated:
    case ErrorCode::Unimplemented:
      return kUsage;
    default:
      break;
  }
  for (const char* reason : {"USAGE", "UNREADABLE", "UNWRITABLE", "TLS_REQUIRED", "BAD_MANIFEST",
                             "KEY_UNSAFE", "KEY_DAMAGED", "KEY_UNREADABLE"})
    if (error.reason == reason) return kUsage;
  return kRefused;
}

void print_error(const std::string& command, const Error& error) {
  std::cerr << "hadactl " << command << ": " << error.message;
  if (error.reason == "UNAVAILABLE")
    std::cerr << " (is the server running, is this its address, and does it need --ca FILE?)";
  if (error.reason == "NO_SESSION") std::cerr << " (run hadactl login, or use --user)";
  std::cerr << " [" << error.reason << "]\n";
  if (error.reason == "USAGE") std::cerr << "hadactl " << command << " --help says more.\n";
}

int run(const Words& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_usage(words.empty() ? std::cerr : std::cout);
    return words.empty() ? kUsage : kOk;
  }
  if (words[0] == "--version") {
    std::cout << kVersion << '\n';
    return kOk;
  }
  const auto found = commands().find(words[0]);
  if (found == commands().end()) {
    std::cerr << "hadactl: there is no command " << words[0] << "\n\n";
    print_usage(std::cerr);
    return kUsage;
  }
  const Words rest(words.begin() + 1, words.end());
  for (const std::string& word : rest) {
    if (word == "--help" || word == "-h") {
      std::cout << found->second.help << kConnectionHelp;
      return kOk;
    }
  }
  const Result<int> code = found->second.run(rest);
  if (code) return *code;
  print_error(words[0], code.error());
  return exit_code(code.error());
}

}  // namespace
}  // namespace hada::ctl

int main(int argc, char** argv) { return hada::ctl::run({argv + 1, argv + argc}); }
