"""An organization file (`include/organizations/<bureau>.yaml`): its shape, and every fault in it with its line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from duban import clerk_yaml
from duban.clerk_yaml import Fault, Marked, Path
from duban.organization import archiving, merging, notifying
from duban.organization.bureau import OFFICE, Holder, Merged, Organization, Partner, Person, Unit
from duban.regulation import vocabulary
from duban.regulation.procedure import Duty

_HELD = ("office", "director", "chief", "deputy", "party")
# The words for these posts are the regulation's (办公室 or 督查室, 局长 or 主要领导); a file uses its bureau's own.
POSTS: Mapping[str, str] = MappingProxyType(
    {word: post for word, post in vocabulary.POSTS.items() if post in _HELD} | vocabulary.READERS
)
_PERSONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "主要负责人": ("head", "unit_head"),
        "督办领导": ("leader", "unit_leader"),
        "审核人": ("checker", "unit_checker"),
        "联络员": ("liaison", "liaison"),
    }
)


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
_Mail = Annotated[_Words, _matching(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", "邮箱“{}”看不懂，请写成 姓名@单位域名")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Someone(_Entry):
    name: _Words = Field(alias="姓名")
    user: _User = Field(alias="用户名")
    title: _Words = Field(alias="职务")
    phone: _Phone = Field(alias="电话")
    mail: _Mail = Field(alias="邮箱", default="")
    mobile: _Phone = Field(alias="手机", default="")


class _HolderEntry(_Someone):
    units: tuple[_Words, ...] = Field(alias="分管", default=())
    also: tuple[_Words, ...] = Field(alias="兼任", default=())


class _PartnerEntry(_Entry):
    full: _Words = Field(alias="全称")
    contact: _Words = Field(alias="联系人")
    phone: _Phone = Field(alias="电话")


def _date(value: object) -> object:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"日期“{value}”看不懂，请写成 2026-07-01") from None


class _MergedEntry(_Entry):
    into: _Words = Field(alias="并入")
    on: Annotated[date, BeforeValidator(_date)] = Field(alias="日期")


class _UnitEntry(_Entry):
    code: _Code = Field(alias="代号")
    name: _Words = Field(alias="全称")
    short: _Words = Field(alias="简称")
    kind: _Words = Field(alias="类别")
    head: _Someone = Field(alias="主要负责人")
    letter: _Words | None = Field(alias="代字", default=None)
    leader: _Someone | None = Field(alias="督办领导", default=None)
    checker: _Someone | None = Field(alias="审核人", default=None)
    liaison: _Someone = Field(alias="联络员")
    merged: _MergedEntry | None = Field(alias="撤并", default=None)


class _File(_Entry):
    id: _Code = Field(alias="编号")
    name: _Words = Field(alias="全称")
    office: _Words = Field(alias="主管部门")
    number_prefix: _Prefix = Field(alias="编号前缀")
    fonds: _Words = Field(alias="全宗号")
    series: dict[str, _Words] = Field(alias="机关代字")
    posts: dict[str, Annotated[tuple[_HolderEntry, ...], BeforeValidator(_as_list), clerk_yaml.NOT_EMPTY]] = Field(
        alias="岗位"
    )
    partners: dict[str, _PartnerEntry] = Field(alias="联合督办部门", default={})
    units: Annotated[tuple[_UnitEntry, ...], clerk_yaml.NOT_EMPTY] = Field(alias="承办单位")
    archive: archiving.Entry | None = Field(alias="归档", default=None)
    notices: notifying.Entry | None = Field(alias="通知", default=None)


def parse(text: str, name: str | None = None, duty: Duty | None = None) -> tuple[Organization | None, list[Fault]]:
    """Read an organization from its text. Returns it (None if there are faults) and every fault in order of lines.

    `duty`: whom the regulation asks every unit to name; a unit that does not is a fault.
    """
    marked = clerk_yaml.read(text)
    if marked.faults:
        return None, marked.faults
    try:
        said = _File.model_validate(marked.data)
    except ValidationError as error:
        return None, sorted(set(clerk_yaml.faults(error, marked)))
    faults = sorted({*_faults(said, marked, name), *_missing(said, marked, duty or Duty.silent())})
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
    for path, words in _charges(said):
        known = {word for unit in said.units for word in (unit.code, unit.short, unit.name)}
        for word in set(words) - known:
            faults.append(Fault(_line(marked, path), f"“分管”里的“{word}”不是承办单位，请写单位的代号、简称或全称"))
    for path, words in _other_posts(said):
        for word in set(words) - POSTS.keys():
            faults.append(Fault(_line(marked, path), f"“兼任”里的“{word}”不是岗位，可用：{'、'.join(POSTS)}"))
    for path, post in _apart(said):
        told = f"“{post}”只查看、不经办，不能和别的岗位由同一人兼任，请分给两个人"
        faults.append(Fault(_line(marked, path), told))
    held += [POSTS[word] for _, words in _other_posts(said) for word in words if word in POSTS]
    for post in ("office", "director", "chief"):
        if post not in held:
            faults.append(Fault(marked.line(("岗位",)), f"“岗位”里缺少“{_titles(())[post]}”"))
    for word in said.posts:
        if word in POSTS and sum(POSTS.get(other) == POSTS[word] for other in said.posts) > 1:
            faults.append(Fault(marked.line(("岗位", word)), f"“{word}”与另一个岗位是同一个，请合并成一项"))
    codes = [unit.code for unit in said.units]
    for code, told in archiving.doubled(said.archive, said.fonds, codes):
        written = said.archive is not None and code in said.archive.units
        faults.append(Fault(marked.line(("归档", "单位", code) if written else ("承办单位", codes.index(code))), told))
    for at, told in notifying.faults(said.notices, codes):
        faults.append(Fault(marked.line(("通知", *at)), told))
    seen: dict[str, int] = {}
    for path, someone in _everyone(said):
        line = _line(marked, (*path, "用户名"))
        if someone.user in seen:
            faults.append(
                Fault(line, f"用户名“{someone.user}”在第{seen[someone.user]}行已经给了别处，一个用户名只能用一次")
            )
        seen.setdefault(someone.user, line)
    names: dict[str, int] = {}
    for number, unit in enumerate(said.units):
        line = marked.line(("承办单位", number))
        if unit.code == OFFICE:
            faults.append(Fault(line, f"代号“{OFFICE}”留给办公室自己（直接办理时用），请换一个"))
        for word in {unit.code, unit.name, unit.short, *([f"代字{unit.letter}"] if unit.letter else [])}:
            if word in names:
                faults.append(Fault(line, f"单位名称或代号“{word}”与第{names[word]}行的单位重复"))
            names.setdefault(word, line)
    merged = [(one.into, one.on) if (one := unit.merged) else None for unit in said.units]
    for number, told in merging.faults([(unit.code, (unit.short, unit.name)) for unit in said.units], merged):
        faults.append(Fault(marked.line(("承办单位", number, "撤并")), told))
    return faults


def _line(marked: Marked, path: Path) -> int:
    # A post with one holder may be written without a list; then there is no item to point at.
    single = path[0] == "岗位" and path[:3] not in marked.lines
    return marked.line((*path[:2], *path[3:]) if single else path)


def _missing(said: _File, marked: Marked, duty: Duty) -> Iterator[Fault]:
    asked = duty.posts()
    for number, unit in enumerate(said.units):
        for word, _post in asked:
            if getattr(unit, _PERSONS[word][0]) is None:
                line = marked.line(("承办单位", number))
                yield Fault(line, f"{unit.short}缺少“{word}”：{duty.basis.clause}要求每个单位都要有，没有不能交办")


def _charges(said: _File) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for post, holders in said.posts.items():
        yield from ((("岗位", post, number, "分管"), holder.units) for number, holder in enumerate(holders))


def _other_posts(said: _File) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for post, holders in said.posts.items():
        yield from ((("岗位", post, number, "兼任"), holder.also) for number, holder in enumerate(holders))


def _apart(said: _File) -> Iterator[tuple[Path, str]]:
    """Whoever inspects or audits what others do and does it, too: (where it stands, the word for the post)."""
    for path, words in _other_posts(said):
        if words:
            for word in (path[1], *words):
                if word in vocabulary.READERS:
                    yield path, str(word)


def _titles(own: Iterable[str]) -> dict[str, str]:
    """Return the word for every post: the bureau's own first, else the vocabulary's first."""
    titles = {POSTS[word]: word for word in own}
    for word, post in (*vocabulary.POSTS.items(), *vocabulary.READERS.items()):
        titles.setdefault(post, word)
    return titles


def _everyone(said: _File) -> list[tuple[Path, _Someone]]:
    found: list[tuple[Path, _Someone]] = []
    for post, holders in said.posts.items():
        found += [(("岗位", post, number), holder) for number, holder in enumerate(holders)]
    for number, unit in enumerate(said.units):
        named = ((word, getattr(unit, name)) for word, (name, _post) in _PERSONS.items())
        found += [(("承办单位", number, word), someone) for word, someone in named if someone is not None]
    return found


def _build(said: _File) -> Organization:
    holders: dict[str, list[Holder]] = defaultdict(list)
    people: list[Person] = []
    for word, held in said.posts.items():
        for one in held:
            posts = tuple(dict.fromkeys((POSTS[word], *(POSTS[other] for other in one.also))))
            charge = frozenset(unit.code for unit in said.units if {unit.code, unit.short, unit.name} & {*one.units})
            for post in posts:
                holders[post].append(Holder(post, one.title, one.name, one.user, one.phone, charge))
            people.append(_person(one, posts, None))
    codes = {word: entry.code for entry in said.units for word in (entry.code, entry.short, entry.name)}
    units = {entry.code: _unit(entry, codes) for entry in said.units}
    people += [person for unit in units.values() for person in unit.posts.values()]
    return Organization(
        id=said.id,
        name=said.name,
        number_prefix=said.number_prefix,
        fonds=said.fonds,
        office=said.office,
        series=MappingProxyType(dict(said.series)),
        archiving=archiving.build(said.archive),
        notifying=notifying.build(said.notices),
        units=MappingProxyType(units),
        partners=MappingProxyType(
            {name: Partner(name, one.full, one.contact, one.phone) for name, one in said.partners.items()}
        ),
        people=tuple(people),
        _holders=MappingProxyType({post: tuple(held) for post, held in holders.items()}),
        _titles=MappingProxyType(_titles(said.posts)),
    )


def _unit(entry: _UnitEntry, codes: Mapping[str, str]) -> Unit:
    held = {
        name: _person(someone, (post,), entry.code)
        for name, post in _PERSONS.values()
        if (someone := getattr(entry, name)) is not None
    }
    merged = Merged(codes[entry.merged.into], entry.merged.on) if entry.merged else None
    return Unit(entry.code, entry.name, entry.short, entry.kind, letter=entry.letter or "", merged=merged, **held)


def _person(someone: _Someone, posts: tuple[str, ...], unit: str | None) -> Person:
    told = (someone.mail, someone.mobile)
    return Person(someone.user, someone.name, posts, unit, someone.title, someone.phone, *told)
