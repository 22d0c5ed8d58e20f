#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/tiff_index: one small file for each shape of TIFF that tiff_index_fuzz should start from."""
import pathlib
import struct

OUT = pathlib.Path(__file__).parent / "corpus" / "tiff_index"

DQT = b"\xff\xdb\x00\x43\x00" + bytes(range(1, 65))
DHT = b"\xff\xc4\x00\x14\x00" + bytes([1] + [0] * 15) + b"\x00"
SOF = b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
SOS = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"
TABLES = b"\xff\xd8" + DQT + DHT + b"\xff\xd9"
TILE = b"\xff\xd8" + SOF + SOS + b"\x00\x01\x02\xff\x00\x03" + b"\xff\xd9"
SIZE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8}


def tiff(big, endian, tags, loop=False, directories=1):
    """tags: list of (tag, type, values); bytes values are written as they are."""
    word = "Q" if big else "I"
    out = bytearray(b"II" if endian == "<" else b"MM")
    out += struct.pack(endian + "HHH", 43, 8, 0) if big else struct.pack(endian + "H", 42)
    link = len(out)
    out += struct.pack(endian + word, 0)
    first = None
    for _ in range(directories):
        entries = b""
        for tag, kind, values in tags:
            if isinstance(values, bytes):
                raw, count = values, len(values)
            elif kind == 5:
                raw, count = b"".join(struct.pack(endian + "II", *v) for v in values), len(values)
            else:
                code = {1: "B", 3: "H", 4: "I", 16: "Q"}[kind]
                raw, count = struct.pack(endian + code * len(values), *values), len(values)
            room = 8 if big else 4
            if len(raw) > room:
                at = len(out)
                out += raw
                raw = struct.pack(endian + word, at)
            entries += struct.pack(endian + "HH" + word, tag, kind, count) + raw.ljust(room, b"\0")
        at = len(out)
        first = first or at
        out[link:link + (8 if big else 4)] = struct.pack(endian + word, at)
        out += struct.pack(endian + ("Q" if big else "H"), len(tags)) + entries
        link = len(out)
        out += struct.pack(endian + word, first if loop else 0)
    return bytes(out)


def slide(photometric=2, offset=16, tables=True, kind=4):
    tags = [(256, 3, [32]), (257, 3, [16]), (258, 3, [8, 8, 8]), (259, 3, [7]), (262, 3, [photometric]),
            (270, 2, b"a slide\0"), (277, 3, [3]), (282, 5, [(40000, 1)]), (283, 5, [(40000, 1)]), (284, 3, [1]),
            (296, 3, [3]), (322, 3, [16]), (323, 3, [16]), (324, kind, [offset, offset]),
            (325, kind, [len(TILE), len(TILE)])]
    if tables:
        tags.append((347, 7, TABLES))
    tags.append((34675, 7, b"\0" * 40))
    return tags


def with_tiles(make):
    """Places two tiles behind the directory and makes it again with their true offset."""
    draft = make(16)
    return make(len(draft)) + TILE + TILE


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    files = {
        "rgb_little": with_tiles(lambda at: tiff(False, "<", slide(2, at))),
        "ycbcr_big_endian": with_tiles(lambda at: tiff(False, ">", slide(6, at))),
        "bigtiff": with_tiles(lambda at: tiff(True, "<", slide(6, at, True, 16))),
        "no_tables": with_tiles(lambda at: tiff(False, "<", slide(6, at, False))),
        "two_directories": with_tiles(lambda at: tiff(False, "<", slide(2, at), directories=2)),
        "loop": tiff(False, "<", slide(2), loop=True, directories=2),
        "strips": tiff(False, "<", [(256, 3, [8]), (257, 3, [8]), (273, 4, [8]), (279, 4, [64])]),
        "tiles_outside": tiff(False, "<", slide(2, 0xFFFFFF00)),
        "huge_sides": tiff(False, "<", [(256, 4, [1 << 29]), (257, 4, [1 << 29]), (322, 3, [1]), (323, 3, [1]),
                                        (324, 4, [8]), (325, 4, [8])]),
    }
    for name, data in files.items():
        (OUT / name).write_bytes(data)


if __name__ == "__main__":
    main()
