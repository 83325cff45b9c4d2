#!/usr/bin/env python3
"""Reads an event log by docs/log-format.md alone and prints one line of JSON per record. Usage: read-log.py DIRECTORY"""
import json
import os
import struct
import sys

from segments import FRAME_MAGIC, SEGMENT_MAGIC, crc


def read_header(data, path):
    if data[:8] != SEGMENT_MAGIC or struct.unpack_from("<H", data, 8)[0] != 2:
        sys.exit(f"{path}: no segment of version 2")
    if struct.unpack_from("<I", data, 92)[0] != crc(data[:92]):
        sys.exit(f"{path}: the header is damaged")
    return {"predecessorEnd": struct.unpack_from("<q", data, 48)[0], "salt": data[56:64]}


def frames(data, end, salt):
    at = 96
    while at + 40 <= end and data[at:at + 4] == FRAME_MAGIC and data[at + 32:at + 40] == salt:
        count, body = struct.unpack_from("<ii", data, at + 12)
        length = (40 + 4 * count + 7) // 8 * 8
        checksum = struct.unpack_from("<I", data, at + 4)[0]
        if checksum != crc(data[at + 8:at + length] + struct.pack("<q", at)):
            return
        lengths = struct.unpack_from(f"<{count}i", data, at + 40)
        records, place = [], at + length
        for size in lengths:
            records.append(data[place:place + size])
            place += size
        if any(struct.unpack_from("<I", record)[0] != crc(record[4:]) for record in records):
            return
        yield data[at + 10], records
        at += (length + body + 7) // 8 * 8


def read_record(record):
    position, offset, time, meta_end = struct.unpack_from("<qqqi", record, 4)
    stream, content_type, channel = struct.unpack_from("<BHH", record, 49)
    lengths = [stream, content_type, 0, channel, 0, 0]
    lengths[2], lengths[4], lengths[5] = struct.unpack_from("<iii", record, 56)
    parts, at = [], 68
    for length in lengths:
        parts.append(record[at:at + length])
        at += length
    names = ["stream", "contentType", "id", "channel", "key"]
    fields = {name: part.decode() for name, part in zip(names, parts)}
    return {"position": position, "offset": offset, "timeMs": time, "metaEnd": meta_end, **fields,
            "attributes": parts[5].hex(), "payload": record[at:].hex()}


def main(directory):
    names = sorted(name for name in os.listdir(directory) if name.endswith(".segment"))
    segments = []
    for name in names:
        with open(os.path.join(directory, name), "rb") as file:
            data = file.read()
        segments.append((data, read_header(data, name)))
    for index, (data, header) in enumerate(segments):
        end = segments[index + 1][1]["predecessorEnd"] if index + 1 < len(segments) else len(data)
        for kind, records in frames(data, end, header["salt"]):
            for record in records if kind == 0 else []:
                print(json.dumps(read_record(record)))


if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
    sys.exit("usage: read-log.py DATA/log")
main(sys.argv[1])
