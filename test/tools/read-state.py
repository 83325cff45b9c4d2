#!/usr/bin/env python3
"""Reads a state store by docs/log-format.md alone and prints a line of JSON per key. Usage: read-state.py DIRECTORY"""
import json
import os
import struct
import sys

from segments import FRAME_MAGIC, SEGMENT_MAGIC, crc

CHANGES, SNAPSHOT = 2, 3
RECORDS, END_MARK = 0, 1


def read_segment(directory, name, kind):
    with open(os.path.join(directory, name), "rb") as file:
        data = file.read()
    if data[:8] != SEGMENT_MAGIC or struct.unpack_from("<HH", data, 8) != (2, kind):
        sys.exit(f"{name}: no segment of version 2 and kind {kind}")
    if struct.unpack_from("<I", data, 92)[0] != crc(data[:92]):
        sys.exit(f"{name}: the header is damaged")
    if struct.unpack_from("<q", data, 32)[0] != int(name.split(".")[0]):
        sys.exit(f"{name}: the number is another one")
    return data


def frames(data, end):
    """Yields the kind, the records and the end of each intact frame."""
    at, salt = 96, data[56:64]
    while at + 40 <= end and data[at:at + 4] == FRAME_MAGIC and data[at + 32:at + 40] == salt:
        count, body = struct.unpack_from("<ii", data, at + 12)
        length = (40 + 4 * count + 7) // 8 * 8
        if struct.unpack_from("<I", data, at + 4)[0] != crc(data[at + 8:at + length] + struct.pack("<q", at)):
            return
        records, place = [], at + length
        for size in struct.unpack_from(f"<{count}i", data, at + 40):
            records.append(data[place:place + size])
            place += size
        if any(struct.unpack_from("<I", record)[0] != crc(record[4:]) for record in records):
            return
        kind, at = data[at + 10], (length + at + body + 7) // 8 * 8
        yield kind, records, at


def apply(state, records):
    for record in records:
        kind, key_length, version = struct.unpack_from("<BHq", record, 4)
        key = record[15:15 + key_length]
        if kind == 1:
            state[key] = (version, record[15 + key_length:])
        else:
            state.pop(key, None)


def names(directory, suffix):
    return sorted(name for name in os.listdir(directory) if name.endswith(suffix))


def read_snapshot(directory, name, state):
    data = read_segment(directory, name, SNAPSHOT)
    end, last_kind = 0, RECORDS
    for last_kind, records, end in frames(data, len(data)):
        apply(state, records)
    if end != len(data) or last_kind != END_MARK:
        sys.exit(f"{name}: the snapshot is not whole")


def main(directory):
    state, first = {}, 1
    snapshots = names(directory, ".snapshot")
    if snapshots:
        first = int(snapshots[-1].split(".")[0])
        read_snapshot(directory, snapshots[-1], state)
    changes = [name for name in names(directory, ".changes") if int(name.split(".")[0]) >= first]
    if [int(name.split(".")[0]) for name in changes] != list(range(first, first + len(changes))):
        sys.exit("a segment of changes is missing")
    segments = [read_segment(directory, name, CHANGES) for name in changes]
    for index, data in enumerate(segments):
        is_last = index + 1 == len(segments)
        end = len(data) if is_last else struct.unpack_from("<q", segments[index + 1], 48)[0]
        reached = 96
        for kind, records, reached in frames(data, end):
            apply(state, records if kind == RECORDS else [])
        if not is_last and reached != end:
            sys.exit(f"{changes[index]}: damaged at byte {reached}")
    for key in sorted(state):
        print(json.dumps({"key": key.hex(), "version": state[key][0], "value": state[key][1].hex()}))


if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
    sys.exit("usage: read-state.py DATA/state")
main(sys.argv[1])
