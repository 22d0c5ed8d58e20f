#include "client/tiles/decoder.h"

#include <turbojpeg.h>

#include <string_view>

namespace hada::tiles {
namespace {

constexpr int64_t kMaxPixels = int64_t{64} << 20;

struct TjClose {
  void operator()(void* handle) const { tjDestroy(handle); }
};

Unexpected corrupt(const char* what) { return Unexpected(ErrorCode::DataLoss, "CORRUPT_TILE", what); }

// libjpeg goes on after damage and warns. The only warning without lost pixels is about bytes to skip between
// segments.
bool lost_pixels(void* handle) {
  return tjGetErrorCode(handle) != TJERR_WARNING ||
         std::string_view(tjGetErrorStr2(handle)).find("extraneous bytes") == std::string_view::npos;
}

}  // namespace

Result<Pixels> decode_jpeg(const std::string& jpeg, HalfSizes half_sizes, const ColourGrid* colour) {
  thread_local const std::unique_ptr<void, TjClose> handle(tjInitDecompress());
  if (!handle) return Unexpected(ErrorCode::Internal, "DECODER_FAILED", "The JPEG decoder could not start.");
  const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
  int width = 0, height = 0, subsampling = 0, colours = 0;
  if (tjDecompressHeader3(handle.get(), bytes, jpeg.size(), &width, &height, &subsampling, &colours) != 0 &&
      lost_pixels(handle.get()))
    return corrupt("The tile is not a JPEG picture.");
  if (width <= 0 || height <= 0 || int64_t{width} * height > kMaxPixels)
    return corrupt("The picture's size is wrong.");

  Pixels pixels;
  pixels.width = width;
  pixels.height = height;
  pixels.levels = half_sizes == HalfSizes::None  ? 1
                  : half_sizes == HalfSizes::One ? std::min(2, Pixels::full_chain(width, height))
                                                 : Pixels::full_chain(width, height);
  pixels.data = std::make_unique_for_overwrite<uint8_t[]>(pixels.bytes());
  if (tjDecompress2(handle.get(), bytes, jpeg.size(), pixels.data.get(), width, 0, height, TJPF_RGBA, 0) !=
          0 &&
      lost_pixels(handle.get()))
    return corrupt("The tile's JPEG data is damaged.");
  if (colour) colour->apply(pixels.data.get(), static_cast<size_t>(width) * static_cast<size_t>(height));
  build_half_sizes(pixels);
  return pixels;
}

Decoder::Decoder(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Decoder::~Decoder() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    jobs_.clear();
  }
  more_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Decoder::submit(DecodeJob job) {
  {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  more_.notify_one();
}

void Decoder::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    more_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    const DecodeJob job = std::move(jobs_.back());
    jobs_.pop_back();
    lock.unlock();
    const ColourGrid* colour = job.colour.valid() ? job.colour.get().get() : nullptr;
    job.done(decode_jpeg(*job.jpeg, job.half_sizes, colour));
    lock.lock();
  }
}

}  // namespace hada::tiles
