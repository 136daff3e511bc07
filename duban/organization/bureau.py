"""Who is who in a bureau: its posts, its units with head and liaison, its partners, and its number series.

Posts stay, people change: whoever the file names at a post today acts at it. Sign-in names are bound once: whoever acts
in the ledger is exactly one person. Which persons a unit must name is for the regulation to say (督办责任).
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from duban.errors import Refusal
from duban.organization.archiving import Archiving
from duban.organization.notifying import Notifying
from duban.regulation.procedure import Duty

#: The code under which the office itself handles a matter (直接办理, LZ 三（一）2); no unit of a file may have it.
OFFICE = "office"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: `user` (ASCII), name, the posts held, the unit's code for people of a unit."""

    user: str
    name: str
    posts: tuple[str, ...]
    unit: str | None
    title: str
    phone: str
    mail: str = ""
    mobile: str = ""


@dataclass(frozen=True)
class Holder:
    """A person of the bureau at a post: of its office and leadership (office, director, chief, deputy, party), or
    one who only looks (inspector, auditor).

    `units`: the codes of the units a deputy is in charge of (分管); empty where the file does not say.
    """

    post: str
    title: str
    name: str
    user: str
    phone: str
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Partner:
    """A department that takes part in joint supervision (督察, 纪委 …): its name there and in full, and the contact."""

    name: str
    full: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Merged:
    """A unit that is no longer there: from the day `on` the unit with the code `into` stands for it (撤并)."""

    into: str
    on: date


@dataclass(frozen=True)
class Unit:
    """A unit that carries matters out. `head` reads and signs, `liaison` receives and sends.

    `leader` supervises and `checker` looks through what is sent, where the bureau's rules ask for one (督办责任).
    `letter`: what stands for the unit in its own series (兰公×报). `merged`: what became of a unit that is gone.
    """

    code: str
    name: str
    short: str
    kind: str
    head: Person
    liaison: Person
    leader: Person | None = None
    checker: Person | None = None
    letter: str = ""
    merged: Merged | None = None

    @property
    def posts(self) -> Mapping[str, Person]:
        """Who holds which post in this unit: unit_head, liaison and, where named, unit_leader and unit_checker."""
        named = {"unit_head": self.head, "unit_leader": self.leader, "unit_checker": self.checker}
        held = {post: person for post, person in named.items() if person is not None}
        return MappingProxyType(held | {"liaison": self.liaison})


@dataclass(frozen=True)
class Organization:
    """One bureau: `series` its 机关代字 by use (督办, 催办 …), `office` the name of the office that supervises.

    `partners`: the departments of joint supervision by the name that the regulation uses for them. `archiving`: how its
    papers are filed (归档). `notifying`: over which channels people are told what is new (通知).
    """

    id: str
    name: str
    number_prefix: str
    fonds: str
    office: str
    series: Mapping[str, str]
    units: Mapping[str, Unit]
    partners: Mapping[str, Partner]
    people: tuple[Person, ...]
    archiving: Archiving
    notifying: Notifying
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

    def holders(self, posts: str | Iterable[str], unit: str | None = None) -> tuple[Holder, ...]:
        """Return everyone at these posts, each once; nobody for a post that is not held.

        office, director, chief, deputy, party, inspector, auditor; "leader" stands for the chief and the deputies.
        With the code of a `unit`, of the deputies only who is in charge of it (分管), or all where the file names none.
        """
        wanted = (posts,) if isinstance(posts, str) else tuple(posts)
        plain = [post for one in wanted for post in (("chief", "deputy") if one == "leader" else (one,))]
        return tuple(holder for post in dict.fromkeys(plain) for holder in self._held(post, unit))

    def _held(self, post: str, unit: str | None) -> tuple[Holder, ...]:
        held = self._holders.get(post, ())
        return tuple(holder for holder in held if unit in holder.units) or held

    def unit_posts(self, unit: str) -> Mapping[str, Person]:
        """Return who holds which post in the unit with this code, short name or full name."""
        return self.unit(unit).posts

    def letters(self, series: str, unit: str = "") -> str:
        """Return a 机关代字 with × replaced by the letter of the unit: 兰公×报 is 兰公城报 for 城关分局.

        Refusal for a unit without a letter where one is needed.
        """
        if "×" not in series:
            return series
        known = self.unit(unit)
        if not known.letter:
            raise Refusal(f"{known.short}在机构文件里没有写“代字”，编不出“{series}”号，请先补上。")
        return series.replace("×", known.letter)

    def title(self, post: str) -> str:
        """Return what this bureau calls a post (办公室主任, 单位主要领导 …); Refusal for a post that is not known."""
        try:
            return self._titles[post]
        except KeyError:
            raise Refusal(f"没有“{post}”这个岗位，可用：{'、'.join(self._titles)}") from None

    def unit(self, name: str) -> Unit:
        """Return the unit with this code, short name or full name; Refusal that lists names near to it.

        The code OFFICE stands for the office where it handles a matter itself; it is not among `units`.
        """
        wanted = name.strip()
        if wanted == OFFICE:
            return self._office()
        for unit in self.units.values():
            if wanted in (unit.code, unit.short, unit.name):
                return unit
        known = [word for unit in self.units.values() for word in (unit.short, unit.code)]
        near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4)
        hint = f"，是不是{'、'.join(f'“{word}”' for word in near)}" if near else ""
        all_units = "、".join(unit.short for unit in self.units.values())
        raise Refusal(f"没有叫“{wanted[:40]}”的承办单位{hint}；现有：{all_units}")

    def _office(self) -> Unit:
        head, clerk = (self.person(self.posts[post].user) for post in ("director", "office"))
        return Unit(OFFICE, self.office, self.title("office"), self.title("office"), head, clerk)

    def standing_for(self, unit: str, on: date) -> str:
        """Return the code of the unit that stands for this one on a day: itself, or the one it was merged into."""
        known = self.units.get(unit)
        while known is not None and known.merged is not None and known.merged.on <= on:
            unit = known.merged.into
            known = self.units.get(unit)
        return unit

    def complete(self, name: str, duty: Duty, on: date | None = None) -> Unit:
        """Return the unit if it names everyone whom the regulation asks for (督办责任); Refusal otherwise.

        Without them nothing is given to it (BC 一（三）, 三（二）); nor to a unit that is gone by the day `on`.
        """
        unit = self.unit(name)
        if on is not None and (heir := self.standing_for(unit.code, on)) != unit.code:
            raise Refusal(f"{unit.short}已并入{self.units[heir].short}，请改交{self.units[heir].short}")
        missing = [word for word, post in duty.posts() if post not in unit.posts]
        if missing:
            raise Refusal(
                f"{unit.short}在机构文件里没有{'、'.join(missing)}（{duty.basis.clause}要求），不能向它交办，请先补上"
            )
        return unit

    def person(self, user: str) -> Person:
        """Return who signs in as `user`; Refusal if nobody does."""
        for person in self.people:
            if person.user == user:
                return person
        raise Refusal(f"{self.name}的机构文件里没有用户名“{user[:40]}”，请核对或在机构文件里登记")
