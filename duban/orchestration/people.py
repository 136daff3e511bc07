"""Who the signed-in user is in the bureau."""

from __future__ import annotations

from duban import ledger, organization
from duban.errors import Refusal


def actor_of(user: str) -> ledger.Actor:
    """Return the person of the organization file who signs in as ``user``; a :class:`Refusal` if there is none."""
    for person in organization.current().people:
        if person.user == user:
            return ledger.Actor(user, person.name, person.posts[0] if person.posts else None, person.unit)
    raise Refusal(f"登录名“{user}”不在机构名册里：请管理员在机构文件中登记后再操作。")
