"""Who the signed-in user is in the bureau, and of whom a decision is asked: posts stay, people change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from duban import ledger, organization
from duban.organization import Holder


def actor_of(user: str) -> ledger.Actor:
    """Return the person of the organization file who signs in as ``user``; a :class:`Refusal` if there is none."""
    person = organization.load().person(user)
    return ledger.Actor(user, person.name, person.posts[0] if person.posts else None, person.unit)


@dataclass(frozen=True)
class Asked:
    """Of whom a decision was asked: posts (with the unit that they are in charge of), and who held them then."""

    organization: str
    posts: tuple[str, ...]
    unit: str
    users: tuple[str, ...]

    @classmethod
    def now(cls, bureau: str, posts: Iterable[str], unit: str) -> Asked:
        """Return who holds these posts in this bureau's organization file now."""
        wanted = tuple(posts)
        users = (holder.user for holder in organization.load(bureau).holders(wanted, unit))
        return cls(bureau, wanted, unit, tuple(users))

    def holders(self) -> tuple[Holder, ...]:
        """Return who holds the posts now."""
        return organization.load(self.organization).holders(self.posts, self.unit)

    def others_now(self) -> bool:
        """Say whether the file now names others than those who were asked (the file is read when it has changed)."""
        return {holder.user for holder in self.holders()} != set(self.users)
