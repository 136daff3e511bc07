"""What units, types and states are called on a page, also those that a file does not know any more."""

from collections.abc import Iterable, Mapping
from datetime import date

from duban import regulation
from duban.errors import Refusal
from duban.organization import OFFICE, Organization
from duban.regulation import Regulation
from duban.statistics.asof import Standing

GONE = "（机构文件已无此单位）"


def unit(org: Organization, code: str) -> str:
    """A unit's short name; its code, and that the file has it no more, for one that was taken out of it."""
    try:
        return org.unit(code).short
    except Refusal:
        return f"{code}{GONE}"


def units(org: Organization, codes: Iterable[str], every_on: date | None = None) -> dict[str, str]:
    """Code -> name of these units, as the organization lists them, the office and unknown ones last.

    `every_on`: also all units that the organization has on that day.
    """
    wanted = set(codes)
    has = {code for code in org.units if every_on is not None and org.standing_for(code, every_on) == code}
    listed = [code for code in org.units if code in wanted | has]
    others = sorted(wanted - set(org.units), key=lambda code: (code != OFFICE, code))
    return {code: unit(org, code) for code in (*listed, *others)}


def types(law: Regulation, found: Iterable[Standing]) -> dict[str, str]:
    """Id -> name of the types of this regulation and of the matters, each by its own regulation where this has none."""
    names = {key: rule.name for key, rule in law.types.items()}
    for one in found:
        if one.type not in names:
            names[one.type] = type_of(one)
    return names


def types_of(found: Iterable[Standing]) -> dict[tuple[str, str], str]:
    """Regulation and id -> name of the types of these matters."""
    return {key: type_of(one) for key, one in {(one.regulation, one.type): one for one in found}.items()}


def type_of(one: Standing) -> str:
    """What the regulation of a matter calls its type; the id where the file of that regulation is gone."""
    try:
        rules: Mapping[str, object] = regulation.load(one.regulation).types
        return str(getattr(rules[one.type], "name", one.type))
    except (Refusal, KeyError):
        return one.type
