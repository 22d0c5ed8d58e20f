#pragma once

// The process in which everything that arrives from outside is decoded: `hada-server decode-child`. It has no
// environment, no descriptor but its result pipe, no network, nothing to execute, may write only below its
// own job folder, and runs under limits of memory, CPU time, file size and wall time. Whatever a file makes a
// decoder do, it does it to this process.
//
// The job folder: in/<bundle path> the files that arrived, out/ what the child derives from them.

namespace hada::ingest {

// The child's main: argv = {program, "decode-child", job folder, main file's path in the bundle, limits ...};
// main.cc calls it before anything else is set up. Prints one JSON object (decode_runner.h reads it). Exit
// code 0 whenever it could answer, also when the answer is a refusal.
int decode_child_main(int argc, char** argv);

}  // namespace hada::ingest
