"""Who the signed-in user is in the bureau."""

from __future__ import annotations

from duban import ledger, organization


def actor_of(user: str) -> ledger.Actor:
    """Return the person of the organization file who signs in as ``user``; a :class:`Refusal` if there is none."""
    person = organization.load().person(user)
    return ledger.Actor(user, person.name, person.posts[0] if person.posts else None, person.unit)
