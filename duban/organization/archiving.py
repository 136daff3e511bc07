"""How a bureau files its papers: the `归档` of its organization file, and the defaults that stand behind it.

What the bureau does not write is as `archiving.yaml` beside this module says. Which source has which term is the
bureau's own table, approved by its archive authority, so it stands in a file and not in Python.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from duban import clerk_yaml
from duban.ledger.standing import PERIODICALS
from duban.regulation import vocabulary

MERGED = {"合为一件": True, "各为一件": False}
_PERIODICALS = {words: kind for kind, words in PERIODICALS.items()}


def _term(value: str) -> str:
    if value not in _terms():
        raise ValueError(f"保管期限“{value}”不认识，可用：{'、'.join(_terms())}")
    return value


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,9}", value):
        raise ValueError(f"代码“{value}”只能用大写英文字母和数字，例如 BGS")
    return value


def _fonds(value: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{1,10}", value):
        raise ValueError(f"全宗号“{value}”只能用大写英文字母和数字，例如 0107")
    return value


def _known(words: Mapping[str, Any], what: str) -> AfterValidator:
    def check(table: dict[str, str]) -> dict[str, str]:
        for word in table:
            clerk_yaml.choose(word, words, what)
        return table

    return AfterValidator(check)


def _numbers(table: dict[str, str]) -> dict[str, str]:
    for word in table:
        if not re.fullmatch(r"[1-9][0-9]{0,2}", word):
            raise ValueError(f"来源“{word}”要写制度里的来源序号，例如 1: 永久")
    return table


_Code = Annotated[str, AfterValidator(_code)]
_Term = Annotated[str, AfterValidator(_term)]
_Terms = dict[str, _Term]
_Merged = Annotated[bool, BeforeValidator(lambda word: clerk_yaml.choose(word, MERGED, "来文与复文的写法"))]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Retention(_Entry):
    sources: Annotated[_Terms, AfterValidator(_numbers)] = Field(alias="来源", default={})
    modes: Annotated[_Terms, _known(vocabulary.MODES, "督办方式")] = Field(alias="方式", default={})
    types: Annotated[_Terms, _known(vocabulary.TYPES, "督办类型")] = Field(alias="类型", default={})
    periodicals: Annotated[_Terms, _known(_PERIODICALS, "期刊")] = Field(alias="期刊", default={})
    other: _Term | None = Field(alias="其他", default=None)


class _OfUnit(_Entry):
    code: _Code | None = Field(alias="机构代码", default=None)
    fonds: Annotated[str, AfterValidator(_fonds)] | None = Field(alias="全宗号", default=None)


class Entry(_Entry):
    """`归档` of an organization file; what is not written is the default."""

    category: _Code | None = Field(alias="门类代码", default=None)
    code: _Code | None = Field(alias="机构代码", default=None)
    merged: _Merged | None = Field(alias="来文与复文", default=None)
    retention: _Retention = Field(alias="保管期限", default=_Retention())
    units: dict[str, _OfUnit] = Field(alias="单位", default={})


@dataclass(frozen=True)
class Archiving:
    """How one bureau files: the codes of its 档号 (DA/T 22-2015 5.4), its terms, one 件 or two for question and answer.

    Terms are Chinese words (永久, 30年); `codes` gives the letter of each in the 档号. The tables are by source number,
    mode, type and kind of period file, in the ids that the ledger uses.
    """

    category: str
    code: str
    merged: bool
    codes: Mapping[str, str]
    sources: Mapping[int, str]
    modes: Mapping[str, str]
    types: Mapping[str, str]
    periodicals: Mapping[str, str]
    other: str
    unit_codes: Mapping[str, str]
    unit_fonds: Mapping[str, str]


@cache
def standard() -> Mapping[str, Any]:
    """The defaults, as the file says them."""
    text = files("duban.organization").joinpath("archiving.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = clerk_yaml.read(text).data
    return MappingProxyType(data)


def _terms() -> Mapping[str, str]:
    codes: dict[str, str] = standard()["期限"]
    return codes


def build(said: Entry | None) -> Archiving:
    """What a bureau's `归档` comes to with the defaults behind it; each table is the bureau's where it writes one."""
    own = said or Entry()
    plain = {key: value for key, value in standard().items() if key not in ("期限", "密级")}
    usual = Entry.model_validate(plain)
    mine, behind = own.retention, usual.retention
    if usual.category is None or usual.code is None or behind.other is None:
        raise TypeError("archiving.yaml lacks a default")
    return Archiving(
        category=own.category or usual.category,
        code=own.code or usual.code,
        merged=bool(usual.merged if own.merged is None else own.merged),
        codes=MappingProxyType(dict(_terms())),
        sources=MappingProxyType({int(key): term for key, term in (mine.sources or behind.sources).items()}),
        modes=_by_id(mine.modes or behind.modes, vocabulary.MODES),
        types=_by_id(mine.types or behind.types, vocabulary.TYPES),
        periodicals=_by_id(mine.periodicals or behind.periodicals, _PERIODICALS),
        other=mine.other or behind.other,
        unit_codes=MappingProxyType({name: one.code for name, one in own.units.items() if one.code}),
        unit_fonds=MappingProxyType({name: one.fonds for name, one in own.units.items() if one.fonds}),
    )


def _by_id(table: Mapping[str, str], words: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({words[word]: term for word, term in table.items()})


def doubled(said: Entry | None, fonds: str, units: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the `归档` of a bureau of this 全宗号 and with its units: (the unit, a sentence).

    A unit of which nothing is written has a 机构代码, too: two that come to the same code would share their 档号.
    """
    named, known = said.units if said else {}, list(dict.fromkeys(units))
    for name in named:
        if name not in known:
            yield name, f"“归档”的“单位”里没有代号为“{name}”的承办单位，请写单位的代号"
    spent = {(fonds, build(said).code): "办公室"}
    for name in known:
        own = named.get(name, _OfUnit())
        place = (own.fonds or fonds, code_of(name, own.code))
        if place in spent:
            given = f"“{name}”的机构代码“{place[1]}”已经给了{spent[place]}"
            yield name, f"{given}，同一全宗里不能重复，请在“归档”的“单位”里另写机构代码"
        spent.setdefault(place, name)


def code_of(unit: str, said: str | None) -> str:
    """The 机构代码 of a unit: as written, else its code in capitals (xingzhen -> XINGZHEN)."""
    return said or unit.replace("_", "").upper()
