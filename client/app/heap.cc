#include "client/app/heap.h"

#include <malloc.h>

namespace hada::app {

void keep_heap_small() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);   // larger than a tile's pixels, which come and go all the time
  mallopt(M_TRIM_THRESHOLD, 32 << 20);  // a small one would trim and grow with every tile
  mallopt(M_ARENA_MAX, 4);              // the decoders and gRPC need not have a heap for each thread
}

}  // namespace hada::app
