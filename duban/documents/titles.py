"""Where a title breaks: at the bounds of words, in lines of unlike length that a reader would have chosen (7.3.1).

GB/T 9704 asks of a title of several lines that words stay whole, that the lines are centred, and that they make a
trapezium or a lozenge. Words come from rjieba's dictionary; the rules here say what a line may not begin or end with.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from math import ceil

#: What is longer is no title; finding its best lines would take long and please nobody.
MOST_LINES = 8
#: What belongs to the word after it, and what to the word before it.
_OPENING = "（《“‘〔【(["
_CLOSING = "）》”’〕】)]、，。：；！？,.:;%％"
_TO_NEXT = frozenset(["关于", "对于", "以及", *"对和与及或在为将把被向就第不未"])
_TO_LAST = frozenset("的等了中内外上下后前件年月日号名次个起")
#: A break that leaves these alone on the last line, or that parts them from what they name, reads badly.
_KINDS = ("报告", "请示", "通知", "通报", "意见", "函", "批复", "方案", "办法", "规定", "督办", "说明", "回复", "纪要")
_QUOTED = re.compile("《[^《》]{1,14}》|“[^“”]{1,14}”|（[^（）]{1,10}）|〔[^〔〕]*〕[0-9]*号?")


def width(text: str) -> float:
    """The width of a text in characters of full width."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def lines(title: str, most: float, whole: Iterable[str] = ()) -> list[str]:
    """Return the lines of a title of which each holds at most `most` full-width characters.

    `whole` are names that stay in one piece (the bureau's, a unit's) where the line is long enough for them. A text
    of more than MOST_LINES lines is left as it is.
    """
    if not most < width(title) <= MOST_LINES * most:
        return [title]  # one line, or no title any more: the word processor may break it where it likes
    pieces = [part for word in _words(title, tuple(whole)) for part in _cut(word, most)]
    for count in range(ceil(width(title) / most), len(pieces) + 1):
        if found := _best(pieces, count, most):
            return found
    return pieces


def _cut(word: str, most: float) -> list[str]:
    """A word longer than a line has to be cut somewhere."""
    if width(word) <= most:
        return [word]
    size = int(most)
    return [word[start : start + size] for start in range(0, len(word), size)]


@lru_cache(maxsize=512)
def _words(title: str, whole: tuple[str, ...]) -> tuple[str, ...]:
    """The title in pieces that may not be broken."""
    kept = [re.escape(name) for name in sorted(filter(None, whole), key=len, reverse=True)]
    pattern = re.compile("|".join([_QUOTED.pattern, *kept, r"[0-9A-Za-z.\-]+"]))
    raw: list[str] = []
    at = 0
    for found in pattern.finditer(title):
        raw += _segmented(title[at : found.start()])
        raw.append(found[0])
        at = found.end()
    raw += _segmented(title[at:])
    return tuple(_joined(raw))


def _segmented(text: str) -> list[str]:
    if not text:
        return []
    # Here, because it takes 50 MB and a quarter of a second, and most titles are one line.
    import rjieba

    return list(rjieba.cut(text, False))


def _joined(raw: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    forward = ""
    for word in raw:
        if word in _TO_NEXT or all(one in _OPENING for one in word):
            forward += word
        elif pieces and not forward and (word in _TO_LAST or word[0] in _CLOSING):
            pieces[-1] += word
        else:
            pieces.append(forward + word)
            forward = ""
    return [*pieces, forward] if forward else pieces


def _best(pieces: Sequence[str], count: int, most: float) -> list[str] | None:
    """The best way to lay the pieces out in so many lines; None if some line would be too long."""
    widths = [0.0]
    for piece in pieces:
        widths.append(widths[-1] + width(piece))
    if count > 3:
        return _even(pieces, widths, count, most)
    found: tuple[float, list[str]] | None = None
    for breaks in combinations(range(1, len(pieces)), count - 1):
        bounds = (0, *breaks, len(pieces))
        sizes = [widths[end] - widths[start] for start, end in pairwise(bounds)]
        if max(sizes) > most:
            continue
        made = ["".join(pieces[start:end]) for start, end in pairwise(bounds)]
        cost = _ugliness(made, sizes)
        if found is None or cost < found[0]:
            found = (cost, made)
    return found[1] if found else None


def _ugliness(made: Sequence[str], sizes: Sequence[float]) -> float:
    middle = sum(sizes) / len(sizes)
    cost = sum((size - middle) ** 2 for size in sizes)
    cost += 6 if max(sizes) - min(sizes) < 1 else 0  # an oblong
    if len(sizes) == 3 and sizes[1] < min(sizes[0], sizes[2]):
        cost += 60
    cost += 200 if made[-1].removeprefix("的") in _KINDS else 0
    # A line that ends in 的 runs on better than one that parts a noun from its noun.
    return cost - sum(8 for line in made[:-1] if line[-1] in "的、，")


def _even(pieces: Sequence[str], widths: Sequence[float], count: int, most: float) -> list[str] | None:
    """Many lines: as even as they come, by dynamic programming."""
    target = widths[-1] / count
    best: dict[tuple[int, int], tuple[float, int]] = {(0, 0): (0.0, 0)}
    for line in range(1, count + 1):
        for end in range(line, len(pieces) + 1):
            ways = [
                (best[line - 1, start][0] + (widths[end] - widths[start] - target) ** 2, start)
                for start in range(line - 1, end)
                if (line - 1, start) in best and widths[end] - widths[start] <= most
            ]
            if ways:
                best[line, end] = min(ways)
    if (count, len(pieces)) not in best:
        return None
    made: list[str] = []
    end = len(pieces)
    for line in range(count, 0, -1):
        start = best[line, end][1]
        made.insert(0, "".join(pieces[start:end]))
        end = start
    return made
