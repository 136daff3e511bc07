"""Over which channels a bureau tells people what is new: the `通知` of its organization file.

What the bureau does not write (to whom, in which words) is as `notifying.yaml` beside this module says. The channels
themselves, with whatever is secret about them, are connections of Airflow; here stand only their names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from duban import clerk_yaml
from duban.regulation import vocabulary

To = Literal["person", "unit", "office", "everyone"]
#: Who reads a channel: one person, the people of one unit, the office and the leaders, or everybody.
READ_BY: dict[str, To] = {"本人": "person", "单位群": "unit", "办公室群": "office", "全体群": "everyone"}
UNIT = "{单位}"
"""Stands for the unit's code in the name of a connection: every unit has its own group."""
OF_UNITS = ("liaison", "unit_head", "unit_leader", "unit_checker")
OF_BUREAU = ("office", "director", "deputy", "chief", "party")
_POSTS = {word: post for word, post in vocabulary.POSTS.items() if post in (*OF_UNITS, *OF_BUREAU)}
_REHEARSAL = {"发": True, "不发": False}
_MATTER = ("编号", "文号", "标题", "单位", "期限", "事项")
_PERIOD = ("编号", "期", "期限", "事项")
_HIDDEN = ("编号",)


@dataclass(frozen=True)
class Channel:
    """One way to people: its name, the connection of Airflow behind it, who reads it, what goes over it.

    `connection` has `{单位}` in it where every unit has its own. `kinds`: None for everything.
    """

    name: str
    connection: str
    to: To
    kinds: frozenset[str] | None = None

    def takes(self, kind: str) -> bool:
        """Whether this kind of notice goes over this channel."""
        return self.kinds is None or kind in self.kinds


@dataclass(frozen=True)
class Notifying:
    """What a bureau says of its notices. `address`: of the portal, without a slash at its end; "" where not written.

    `posts` and `words` are by kind of notice; `hidden` is the one sentence for what must not be named. `rehearsal`:
    whether a rehearsal sends anything at all.
    """

    address: str
    rehearsal: bool
    channels: tuple[Channel, ...]
    posts: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    hidden: str


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _connection(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", value.replace(UNIT, "x", 1)):
        raise ValueError(f"连接“{value}”只能用英文字母、数字、点和横线，单位的位置写 {UNIT}，例如 duban_wecom_{UNIT}")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError(f"台账地址“{value}”看不懂，请写成 https://主机名/duban，后面不带参数")
    return value.rstrip("/")


def _known_kinds(kinds: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for kind in kinds or ():
        clerk_yaml.choose(kind, {one: one for one in kinds_of()}, "通知事项")
    return kinds


class _Channel(_Entry):
    connection: Annotated[str, AfterValidator(_connection)] = Field(alias="连接")
    to: Annotated[To, BeforeValidator(lambda word: clerk_yaml.choose(word, READ_BY, "发到"))] = Field(alias="发到")
    kinds: Annotated[tuple[str, ...] | None, AfterValidator(_known_kinds)] = Field(alias="事项", default=None)


def _posts(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clerk_yaml.choose(word, _POSTS, "收通知的岗位") for word in words))


class _Kind(_Entry):
    posts: Annotated[tuple[str, ...], AfterValidator(_posts)] | None = Field(alias="发给", default=None)
    words: str | None = Field(alias="文字", default=None)


class Entry(_Entry):
    """`通知` of an organization file; without channels nothing is ever sent."""

    address: Annotated[str, AfterValidator(_address)] = Field(alias="地址", default="")
    rehearsal: Annotated[bool, BeforeValidator(lambda word: clerk_yaml.choose(word, _REHEARSAL, "演练时"))] = Field(
        alias="演练", default=False
    )
    channels: dict[str, _Channel] = Field(alias="渠道", default={})
    kinds: dict[str, _Kind] = Field(alias="事项", default={})
    hidden: str | None = Field(alias="不列内容", default=None)


@cache
def standard() -> Mapping[str, Any]:
    """The defaults, as the file says them."""
    text = files("duban.organization").joinpath("notifying.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = clerk_yaml.read(text).data
    return MappingProxyType(data)


def kinds_of() -> tuple[str, ...]:
    """Every kind of notice, in the order of the file."""
    return (*standard()["督办件"], *standard()["期刊"])


def faults(said: Entry | None, units: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what is wrong with the `通知` of a bureau with these units: (where in the block, a sentence)."""
    if said is None:
        return
    for name, one in said.channels.items():
        at = ("渠道", name)
        if one.to == "unit" and UNIT not in one.connection:
            yield at, f"“{name}”发到单位群，“连接”里要写 {UNIT}，每个单位一个连接，例如 duban_wecom_{UNIT}"
        if one.to in ("office", "everyone") and UNIT in one.connection:
            yield at, f"“{name}”不分单位，“连接”里不能写 {UNIT}"
        if len(name) > 20:
            yield at, "渠道的名称最多20个字"
    for kind, one_kind in said.kinds.items():
        if kind not in kinds_of():
            yield ("事项", kind), f"没有“{kind}”这种通知，可用：{'、'.join(kinds_of())}"
        elif one_kind.words is not None and (told := _unknown(one_kind.words, _allowed(kind))):
            yield ("事项", kind), told
    if said.hidden is not None and (told := _unknown(said.hidden, _HIDDEN)):
        yield ("不列内容",), told
    if any(one.to == "unit" for one in said.channels.values()) and "office" in set(units):
        yield ("渠道",), "“office”留给办公室自己，单位代号请换一个"


def _allowed(kind: str) -> tuple[str, ...]:
    return _MATTER if kind in standard()["督办件"] else _PERIOD


def _unknown(words: str, allowed: tuple[str, ...]) -> str:
    """What is wrong with a sentence that is filled in: a word in braces that nothing stands for; "" if nothing is."""
    usable = "、".join(f"{{{one}}}" for one in allowed)
    try:
        parts = [(name, form, bang) for _text, name, form, bang in Formatter().parse(words) if name is not None]
    except ValueError:
        return f"“文字”里的花括号没有配对；可以用：{usable}"
    for name, form, bang in parts:
        if name not in allowed or form or bang:
            return f"“文字”里的 {{{name}}} 系统不认识，可以用：{usable}"
    if not words.strip() or len(words) > 300 or "\n" in words.strip():
        return "“文字”要写一段话，不分行，最多300字"
    return ""


def build(said: Entry | None) -> Notifying:
    """What a bureau's `通知` comes to with the defaults behind it."""
    own = said or Entry()
    usual = {kind: _Kind.model_validate(one) for part in ("督办件", "期刊") for kind, one in standard()[part].items()}
    mine = {kind: own.kinds.get(kind, _Kind()) for kind in usual}
    channels = (
        Channel(name, one.connection, one.to, None if one.kinds is None else frozenset(one.kinds))
        for name, one in own.channels.items()
    )
    return Notifying(
        address=own.address,
        rehearsal=own.rehearsal,
        channels=tuple(channels),
        posts=MappingProxyType({k: (usual[k].posts or ()) if (p := mine[k].posts) is None else p for k in usual}),
        words=MappingProxyType({k: str(mine[k].words or usual[k].words) for k in usual}),
        hidden=own.hidden or str(standard()["不列内容"]),
    )
