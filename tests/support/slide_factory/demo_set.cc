// The demonstration set: which pictures there are, and their manifest.
#include <cmath>
#include <fstream>
#include <functional>

#include "tests/support/slide_factory/slide_factory.h"

namespace hada::support {
namespace {

using Path = std::filesystem::path;
struct Job {
  Path path;
  std::uint64_t seed;
  int shrink;
};
using Draw = std::function<bool(const Job&, std::string* error)>;

constexpr const char* kColumns =
    "file,patient_id,case_id,lesion_id,kind,site_diagnosis,site_diagnosis_ja,pathology_diagnosis,dx_confirm_"
    "type,"
    "concomitant_biopsy,acquisition_day,age,sex,fitzpatrick,anatom_site,laterality,distribution,"
    "clin_size_long_diam_mm,duration,symptoms,dermoscopic_type,stain,mpp,image_manipulation,licence,"
    "attribution";

struct Case {
  const char* patient;
  const char* id;
  const char* lesion;
  const char* diagnosis;
  const char* diagnosis_ja;
  const char* pathology;
  const char* confirmed_by;
  const char* biopsy;
  const char* day;
  const char* age;
  const char* sex;
  SkinTone tone;
  const char* anatom_site;
  const char* laterality;
  const char* distribution;
  const char* size;
  const char* duration;
  const char* symptoms;
};

struct Image {
  std::size_t of;  // index into the cases
  const char* file;
  const char* kind;
  const char* dermoscopic_type;
  const char* stain;
  double mpp;  // 0: not known
  Draw draw;
};

const char* fitzpatrick_name(SkinTone tone) {
  constexpr const char* kNames[] = {"I", "II", "III", "IV", "V", "VI"};
  return kNames[static_cast<int>(tone) - 1];
}

Draw overview(BodyPart part, Eruption eruption, SkinTone tone) {
  return [=](const Job& job, std::string* error) {
    OverviewSpec spec;
    spec.part = part;
    spec.eruption = eruption;
    spec.tone = tone;
    spec.seed = job.seed;
    spec.width /= job.shrink;
    spec.height /= job.shrink;
    return write_jpeg(job.path, draw_overview(spec), {}, error);
  };
}

Draw closeup(Eruption eruption, SkinTone tone, double field_of_view_mm, bool camera = false) {
  return [=](const Job& job, std::string* error) {
    CloseupSpec spec;
    spec.eruption = eruption;
    spec.tone = tone;
    spec.field_of_view_mm = field_of_view_mm;
    spec.seed = job.seed;
    spec.width /= job.shrink;
    spec.height /= job.shrink;
    JpegOptions options;
    options.camera_exif = camera;
    return write_jpeg(job.path, draw_closeup(spec), options, error);
  };
}

// 16:9, the corners cut away to transparency with a soft edge.
Draw closeup_cut_out(Eruption eruption, SkinTone tone) {
  return [=](const Job& job, std::string* error) {
    CloseupSpec spec;
    spec.eruption = eruption;
    spec.tone = tone;
    spec.width = 1280;
    spec.height = 720;
    spec.field_of_view_mm = 90.0;
    spec.seed = job.seed;
    spec.width /= job.shrink;
    spec.height /= job.shrink;
    const Raster raster = draw_closeup(spec);
    std::vector<std::uint8_t> alpha(static_cast<std::size_t>(raster.width) * raster.height);
    for (int y = 0; y < raster.height; ++y) {
      for (int x = 0; x < raster.width; ++x) {
        const double u = 2.0 * x / raster.width - 1.0;
        const double v = 2.0 * y / raster.height - 1.0;
        const double edge =
            (1.06 - std::pow(std::pow(std::fabs(u), 8.0) + std::pow(std::fabs(v), 8.0), 0.125));
        const double a = std::min(1.0, std::max(0.0, edge * 20.0 - 0.2));
        alpha[static_cast<std::size_t>(y) * raster.width + x] = static_cast<std::uint8_t>(a * 255.0);
      }
    }
    return write_png(job.path, raster, alpha, error);
  };
}

Draw dermoscopy(DermoscopySpec spec, int orientation = 0) {
  return [=](const Job& job, std::string* error) {
    DermoscopySpec seeded = spec;
    seeded.seed = job.seed;
    seeded.width /= job.shrink;
    seeded.height /= job.shrink;
    JpegOptions options;
    options.exif_orientation = orientation;
    const Raster raster = draw_dermoscopy(seeded);
    return write_jpeg(job.path, orientation == 6 ? turned_left(raster) : raster, options, error);
  };
}

DermoscopySpec dermoscopy_of(DermoscopyPattern pattern, SkinTone tone, double lesion_mm) {
  DermoscopySpec spec;
  spec.pattern = pattern;
  spec.tone = tone;
  spec.lesion_mm = lesion_mm;
  return spec;
}

enum class SlideForm { Pyramid, Aperio, Field };

Draw slide(Histology histology, int width, int height, double mpp, SlideForm form) {
  return [=](const Job& job, std::string* error) {
    SlideSpec spec;
    spec.histology = histology;
    spec.width = width;
    spec.height = height;
    spec.mpp = mpp * job.shrink;
    spec.fills_frame = form == SlideForm::Field;
    spec.seed = job.seed;
    spec.width /= job.shrink;
    spec.height /= job.shrink;
    const Raster raster = draw_slide(spec);
    switch (form) {
      case SlideForm::Pyramid:
        return write_pyramid_tiff(job.path, raster, spec.mpp, 80, error);
      case SlideForm::Aperio:
        return write_aperio_like(job.path, raster, spec.mpp, 80, error);
      case SlideForm::Field:
        return write_jpeg(job.path, raster, {}, error);
    }
    return false;
  };
}

constexpr const char* kHistopathology = "histopathology";
constexpr const char* kClinical = "single contributor clinical assessment";

// Sites are written in the forms that the format allows: full path, unique leaf, enum name, alias.
const std::vector<Case>& demo_cases() {
  static const std::vector<Case> kCases = {
      {"P-SYN-001", "C-SYN-001", "L-SYN-001", "melanoma", "悪性黒色腫", "melanoma", kHistopathology, "true",
       "0", "64", "male", SkinTone::II, "Trunk:Posterior trunk:Upper back", "left", "localized", "14 mm",
       "three to twelve months", "growing; bled once"},
      {"P-SYN-002", "C-SYN-002", "L-SYN-002", "basal cell carcinoma", "基底細胞癌", "basal cell carcinoma",
       kHistopathology, "true", "0", "71", "female", SkinTone::II, "Dorsal forearm", "right", "localized",
       "11 mm", "more than one year", "crusting"},
      {"P-SYN-003", "C-SYN-003", "L-SYN-003", "psoriasis", "乾癬", "psoriasis", kHistopathology, "true", "0",
       "43", "male", SkinTone::III, "upper_extremity_forearm", "left", "multiple", "4.4 cm",
       "more than five years", "itching; scaling"},
      {"P-SYN-004", "C-SYN-004", "L-SYN-004", "seborrheic keratosis", "脂漏性角化症", "", kClinical, "", "0",
       "68", "male", SkinTone::IV, "chest", "", "localized", "16 mm", "more than five years", ""},
      {"P-SYN-005", "C-SYN-005", "L-SYN-005", "melanocytic nevus", "色素性母斑", "",
       "serial imaging showing no change", "", "0", "34", "female", SkinTone::III,
       "Upper extremity:Upper arm", "left", "localized", "7 mm", "more than five years", ""},
      {"P-SYN-005", "C-SYN-006", "L-SYN-005", "melanocytic nevus", "色素性母斑", "",
       "serial imaging showing no change", "", "182", "34", "female", SkinTone::III,
       "Upper extremity:Upper arm", "left", "localized", "7 mm", "more than five years", ""},
      {"P-SYN-006", "C-SYN-007", "L-SYN-006", "atopic dermatitis", "アトピー性皮膚炎", "", kClinical, "", "0",
       "19", "female", SkinTone::V, "Upper extremity:Forearm:Volar forearm", "right", "multiple", "6 cm",
       "since childhood", "itching"},
      {"P-SYN-007", "C-SYN-008", "L-SYN-007", "tinea corporis", "体部白癬", "", "culture/PCR/serology", "",
       "0", "27", "male", SkinTone::II, "abdomen", "", "localized", "42 mm", "one to four weeks", "itching"},
      {"P-SYN-008", "C-SYN-009", "L-SYN-008", "vitiligo", "尋常性白斑", "", kClinical, "", "0", "38",
       "female", SkinTone::V, "Lower extremity:Lower leg:Shin", "left", "multiple", "40 mm",
       "more than one year", ""},
      {"P-SYN-009", "C-SYN-010", "L-SYN-009", "acne vulgaris", "尋常性痤瘡", "", kClinical, "", "0", "17",
       "male", SkinTone::III, "back", "", "multiple", "", "more than one year", "pain"},
      {"P-SYN-010", "C-SYN-011", "L-SYN-010", "urticaria", "蕁麻疹", "", "clinical course", "", "0", "29",
       "female", SkinTone::III, "Anterior thigh", "right", "generalized", "", "one day", "itching"},
      {"P-SYN-011", "C-SYN-012", "L-SYN-011", "dermatofibroma", "皮膚線維腫", "", kClinical, "", "0", "46",
       "female", SkinTone::III, "Lower extremity:Lower leg:Calf", "left", "localized", "7 mm",
       "more than one year", ""},
      {"P-SYN-012", "C-SYN-013", "L-SYN-012", "hemangioma", "血管腫", "", "single image expert consensus", "",
       "0", "55", "male", SkinTone::I, "trunk_lateral_trunk", "right", "localized", "5 mm", "", ""},
      {"P-SYN-013", "C-SYN-014", "L-SYN-013", "lichen planus", "扁平苔癬", "lichen planus", kHistopathology,
       "true", "0", "51", "female", SkinTone::IV, "Volar wrist", "left", "multiple", "40 mm",
       "one to three months", "itching"},
      {"P-SYN-014", "C-SYN-015", "L-SYN-014", "herpes zoster", "帯状疱疹", "", "clinical course", "", "0",
       "73", "male", SkinTone::III, "Trunk:Lateral trunk:Lateral chest", "left", "localized", "60 mm",
       "one to four weeks", "burning; pain"},
      {"P-SYN-015", "C-SYN-016", "L-SYN-015", "psoriasis", "乾癬", "", kClinical, "", "0", "60", "female",
       SkinTone::VI, "Lower extremity:Knee", "right", "multiple", "44 mm", "more than one year", "scaling"},
  };
  return kCases;
}

std::vector<Image> demo_images() {
  constexpr auto kOverview = "clinical_overview";
  constexpr auto kCloseup = "clinical_closeup";
  constexpr auto kDermoscopic = "dermoscopic";
  constexpr auto kWsi = "histopathology_wsi";
  constexpr auto kPolarized = "contact polarized";
  DermoscopySpec melanoma = dermoscopy_of(DermoscopyPattern::Melanoma, SkinTone::II, 13.0);
  melanoma.width = 2600;
  melanoma.height = 1950;
  melanoma.field_of_view_mm = 20.8;
  melanoma.hairs = 8;
  DermoscopySpec psoriasis = dermoscopy_of(DermoscopyPattern::Psoriasis, SkinTone::III, 15.0);
  psoriasis.ruler = false;
  DermoscopySpec nevus_plain = dermoscopy_of(DermoscopyPattern::Nevus, SkinTone::III, 7.0);
  DermoscopySpec nevus_later = nevus_plain;
  nevus_later.hairs = 4;
  DermoscopySpec nevus_open = nevus_plain;
  nevus_open.vignette = false;
  nevus_open.ruler = false;
  nevus_open.hairs = 3;
  return {
      {0, "syn-001-overview.jpg", kOverview, "", "", 0.0,
       overview(BodyPart::Back, Eruption::Melanoma, SkinTone::II)},
      {0, "syn-001-closeup.jpg", kCloseup, "", "", 0.0,
       closeup(Eruption::Melanoma, SkinTone::II, 36.0, true)},
      {0, "syn-001-dermoscopy.jpg", kDermoscopic, kPolarized, "", 8.0, dermoscopy(melanoma)},
      {0, "syn-001-slide.svs", kWsi, "", "H&E", 0.5,
       slide(Histology::Melanoma, 4800, 3600, 0.5, SlideForm::Aperio)},
      {1, "syn-002-overview.jpg", kOverview, "", "", 0.0,
       overview(BodyPart::Forearm, Eruption::BasalCellCarcinoma, SkinTone::II)},
      {1, "syn-002-closeup.jpg", kCloseup, "", "", 0.0,
       closeup(Eruption::BasalCellCarcinoma, SkinTone::II, 32.0)},
      {1, "syn-002-dermoscopy.jpg", kDermoscopic, kPolarized, "", 9.375,
       dermoscopy(dermoscopy_of(DermoscopyPattern::BasalCellCarcinoma, SkinTone::II, 9.0))},
      {1, "syn-002-slide.tiff", kWsi, "", "H&E", 0.5,
       slide(Histology::BasalCellCarcinoma, 7168, 5376, 0.5, SlideForm::Pyramid)},
      {2, "syn-003-overview.jpg", kOverview, "", "", 0.0,
       overview(BodyPart::Forearm, Eruption::Psoriasis, SkinTone::III)},
      {2, "syn-003-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::Psoriasis, SkinTone::III, 70.0)},
      {2, "syn-003-dermoscopy.jpg", kDermoscopic, "non-contact polarized", "", 0.0, dermoscopy(psoriasis)},
      {2, "syn-003-slide.tiff", kWsi, "", "H&E", 0.5,
       slide(Histology::Psoriasis, 4096, 3072, 0.5, SlideForm::Pyramid)},
      {3, "syn-004-closeup.jpg", kCloseup, "", "", 0.0,
       closeup(Eruption::SeborrheicKeratosis, SkinTone::IV, 44.0)},
      {3, "syn-004-dermoscopy.jpg", kDermoscopic, "contact non-polarized", "", 9.375,
       dermoscopy(dermoscopy_of(DermoscopyPattern::SeborrheicKeratosis, SkinTone::IV, 10.0))},
      {4, "syn-005-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::Nevus, SkinTone::III, 30.0)},
      {4, "syn-005-dermoscopy-a.jpg", kDermoscopic, kPolarized, "", 9.375, dermoscopy(nevus_plain)},
      {4, "syn-005-dermoscopy-b.jpg", kDermoscopic, "contact non-polarized", "", 0.0, dermoscopy(nevus_open)},
      {5, "syn-006-dermoscopy.jpg", kDermoscopic, kPolarized, "", 9.375, dermoscopy(nevus_later)},
      {6, "syn-007-overview.jpg", kOverview, "", "", 0.0,
       overview(BodyPart::Forearm, Eruption::AtopicDermatitis, SkinTone::V)},
      {6, "syn-007-closeup.jpg", kCloseup, "", "", 0.0,
       closeup(Eruption::AtopicDermatitis, SkinTone::V, 75.0)},
      {7, "syn-008-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::TineaCorporis, SkinTone::II, 75.0)},
      {8, "syn-009-closeup.png", kCloseup, "", "", 0.0, closeup_cut_out(Eruption::Vitiligo, SkinTone::V)},
      {9, "syn-010-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::Acne, SkinTone::III, 75.0)},
      {10, "syn-011-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::Urticaria, SkinTone::III, 85.0)},
      {11, "syn-012-dermoscopy.jpg", kDermoscopic, kPolarized, "", 9.375,
       dermoscopy(dermoscopy_of(DermoscopyPattern::Dermatofibroma, SkinTone::III, 7.0), 6)},
      {12, "syn-013-dermoscopy.jpg", kDermoscopic, "contact non-polarized", "", 9.375,
       dermoscopy(dermoscopy_of(DermoscopyPattern::Hemangioma, SkinTone::I, 5.0))},
      {13, "syn-014-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::LichenPlanus, SkinTone::IV, 60.0)},
      {13, "syn-014-field.jpg", "histopathology_field", "", "H&E", 0.5,
       slide(Histology::LichenPlanus, 1600, 1200, 0.5, SlideForm::Field)},
      {14, "syn-015-closeup.jpg", kCloseup, "", "", 0.0,
       closeup(Eruption::HerpesZoster, SkinTone::III, 85.0)},
      {15, "syn-016-closeup.jpg", kCloseup, "", "", 0.0, closeup(Eruption::Psoriasis, SkinTone::VI, 70.0)},
  };
}

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

void write_row(std::ofstream& csv, const Case& c, const Image& image, int shrink) {
  const std::string mpp = image.mpp > 0.0 ? number(image.mpp * shrink) : "";
  const char* fields[] = {image.file,
                          c.patient,
                          c.id,
                          c.lesion,
                          image.kind,
                          c.diagnosis,
                          c.diagnosis_ja,
                          c.pathology,
                          c.confirmed_by,
                          c.biopsy,
                          c.day,
                          c.age,
                          c.sex,
                          fitzpatrick_name(c.tone),
                          c.anatom_site,
                          c.laterality,
                          c.distribution,
                          c.size,
                          c.duration,
                          c.symptoms,
                          image.dermoscopic_type,
                          image.stain,
                          mpp.c_str(),
                          "synthetic",
                          "CC-0",
                          "Hada synthetic demonstration image"};
  const char* separator = "";
  for (const char* field : fields) {  // none of them holds a comma or a quote
    csv << separator << field;
    separator = ",";
  }
  csv << "\n";
}

}  // namespace

int write_demo_set(const std::filesystem::path& dir, std::uint64_t seed, std::string* error, int shrink) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  std::ofstream csv(dir / "manifest.csv", std::ios::binary);
  csv << kColumns << "\n";
  int rows = 0;
  for (const Image& image : demo_images()) {
    // A lesion has one seed, so that a later visit or another mode shows the same one.
    const Case& of = demo_cases()[image.of];
    const std::uint64_t lesion = std::stoull(std::string(of.lesion).substr(6));
    if (!image.draw({dir / image.file, seed * 1000 + lesion, shrink}, error)) {
      return -1;
    }
    write_row(csv, of, image, shrink);
    ++rows;
  }
  csv.close();
  if (!csv.good()) {
    if (error != nullptr) {
      *error = "cannot write " + (dir / "manifest.csv").string();
    }
    return -1;
  }
  return rows;
}

}  // namespace hada::support
