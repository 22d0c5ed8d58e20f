#include <iostream>

#include "client/ctl/command.h"
#include "client/ctl/session.h"

namespace hada::ctl {

Result<int> login_command(const Words& words) {
  ASSIGN_OR_RETURN(const Args args, Args::parse(words, with_connection({})));
  if (args.positional().size() > 1) return usage("one user at a time");
  ASSIGN_OR_RETURN(const std::string name, login_and_store(args));
  std::cout << "Logged in as " << name << ".\n";
  return kOk;
}

}  // namespace hada::ctl
