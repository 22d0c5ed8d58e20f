#pragma once

namespace hada::app {

// Makes the C library give memory back to the system. Left alone, glibc raises the size from which a block
// has pages of its own to that of the largest block freed, 32 MiB at most, so that photographs and textures
// of a closed case stay as holes in the heap: in tests/bench/day_bench the program then grows to half as much
// again and keeps most of it. Call first in main.
void keep_heap_small();

}  // namespace hada::app
