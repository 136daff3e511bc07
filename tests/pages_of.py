"""Rendered pages measured in millimetres from the top left corner of the paper."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2

MM = 25.4 / 72
DOTS = 200  # an inch


@dataclass(frozen=True)
class Char:
    """One character: its width, and the height of its ink."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Rule:
    """A horizontal line: from where to where, and how thick."""

    left: float
    top: float
    right: float
    bottom: float


class Page:
    def __init__(self, page: pypdfium2.PdfPage) -> None:
        text = page.get_textpage()
        height = page.get_height()
        self.chars = []
        for place in range(text.count_chars()):
            _, bottom, _, top = text.get_charbox(place)
            left, _, right, _ = text.get_charbox(place, loose=True)  # with the white at the sides of the character
            said = text.get_text_range(place, 1)
            if said.strip():
                self.chars.append(Char(said, left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
        # One byte a colour: hundreds of pages are held at once.
        self.pixels = page.render(scale=DOTS / 72, rev_byteorder=True).to_numpy()[..., :3].copy()

    def lines(self, top: float = 0, bottom: float = 297) -> list[list[Char]]:
        """The characters by line, each from the left, of those between two heights."""
        found: list[list[Char]] = []
        for char in sorted((one for one in self.chars if top <= one.top <= bottom), key=lambda one: one.bottom):
            if found and abs(found[-1][-1].bottom - char.bottom) < 3:
                found[-1].append(char)
            else:
                found.append([char])
        return [sorted(line, key=lambda one: one.left) for line in found]

    def text(self, top: float = 0, bottom: float = 297) -> list[str]:
        return ["".join(char.text for char in line) for line in self.lines(top, bottom)]

    def rules(self, *, red: bool, least: float = 100) -> list[Rule]:
        """Horizontal lines at least so long."""
        mask = self._red() if red else self.pixels.max(axis=2) < 140
        unit = 25.4 / DOTS
        long = np.concatenate([[False], mask.sum(axis=1) * unit >= least, [False]])
        starts, ends = np.nonzero(long[1:] & ~long[:-1])[0], np.nonzero(~long[1:] & long[:-1])[0]
        found = []
        for start, end in zip(starts, ends, strict=True):
            across = np.nonzero(mask[start:end].any(axis=0))[0]
            found.append(Rule(across[0] * unit, start * unit, (across[-1] + 1) * unit, end * unit))
        return found

    def red_ink(self, bottom: float) -> Rule:
        """The box of everything red above a height."""
        mask = self._red()[: int(bottom / 25.4 * DOTS)]
        unit = 25.4 / DOTS
        down, across = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
        return Rule(across[0] * unit, down[0] * unit, (across[-1] + 1) * unit, (down[-1] + 1) * unit)

    def _red(self) -> np.ndarray:
        red, green, blue = (self.pixels[..., place] for place in range(3))
        return (red > 180) & (green < 110) & (blue < 110)


def pages(file: Path) -> list[Page]:
    document = pypdfium2.PdfDocument(file)
    try:
        return [Page(document[number]) for number in range(len(document))]
    finally:
        document.close()
