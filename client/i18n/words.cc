// Words of the unified format and body sites. Body sites are in the tree's order, by the last part of their
// path, which is unique in it.

#include "client/i18n/words.h"

#include <algorithm>
#include <array>

namespace hada::i18n {
namespace {

struct Word {
  std::string_view value;
  const char* english;
  const char* japanese;
};

constexpr Word kWords[] = {
    {"male", "Male", "男性"},
    {"female", "Female", "女性"},
    {"other", "Other", "その他"},
    {"unknown", "Unknown", "不明"},
    {"left", "Left", "左"},
    {"right", "Right", "右"},
    {"midline", "Midline", "正中"},
    {"bilateral", "Both sides", "両側"},
    {"localized", "Localized", "限局性"},
    {"multiple", "Multiple", "多発性"},
    {"generalized", "Generalized", "汎発性"},
    {"contact polarized", "Contact, polarized", "接触・偏光"},
    {"contact non-polarized", "Contact, non-polarized", "接触・非偏光"},
    {"non-contact polarized", "Non-contact, polarized", "非接触・偏光"},
    {"histopathology", "Histopathology", "病理組織検査"},
    {"serial imaging showing no change", "Serial imaging, no change", "経時的撮影で変化なし"},
    {"single image expert consensus", "Expert consensus on one image", "単一画像による専門医の合意"},
    {"confocal microscopy with consensus dermoscopy", "Confocal microscopy and dermoscopy",
     "共焦点顕微鏡とダーモスコピーの合意"},
    {"single contributor clinical assessment", "Clinical assessment by one physician", "単独医師の臨床診断"},
    {"culture/PCR/serology", "Culture, PCR or serology", "培養・PCR・血清検査"},
    {"patch test", "Patch test", "パッチテスト"},
    {"clinical course", "Clinical course", "臨床経過"},
};

struct Site {
  std::string_view english;
  const char* japanese;
};

constexpr Site kSites[] = {
    {"Head and neck", "頭頸部"},
    {"Trunk", "体幹"},
    {"Upper extremity", "上肢"},
    {"Lower extremity", "下肢"},
    {"Anogenital region", "肛門・外陰部"},
    {"Head", "頭部"},
    {"Neck", "頸部"},
    {"Anterior trunk", "体幹前面"},
    {"Lateral trunk", "体幹側面"},
    {"Posterior trunk", "体幹背面"},
    {"Shoulder", "肩"},
    {"Upper arm", "上腕"},
    {"Elbow", "肘"},
    {"Forearm", "前腕"},
    {"Wrist", "手関節部"},
    {"Hand", "手"},
    {"Buttock", "臀部"},
    {"Thigh", "大腿"},
    {"Knee", "膝"},
    {"Lower leg", "下腿"},
    {"Ankle", "足関節部"},
    {"Foot", "足"},
    {"Perianal region", "肛門周囲"},
    {"Genital region", "外陰部"},
    {"Scalp", "頭皮"},
    {"Ear", "耳"},
    {"Face", "顔面"},
    {"Front of neck", "前頸部"},
    {"Side of neck", "側頸部"},
    {"Nape of neck", "項部"},
    {"Supraclavicular region", "鎖骨上部"},
    {"Anterior chest", "前胸部"},
    {"Anterior abdomen", "腹部"},
    {"Axilla", "腋窩"},
    {"Lateral chest", "側胸部"},
    {"Lateral abdomen", "側腹部"},
    {"Upper back", "上背部"},
    {"Mid back", "背部中央"},
    {"Lower back", "腰部"},
    {"Anterior shoulder", "肩前面"},
    {"Lateral shoulder", "肩外側"},
    {"Posterior shoulder", "肩後面"},
    {"Anterior upper arm", "上腕前面"},
    {"Lateral upper arm", "上腕外側"},
    {"Posterior upper arm", "上腕後面"},
    {"Medial upper arm", "上腕内側"},
    {"Elbow tip", "肘頭部"},
    {"Lateral elbow", "肘外側"},
    {"Medial elbow", "肘内側"},
    {"Antecubital fossa", "肘窩"},
    {"Dorsal forearm", "前腕伸側"},
    {"Volar forearm", "前腕屈側"},
    {"Radial forearm", "前腕橈側"},
    {"Ulnar forearm", "前腕尺側"},
    {"Dorsal wrist", "手関節背側"},
    {"Volar wrist", "手関節掌側"},
    {"Radial wrist", "手関節橈側"},
    {"Ulnar wrist", "手関節尺側"},
    {"Dorsum of hand", "手背"},
    {"Palm of hand", "手掌"},
    {"Fingers and thumb", "手指"},
    {"Gluteal fold", "臀溝"},
    {"Anterior thigh", "大腿前面"},
    {"Lateral thigh", "大腿外側"},
    {"Posterior thigh", "大腿後面"},
    {"Medial thigh", "大腿内側"},
    {"Patellar region", "膝蓋部"},
    {"Lateral knee", "膝外側"},
    {"Medial knee", "膝内側"},
    {"Popliteal fossa", "膝窩"},
    {"Shin", "下腿前面"},
    {"Calf", "腓腹部"},
    {"Anterior ankle", "足関節前面"},
    {"Medial ankle", "足関節内側"},
    {"Lateral ankle", "足関節外側"},
    {"Achilles region", "アキレス腱部"},
    {"Dorsum of foot", "足背"},
    {"Sole of foot", "足底"},
    {"Toes", "足趾"},
    {"Anus", "肛門"},
    {"Intergluteal cleft", "臀裂部"},
    {"Perineum", "会陰部"},
    {"Vulva", "女性外陰部"},
    {"Vagina", "腟"},
    {"Penis", "陰茎"},
    {"Scrotum", "陰嚢"},
    {"Perigenital region", "外陰部周囲"},
    {"Frontal scalp", "前頭部"},
    {"Temporal scalp", "側頭部"},
    {"Parietal scalp", "頭頂部"},
    {"Occipital scalp", "後頭部"},
    {"Vertex of scalp", "頭頂（つむじ部）"},
    {"Pinna", "耳介"},
    {"External auditory canal", "外耳道"},
    {"Forehead", "前額部"},
    {"Temple", "こめかみ"},
    {"Orbital region", "眼窩部"},
    {"Cheek", "頬部"},
    {"Nose", "鼻部"},
    {"Oral region", "口部"},
    {"Mouth", "口腔"},
    {"Chin", "頤部"},
    {"Upper anterior chest", "前胸上部"},
    {"Lower anterior chest", "前胸下部"},
    {"Breast", "乳房"},
    {"Upper anterior abdomen", "上腹部"},
    {"Mid anterior abdomen", "中腹部"},
    {"Periumbilical region", "臍周囲"},
    {"Lower anterior abdomen", "下腹部"},
    {"Apex of axilla", "腋窩中央"},
    {"Anterior axillary fold", "前腋窩ひだ"},
    {"Posterior axillary fold", "後腋窩ひだ"},
    {"Upper lateral chest", "側胸上部"},
    {"Lower lateral chest", "側胸下部"},
    {"Lateral upper back", "上背部外側"},
    {"Paraspinal upper back", "上背部傍脊柱"},
    {"Lateral mid back", "背部中央外側"},
    {"Paraspinal mid back", "背部中央傍脊柱"},
    {"Lateral lower back", "腰部外側"},
    {"Paraspinal lower back", "腰部傍脊柱"},
    {"Knuckles", "手指関節背面"},
    {"Interdigital web spaces of hand", "指間部"},
    {"Hypothenar eminence", "小指球部"},
    {"Thenar eminence", "母指球部"},
    {"Central palm", "手掌中央"},
    {"Distal palm", "手掌遠位部"},
    {"Thumb", "母指"},
    {"Index finger", "示指"},
    {"Middle finger", "中指"},
    {"Ring finger", "環指"},
    {"Little finger", "小指"},
    {"Hip", "股関節部"},
    {"Upper medial thigh", "大腿内側上部"},
    {"Lateral calf", "下腿外側"},
    {"Medial calf", "下腿内側"},
    {"Posterior calf", "下腿後面"},
    {"Medial malleolus", "内果部"},
    {"Lateral malleolus", "外果部"},
    {"Metatarsophalangeal joints", "中足趾節関節部"},
    {"Interdigital web spaces of foot", "趾間部"},
    {"Plantar surface of forefoot", "前足底部"},
    {"Lateral plantar region", "足底外側"},
    {"Medial surface of sole of foot", "足底内側"},
    {"Arch of foot", "土踏まず"},
    {"Heel", "踵部"},
    {"Great toe", "母趾"},
    {"Second toe", "第2趾"},
    {"Third toe", "第3趾"},
    {"Fourth toe", "第4趾"},
    {"Fifth toe", "第5趾"},
    {"Labium majus", "大陰唇"},
    {"Labium minus", "小陰唇"},
    {"Clitoris", "陰核"},
    {"Vulval vestibule", "腟前庭"},
    {"Frenulum of labia minora", "陰唇小帯"},
    {"Vaginal introitus", "腟口"},
    {"Glans penis", "亀頭"},
    {"Inguinocrural fold", "鼠径溝"},
    {"Suprapubic region", "恥骨上部"},
    {"Helix of pinna", "耳輪"},
    {"Antihelix of pinna", "対耳輪"},
    {"Concha", "耳甲介"},
    {"Periorbital region", "眼周囲"},
    {"Eyelid", "眼瞼"},
    {"Conjunctiva", "結膜"},
    {"Sclera", "強膜"},
    {"Cornea", "角膜"},
    {"Iris", "虹彩"},
    {"Upper cheek", "頬上部"},
    {"Central cheek", "頬中央"},
    {"Lateral cheek", "頬外側"},
    {"Lower cheek", "頬下部"},
    {"Perinasal region", "鼻周囲"},
    {"Root of nose", "鼻根部"},
    {"Dorsum of nose", "鼻背"},
    {"Lateral side wall of nose", "鼻側壁"},
    {"Tip of nose", "鼻尖"},
    {"Ala nasi", "鼻翼"},
    {"Nostril", "外鼻孔"},
    {"Perioral region", "口囲"},
    {"Lip", "口唇"},
    {"Upper lip", "上口唇"},
    {"Lower lip", "下口唇"},
    {"Nasolabial fold", "鼻唇溝"},
    {"Oral mucosa", "口腔粘膜"},
    {"Palate", "口蓋"},
    {"Floor of mouth", "口腔底"},
    {"Gingiva", "歯肉"},
    {"Tongue", "舌"},
    {"Tonsillar region", "扁桃部"},
    {"Oropharynx", "中咽頭"},
    {"Clavicle", "鎖骨部"},
    {"Infraclavicular region", "鎖骨下部"},
    {"Presternal region", "胸骨前部"},
    {"Upper outer quadrant of breast", "乳房外上部"},
    {"Upper inner quadrant of breast", "乳房内上部"},
    {"Lower outer quadrant of breast", "乳房外下部"},
    {"Lower inner quadrant of breast", "乳房内下部"},
    {"Axillary tail of breast", "乳房腋窩尾部"},
    {"Inframammary flexure", "乳房下溝"},
    {"Areola", "乳輪"},
    {"Nipple", "乳頭"},
    {"Umbilicus", "臍部"},
    {"Hypogastric region", "下腹部中央"},
    {"Inguinal region", "鼠径部"},
    {"Mons pubis", "恥丘"},
};

// Sorted once, so that a row of the worklist costs a binary search and no allocation.
const std::array<Site, std::size(kSites)>& sorted_sites() {
  static const auto kSorted = [] {
    std::array<Site, std::size(kSites)> sites;
    std::copy(std::begin(kSites), std::end(kSites), sites.begin());
    std::sort(sites.begin(), sites.end(), [](const Site& a, const Site& b) { return a.english < b.english; });
    return sites;
  }();
  return kSorted;
}

}  // namespace

std::string_view word(std::string_view value, Language language) {
  for (const Word& each : kWords)
    if (each.value == value) return language == Language::Japanese ? each.japanese : each.english;
  return value;
}

std::string_view body_site(std::string_view path, Language language) {
  const size_t colon = path.rfind(':');
  const std::string_view leaf = colon == std::string_view::npos ? path : path.substr(colon + 1);
  if (language != Language::Japanese) return leaf;
  const auto& sites = sorted_sites();
  const auto it =
      std::lower_bound(sites.begin(), sites.end(), leaf,
                       [](const Site& site, std::string_view name) { return site.english < name; });
  return it != sites.end() && it->english == leaf ? std::string_view(it->japanese) : leaf;
}

void for_each_japanese_word(const std::function<void(std::string_view)>& take) {
  for (const Word& each : kWords) take(each.japanese);
  for (const Site& each : kSites) take(each.japanese);
}

}  // namespace hada::i18n
