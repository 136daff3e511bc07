"""Text that people typed or pasted, made safe to keep: nothing is evaluated, nothing visible is lost."""

import re
import unicodedata

from duban.errors import Refusal

# Bidirectional overrides and zero-width characters change what a reader sees without being seen.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def clean(value: str) -> str:
    """The text without what cannot be stored or seen.

    Control characters (but line breaks and tabs) and halves of characters become U+FFFD, so that a loss shows;
    invisible direction marks and zero-width characters go; line ends become one kind.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = _INVISIBLE.sub("", value)
    return "".join(_visible(character) for character in value).strip()


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    unusable = category in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE
    return "\ufffd" if unusable else character


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
