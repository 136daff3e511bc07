"""撤并: whether what an organization file says of units that are gone holds together."""

from collections.abc import Iterator, Sequence
from datetime import date


def faults(
    units: Sequence[tuple[str, tuple[str, str]]], merged: Sequence[tuple[str, date] | None]
) -> Iterator[tuple[int, str]]:
    """Yield (place of the unit in the file, a sentence) for every merger into nothing, itself, or a unit that is gone.

    `units`: code and names of each; `merged`: into which it was merged, from which day on. A unit may be merged into
    one that is merged itself later, not into one that was gone by then.
    """
    codes = {word: code for code, names in units for word in (code, *names)}
    gone = {units[place][0]: said[1] for place, said in enumerate(merged) if said}
    for place, said in enumerate(merged):
        if said is None:
            continue
        (code, (short, _name)), (word, on) = units[place], said
        into = codes.get(word)
        if into is None:
            yield place, f"“并入”里的“{word}”不是承办单位，请写单位的代号、简称或全称"
        elif into == code:
            yield place, f"{short}不能并入自己，请写承接工作的单位；只是改了名称的，改全称、简称就行，代号不变"
        elif into in gone and gone[into] <= on:
            yield place, f"{short}并入的“{word}”到 {on} 已经撤并，请写那以后还在的单位"
    if all(merged):
        yield 0, "所有承办单位都写了“撤并”，没有单位可以承办，请核对"
