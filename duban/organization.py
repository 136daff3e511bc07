"""Who is who in a bureau: its posts, its units with head, supervising leader and liaison, and its number series.

A unit without head, leader or liaison cannot be given a matter (BC 一（三）, 三（二）), so the file that names one is
refused. Sign-in names are bound once: whoever acts in the ledger is exactly one person.
"""

import difflib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from duban import clerk_yaml, included
from duban.clerk_yaml import Fault, Marked
from duban.errors import Refusal
from duban.regulation import vocabulary

DEFAULT = "baicheng"
_HELD = ("office", "director", "chief", "deputy")
# The words for these posts are the regulation's (办公室 or 督查室, 局长 or 主要领导); a file uses its bureau's own.
POSTS: Mapping[str, str] = MappingProxyType({word: post for word, post in vocabulary.POSTS.items() if post in _HELD})


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: `user` (ASCII), name, the posts held, the unit's code for people of a unit."""

    user: str
    name: str
    posts: tuple[str, ...]
    unit: str | None
    title: str
    phone: str


@dataclass(frozen=True)
class Holder:
    """A person of the bureau's office or leadership at a post (office, director, chief, deputy)."""

    post: str
    title: str
    name: str
    user: str
    phone: str


@dataclass(frozen=True)
class Unit:
    """A unit that carries matters out. `head` reads and signs, `leader` supervises, `liaison` receives and sends."""

    code: str
    name: str
    short: str
    kind: str
    head: Person
    leader: Person
    liaison: Person


@dataclass(frozen=True)
class Organization:
    """One bureau: `series` its 机关代字 by use (督办, 催办 …), `office` the name of the office that supervises."""

    id: str
    name: str
    number_prefix: str
    fonds: str
    office: str
    series: Mapping[str, str]
    units: Mapping[str, Unit]
    people: tuple[Person, ...]
    _holders: Mapping[str, tuple[Holder, ...]]
    _titles: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """The 机关代字 of the notices."""
        return self.series["督办"]

    @property
    def clerks(self) -> tuple[Holder, ...]:
        """The office's staff, in the order of the file; the first is the contact printed on papers."""
        return self.holders("office")

    @property
    def posts(self) -> Mapping[str, Holder]:
        """The first holder of each post; see `holders` for posts with several (clerks, deputies)."""
        return MappingProxyType({post: held[0] for post, held in self._holders.items()})

    def holders(self, posts: str | Iterable[str]) -> tuple[Holder, ...]:
        """Return everyone at these posts (office, director, chief, deputy), nobody for a post that is not held."""
        wanted = (posts,) if isinstance(posts, str) else tuple(posts)
        return tuple(holder for post in wanted for holder in self._holders.get(post, ()))

    def title(self, post: str) -> str:
        """Return what this bureau calls a post (办公室主任, 单位主要领导 …); Refusal for a post that is not known."""
        try:
            return self._titles[post]
        except KeyError:
            raise Refusal(f"没有“{post}”这个岗位，可用：{'、'.join(self._titles)}") from None

    def unit(self, name: str) -> Unit:
        """Return the unit with this code, short name or full name; Refusal that lists names near to it."""
        wanted = name.strip()
        for unit in self.units.values():
            if wanted in (unit.code, unit.short, unit.name):
                return unit
        known = [word for unit in self.units.values() for word in (unit.short, unit.code)]
        near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4)
        hint = f"，是不是{'、'.join(f'“{word}”' for word in near)}" if near else ""
        all_units = "、".join(unit.short for unit in self.units.values())
        raise Refusal(f"没有叫“{wanted[:40]}”的承办单位{hint}；现有：{all_units}")

    def person(self, user: str) -> Person:
        """Return who signs in as `user`; Refusal if nobody does."""
        for person in self.people:
            if person.user == user:
                return person
        raise Refusal(f"{self.name}的机构文件里没有用户名“{user[:40]}”，请核对或在机构文件里登记")


def _matching(pattern: str, message: str) -> AfterValidator:
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise ValueError(message.format(text))
        return text

    return AfterValidator(check)


def _filled(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("这里不能空着，请写一段文字")
    return value.strip()


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


_Words = Annotated[str, BeforeValidator(_filled)]
_Code = Annotated[_Words, _matching(r"[a-z][a-z0-9_]{1,31}", "代号“{}”只能用小写英文字母、数字和下划线，以字母开头")]
_User = Annotated[
    _Words, _matching(r"[a-z][a-z0-9_.-]{1,31}", "用户名“{}”只能用小写英文字母、数字、点和横线，以字母开头")
]
_Prefix = Annotated[_Words, _matching(r"[A-Z][A-Z0-9]{0,7}", "编号前缀“{}”只能用大写英文字母和数字，例如 BC")]
_Phone = Annotated[_Words, _matching(r"[0-9][0-9 -]{4,19}", "电话“{}”只能写数字和横线")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Someone(_Entry):
    name: _Words = Field(alias="姓名")
    user: _User = Field(alias="用户名")
    title: _Words = Field(alias="职务")
    phone: _Phone = Field(alias="电话")


class _UnitEntry(_Entry):
    code: _Code = Field(alias="代号")
    name: _Words = Field(alias="全称")
    short: _Words = Field(alias="简称")
    kind: _Words = Field(alias="类别")
    head: _Someone = Field(alias="主要负责人")
    leader: _Someone = Field(alias="督办领导")
    liaison: _Someone = Field(alias="联络员")


class _File(_Entry):
    id: _Code = Field(alias="编号")
    name: _Words = Field(alias="全称")
    office: _Words = Field(alias="主管部门")
    number_prefix: _Prefix = Field(alias="编号前缀")
    fonds: _Words = Field(alias="全宗号")
    series: dict[str, _Words] = Field(alias="机关代字")
    posts: dict[str, Annotated[tuple[_Someone, ...], BeforeValidator(_as_list), clerk_yaml.NOT_EMPTY]] = Field(
        alias="岗位"
    )
    units: Annotated[tuple[_UnitEntry, ...], clerk_yaml.NOT_EMPTY] = Field(alias="承办单位")


def parse(text: str, name: str | None = None) -> tuple[Organization | None, list[Fault]]:
    """Read an organization from its text. Returns it (None if there are faults) and every fault in order of lines."""
    marked = clerk_yaml.read(text)
    if marked.faults:
        return None, marked.faults
    try:
        said = _File.model_validate(marked.data)
    except ValidationError as error:
        return None, sorted(set(clerk_yaml.faults(error, marked)))
    faults = _faults(said, marked, name)
    return (None, faults) if faults else (_build(said), [])


def _faults(said: _File, marked: Marked, name: str | None) -> list[Fault]:
    faults = []
    if name is not None and said.id != name:
        faults.append(Fault(marked.line(("编号",)), f"编号“{said.id}”与文件名“{name}”不一致，请改成一样"))
    if "督办" not in said.series:
        faults.append(Fault(marked.line(("机关代字",)), "“机关代字”里缺少“督办”，例如“督办: 白公督”"))
    for post in said.posts.keys() - POSTS.keys():
        faults.append(Fault(marked.line(("岗位", post)), f"不认识的岗位“{post}”，可用：{'、'.join(POSTS)}"))
    held = [POSTS[word] for word in said.posts if word in POSTS]
    for post in ("office", "director", "chief"):
        if post not in held:
            faults.append(Fault(marked.line(("岗位",)), f"“岗位”里缺少“{_titles(())[post]}”"))
    for word in said.posts:
        if word in POSTS and held.count(POSTS[word]) > 1:
            faults.append(Fault(marked.line(("岗位", word)), f"“{word}”与另一个岗位是同一个，请合并成一项"))
    seen: dict[str, int] = {}
    for path, someone in _everyone(said):
        line = marked.line((*path, "用户名"))
        if someone.user in seen:
            faults.append(
                Fault(line, f"用户名“{someone.user}”在第{seen[someone.user]}行已经给了别处，一个用户名只能用一次")
            )
        seen.setdefault(someone.user, line)
    names: dict[str, int] = {}
    for number, unit in enumerate(said.units):
        line = marked.line(("承办单位", number))
        for word in {unit.code, unit.name, unit.short}:
            if word in names:
                faults.append(Fault(line, f"单位名称或代号“{word}”与第{names[word]}行的单位重复"))
            names.setdefault(word, line)
    return sorted(set(faults))


def _titles(own: Iterable[str]) -> dict[str, str]:
    """Return the word for every post: the bureau's own first, else the vocabulary's first."""
    titles = {POSTS[word]: word for word in own}
    for word, post in vocabulary.POSTS.items():
        titles.setdefault(post, word)
    return titles


def _everyone(said: _File) -> list[tuple[tuple[str | int, ...], _Someone]]:
    found: list[tuple[tuple[str | int, ...], _Someone]] = []
    for post, holders in said.posts.items():
        found += [(("岗位", post, number), holder) for number, holder in enumerate(holders)]
    for number, unit in enumerate(said.units):
        at = ("承办单位", number)
        found += [((*at, "主要负责人"), unit.head), ((*at, "督办领导"), unit.leader), ((*at, "联络员"), unit.liaison)]
    return found


def _build(said: _File) -> Organization:
    holders: dict[str, list[Holder]] = defaultdict(list)
    people: list[Person] = []
    for word, held in said.posts.items():
        for one in held:
            holders[POSTS[word]].append(Holder(POSTS[word], one.title, one.name, one.user, one.phone))
            people.append(_person(one, POSTS[word], None))
    units = {}
    for entry in said.units:
        head, leader, liaison = (
            _person(someone, post, entry.code)
            for someone, post in ((entry.head, "unit_head"), (entry.leader, "unit_leader"), (entry.liaison, "liaison"))
        )
        units[entry.code] = Unit(entry.code, entry.name, entry.short, entry.kind, head, leader, liaison)
        people += [head, leader, liaison]
    return Organization(
        id=said.id,
        name=said.name,
        number_prefix=said.number_prefix,
        fonds=said.fonds,
        office=said.office,
        series=MappingProxyType(dict(said.series)),
        units=MappingProxyType(units),
        people=tuple(people),
        _holders=MappingProxyType({post: tuple(held) for post, held in holders.items()}),
        _titles=MappingProxyType(_titles(said.posts)),
    )


def _person(someone: _Someone, post: str, unit: str | None) -> Person:
    return Person(someone.user, someone.name, (post,), unit, someone.title, someone.phone)


_loaded: dict[Path, tuple[int, Organization]] = {}


def load(organization: str | None = None) -> Organization:
    """Return the bureau with this id (default: `DUBAN_ORGANIZATION`, else baicheng) from `include/organizations`.

    Kept in memory until the file changes. Refusal if there is no such file or it has faults (the first is told).
    """
    name = organization or os.environ.get("DUBAN_ORGANIZATION") or DEFAULT
    file = included.path("organizations", f"{name}.yaml")
    if name != Path(name).name or not file.is_file():
        raise Refusal(f"没有编号为“{name}”的机构文件，请在 include/organizations 下添加 {name}.yaml")
    stamp = file.stat().st_mtime_ns
    kept = _loaded.get(file)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    org, faults = parse(file.read_text(encoding="utf-8"), name)
    if org is None:
        more = f"，另有{len(faults) - 1}处" if len(faults) > 1 else ""
        raise Refusal(f"机构文件 {file.name} 有误，{faults[0]}{more}")
    _loaded[file] = (stamp, org)
    return org
