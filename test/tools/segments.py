"""What the readers of the log and of the state store have in common: docs/log-format.md, "Segments" and "Frames"."""

SEGMENT_MAGIC = bytes.fromhex("57895742530d1a0a")
FRAME_MAGIC = bytes.fromhex("42524df2")


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc_table()


def crc(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF
