"""To whom: a notice is for a post, and whoever holds it when the notice is sent gets it.

A role is written `liaison@jingzhen` (a post of a unit), `chief#0` (a post that one person holds), `deputy#/jingzhen`
(who is in charge of the unit, of several), `office#tian.clerk` (this one of several), `@jingzhen`, `@office` or
`@everyone` (a group that reads one channel together). The order of the names in the organization file means nothing.
"""

from collections.abc import Iterable, Iterator

from duban.acts.seeing import may_see
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.organization import OFFICE, Organization, Person
from duban.organization.notifying import OF_BUREAU, OF_UNITS, Channel
from duban.periodicals.publishing import NOTICES

EVERYONE = "everyone"


def roles(
    org: Organization, channel: Channel, state: State, posts: Iterable[str], units: Iterable[str], deputies_of: str
) -> Iterator[str]:
    """The roles at these posts that the channel reaches: those of `units`, and of the bureau.

    Of several deputies the one in charge of the unit `deputies_of`. A period file goes to all of a group of everyone
    when it is a notice to all; a matter never does.
    """
    posts, units = tuple(posts), tuple(units)
    of_units, of_bureau = (tuple(post for post in posts if post in known) for known in (OF_UNITS, OF_BUREAU))
    if channel.to == "person":
        for unit in units:
            yield from _of_unit(org, unit, of_units)
        yield from _of_bureau(org, of_bureau, deputies_of)
    elif channel.to == "unit":
        yield from (f"@{unit}" for unit in units if of_units)
        if of_bureau:
            yield f"@{OFFICE}"
    elif channel.to == OFFICE and (of_bureau or OFFICE in units):
        yield f"@{OFFICE}"
    elif channel.to == EVERYONE and state.type in NOTICES and units:
        yield f"@{EVERYONE}"


def _of_unit(org: Organization, unit: str, posts: tuple[str, ...]) -> Iterator[str]:
    try:
        held = org.unit_posts(unit)
    except Refusal:  # a unit that the file does not know any more
        return
    told: set[str] = set()
    for post in posts:
        if post in held and held[post].user not in told:
            told.add(held[post].user)
            yield f"{post}@{unit}"


def _of_bureau(org: Organization, posts: tuple[str, ...], unit: str) -> Iterator[str]:
    told: set[str] = set()
    for post in posts:
        charge = [holder.user for holder in org.holders(post, unit or None) if unit and unit in holder.units]
        alone = len(org.holders(post)) == 1
        for holder in org.holders(post, unit or None):
            if holder.user not in told:
                told.add(holder.user)
                several = f"/{unit}" if charge == [holder.user] else holder.user
                yield f"{post}#{0 if alone and not charge else several}"


def group_of(role: str) -> str:
    """The code of the group behind a role; "" for a person's."""
    return role[1:] if role.startswith("@") else ""


def person_of(org: Organization, role: str) -> Person | None:
    """Who holds the post now; None for a group, and where nobody does any more."""
    post, _at, unit = role.partition("@")
    if unit:
        try:
            return org.unit_posts(unit).get(post) if post else None
        except Refusal:
            return None
    post, _hash, which = role.partition("#")
    held = org.holders(post)
    if which.isdecimal():  # also one of several by their order, as it was written once
        found = held[int(which) : int(which) + 1]
    elif which.startswith("/"):
        found = tuple(holder for holder in held if which[1:] in holder.units)
    else:
        found = tuple(holder for holder in held if holder.user == which)
    return org.person(found[0].user) if found else None


def is_vacant(org: Organization, role: str) -> bool:
    """Whether the role is a person's and nobody holds it at this moment."""
    return not group_of(role) and person_of(org, role) is None


def may_be_told(state: State, org: Organization, role: str) -> bool:
    """Whether whoever is behind the role may know that there is such a matter at all.

    A group is asked as somebody of its unit whom no list of readers names. Of a period file everybody is told only that
    it is there, which is no content of it.
    """
    group = group_of(role)
    if state.periodical is not None:
        return True
    if group:
        post = "office" if group == OFFICE else None
        return group != EVERYONE and may_see(state, Actor("", "", post, None if post else group))
    person = person_of(org, role)
    if person is None:
        return False
    if role.partition("@")[2] == OFFICE:  # the office handles it itself
        return True
    return may_see(state, Actor(person.user, person.name, person.posts[0] if person.posts else None, person.unit))
