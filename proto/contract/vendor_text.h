#pragma once

// What scanner makers write about a slide into its TIFF, cleaned in place: every value becomes spaces that is
// not known to be about optics, geometry or coding. The length never changes. Facts about which values
// readers need come from OpenSlide's behaviour (its format pages and readers). Pure; any input is safe.

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hada::contract {

// Aperio: "text|key = value|key = value". What held something and was blanked is added to `blanked` by its
// key.
std::string clean_aperio_description(std::string text, std::vector<std::string>& blanked);

// Trestle: "key=value;key=value".
std::string clean_trestle_description(std::string text, std::vector<std::string>& blanked);

// Philips: XML of <Attribute Name="...">value</Attribute>; label and macro stand in it too, as base64.
std::string clean_philips_xml(std::string text);

// Leica SCN: XML of a collection of images.
std::string clean_leica_xml(std::string text);

// Which directories of a Leica file (by number) show the specimen and no more: not the label, not the whole
// slide with it, nothing that the XML does not speak of. Empty where the XML is not of the known shape.
std::set<uint64_t> leica_specimen_directories(std::string_view text);

// Ventana: XML with <iScan> or <EncodeInfo> at its root, in the XMP tag.
std::string clean_ventana_xml(std::string text);

// Ventana: "level=0 mag=20 quality=95".
std::string clean_ventana_description(std::string text, std::vector<std::string>& blanked);

}  // namespace hada::contract
