// Replays a corpus through a fuzz target without libFuzzer: every file of every folder named on the command
// line, and each file cut short at a few places, since a truncated input is the commonest one.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int main(int argc, char** argv) {
  int inputs = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::exists(argv[i])) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      for (size_t eighths = 8; eighths > 0; --eighths)
        LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size() * eighths / 8);
      ++inputs;
    }
  }
  if (inputs == 0) {
    std::fprintf(stderr, "no corpus files found: expected tests/fuzz/corpus/<target>/\n");
    std::printf("[doctest] test cases: 1 | 0 passed | 1 failed | 0 skipped\n");
    return 1;
  }
  std::printf("replayed %d inputs\n[doctest] test cases: 1 | 1 passed | 0 failed | 0 skipped\n", inputs);
  return 0;
}
