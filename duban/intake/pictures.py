"""Pictures: what size they claim, without decoding them."""

from typing import Literal

from duban.errors import Refusal
from duban.intake.guard import PIXELS


def refuse_huge(name: str, picture: str, content: bytes) -> None:
    """Refuse a picture (PNG, JPEG, TIFF) that would take a gigabyte when somebody opens it."""
    if pixels(content) > PIXELS:
        where = "" if picture == name else f"里的图片 {picture} "
        raise Refusal(f"“{name}”{where or '图片'}太大，请压缩图片后再报送。")


def pixels(content: bytes) -> int:
    """Width x height that a PNG, JPEG or TIFF claims; 0 for anything else or where it cannot be told."""
    if content.startswith(b"\x89PNG"):
        return int.from_bytes(content[16:20], "big") * int.from_bytes(content[20:24], "big")
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return _tiff(content)
    return 0


def _jpeg(content: bytes) -> int:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if content[at + 1] == 0xFF:  # fill byte
            at += 1
            continue
        if content[at + 1] in (0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA):
            return int.from_bytes(content[at + 5 : at + 7], "big") * int.from_bytes(content[at + 7 : at + 9], "big")
        at += 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
    return 0


def _tiff(content: bytes) -> int:
    """The largest page of the first hundred."""
    order: Literal["little", "big"] = "little" if content.startswith(b"II") else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(content[at : at + size], order)

    largest, at, seen = 0, number(4, 4), 0
    while 8 <= at < len(content) and seen < 100:
        sizes = {256: 0, 257: 0}
        entries = min(number(at, 2), 200)
        for entry in range(at + 2, at + 2 + 12 * entries, 12):
            if (tag := number(entry, 2)) in sizes:
                sizes[tag] = number(entry + 8, 2 if number(entry + 2, 2) == 3 else 4)
        largest = max(largest, sizes[256] * sizes[257])
        at, seen = number(at + 2 + 12 * entries, 4), seen + 1
    return largest
