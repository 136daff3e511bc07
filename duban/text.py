"""Text that people typed or pasted, made safe to keep: nothing is evaluated, nothing visible is lost."""

import re

from duban.errors import Refusal

# Bidirectional overrides and zero-width characters change what a reader sees without being seen.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Control characters, halves of characters, and the two last places of each plane, which are no characters.
_UNUSABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def clean(value: str) -> str:
    """The text without what cannot be stored or seen.

    Control characters (but line breaks and tabs) and halves of characters become U+FFFD, so that a loss shows;
    invisible direction marks and zero-width characters go; line ends become one kind.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _INVISIBLE.sub("", value)
    return _UNUSABLE.sub("\ufffd", value).strip()


def required(value: object, name: str, most: int) -> str:
    """A text that must be there. Raises Refusal naming the field when it is empty or longer than `most` characters."""
    text = optional(value, name, most)
    if not text:
        raise Refusal(f"“{name}”没有填写，请补充后再提交。")
    return text


def optional(value: object, name: str, most: int) -> str:
    """A text that may be empty. Raises Refusal naming the field when it is no text or longer than `most` characters."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(f"“{name}”应当是文字，收到的是“{value}”，请改正。")
    text = clean(value)
    if len(text) > most:
        raise Refusal(f"“{name}”有{len(text)}字，最多{most}字，请精简，或将全文作为附件。")
    return text
