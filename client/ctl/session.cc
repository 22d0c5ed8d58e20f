#include "client/ctl/session.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "client/ingest/ingest_run.h"
#include "hada/v1/session.pb.h"

namespace hada::ctl {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path credentials_path() { return config_dir() / "credentials.json"; }

struct Credentials {
  std::string server, ca, token;
};

Credentials stored_credentials() {
  std::ifstream in(credentials_path());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto json = nlohmann::json::parse(text, nullptr, false);
  Credentials credentials;
  if (!json.is_object()) return credentials;
  const auto get = [&](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  credentials.server = get("server");
  credentials.ca = get("ca");
  credentials.token = get("token");
  return credentials;
}

Status store_credentials(const Credentials& credentials) {
  std::error_code failed;
  fs::create_directories(config_dir(), failed);
  fs::permissions(config_dir(), fs::perms::owner_all, failed);
  const nlohmann::json json = {
      {"server", credentials.server}, {"ca", credentials.ca}, {"token", credentials.token}};
  const std::string text = json.dump(2) + "\n";
  // Beside and renamed: never half a file, never one that others could read for a moment.
  std::string draft = credentials_path().string() + ".XXXXXX";
  const int fd = ::mkostemp(draft.data(), O_CLOEXEC);
  if (fd < 0)
    return Unexpected(ErrorCode::PermissionDenied, "UNWRITABLE",
                      "cannot write into " + config_dir().string());
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fchmod(fd, 0600) == 0 && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(draft.c_str(), credentials_path().c_str()) != 0) {
    ::unlink(draft.c_str());
    return Unexpected(ErrorCode::PermissionDenied, "UNWRITABLE",
                      "cannot write into " + config_dir().string());
  }
  return {};
}

// Options, then environment, then what the last login used.
Result<Credentials> wanted_server(const Args& args) {
  Credentials stored = stored_credentials();
  const std::string named = args.get("server", environment("HADA_SERVER"));
  const std::string ca = args.get("ca", environment("HADA_CA"));
  // A token is for the server that gave it.
  if (!named.empty() && named != stored.server) stored = {named, "", ""};
  if (!ca.empty()) stored.ca = ca;
  if (stored.server.empty()) return usage("no server: use --server HOST:PORT, or set HADA_SERVER, or log in");
  return stored;
}

Result<v1::LoginResponse> log_in(net::CtlClient& client, const Args& args, const std::string& user) {
  v1::LoginRequest request;
  request.set_user_id(user);
  ASSIGN_OR_RETURN(*request.mutable_password(), args.has("password-file")
                                                    ? read_secret_file(args.get("password-file"))
                                                    : ask_secret("Password of " + user + ": "));
  ASSIGN_OR_RETURN(auto response, client.call<v1::LoginResponse>("SessionService/Login", request));
  client.set_token(response.session_token());
  return response;
}

// Switches the terminal's echo off for as long as it lives.
class NoEcho {
 public:
  NoEcho() {
    ok_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (ok_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() {
    if (ok_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool ok_ = false;
};

}  // namespace

ArgSpec with_connection(ArgSpec spec) {
  spec.values.insert({"server", "ca", "user", "password-file"});
  return spec;
}

fs::path config_dir() {
  if (const std::string own = environment("HADA_CONFIG_DIR"); !own.empty()) return own;
  if (const std::string xdg = environment("XDG_CONFIG_HOME"); !xdg.empty()) return fs::path(xdg) / "hada";
  return fs::path(environment("HOME")) / ".config" / "hada";
}

Result<std::string> read_secret_file(const std::string& path) {
  std::string line;
  if (path == "-") {
    std::getline(std::cin, line);
  } else {
    std::ifstream in(path);
    if (!in) return Unexpected(ErrorCode::NotFound, "UNREADABLE", "cannot read " + path);
    std::getline(in, line);
  }
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return usage("the first line of " + path + " is empty");
  return line;
}

Result<std::string> ask_secret(const std::string& prompt) {
  if (!::isatty(STDIN_FILENO))
    return usage("there is no terminal to ask for a password; name a file that holds it");
  std::string line;
  std::cerr << prompt << std::flush;
  {
    const NoEcho quiet;
    std::getline(std::cin, line);
  }
  std::cerr << '\n';
  if (line.empty()) return usage("no password was given");
  return line;
}

Result<std::unique_ptr<net::CtlClient>> connect(const Args& args) {
  ASSIGN_OR_RETURN(const Credentials server, wanted_server(args));
  ASSIGN_OR_RETURN(auto client, net::CtlClient::open({server.server, server.ca, kVersion}));
  if (args.has("user")) {
    ASSIGN_OR_RETURN([[maybe_unused]] const auto session, log_in(*client, args, args.get("user")));
  } else if (!server.token.empty()) {
    client->set_token(server.token);
  } else {
    return Unexpected(ErrorCode::Unauthenticated, "NO_SESSION",
                      "not logged in to " + server.server + ": run hadactl login, or use --user");
  }
  return client;
}

Result<std::string> login_and_store(const Args& args) {
  ASSIGN_OR_RETURN(Credentials server, wanted_server(args));
  const std::string user = !args.positional().empty() ? args.positional().front() : args.get("user");
  if (user.empty()) return usage("whom? hadactl login USER");
  ASSIGN_OR_RETURN(auto client, net::CtlClient::open({server.server, server.ca, kVersion}));
  ASSIGN_OR_RETURN(const auto response, log_in(*client, args, user));
  server.token = response.session_token();
  if (!server.ca.empty()) server.ca = fs::absolute(server.ca).string();
  RETURN_IF_ERROR(store_credentials(server));
  return response.user().display_name();
}

std::string new_request_id() {
  std::random_device random;
  std::string text;
  for (int i = 0; i < 8; ++i) text += std::to_string(random()) + ' ';
  return ingest::derived_uuid(text);
}

}  // namespace hada::ctl
