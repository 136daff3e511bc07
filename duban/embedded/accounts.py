"""Who signs in to an embedded start: everybody in the organization file, each with a password made once.

Production has FAB instead (roles, LDAP); this is Airflow's simple auth manager, which reads passwords from a file.
"""

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from duban.embedded import places

OPERATOR = "admin"
"""Who looks after the machine: every right in Airflow, no post in the bureau."""

OFFICE_POSTS = {"office", "director", "chief", "deputy"}
OFFICE_ROLE = "user"
"""Enough to start runs and to answer the decisions assigned to oneself; connections stay the operator's."""

UNIT_ROLE = ""
"""None: whoever may read DAGs in Airflow reads every unit's matters. Units, inspectors and auditors work in the portal,
which knows who may see which matter; they need an identity from Airflow and no right in it."""

LETTERS = "abcdefghkmnpqrstuvwxyzACDEFGHKMNPQRSTUVWXYZ2345679"
"""Letters that can be read from paper without taking one for another."""


class Person(Protocol):
    """What is needed of a person of the organization file."""

    @property
    def user(self) -> str:
        """The name to sign in with."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def title(self) -> str:
        """What the person is in the bureau."""

    @property
    def unit(self) -> str | None:
        """Code of the person's unit; None in the office and among the leaders."""

    @property
    def posts(self) -> tuple[str, ...]:
        """The posts held, by role id."""


def roles(people: Iterable[Person]) -> dict[str, str]:
    """User -> role in Airflow's simple auth manager, the operator first."""
    office = {person.user: OFFICE_ROLE if OFFICE_POSTS & {*person.posts} else UNIT_ROLE for person in people}
    return {OPERATOR: "admin", **office}


def setting(people: Iterable[Person]) -> str:
    """The same as Airflow's `[core] simple_auth_manager_users` wants it."""
    return ",".join(f"{user}:{role}" for user, role in roles(people).items())


def file(home: Path) -> Path:
    """The passwords, in the form that Airflow's simple auth manager reads; mode 600."""
    return home / "passwords.json"


def passwords(home: Path) -> dict[str, str]:
    """User -> password; empty before the first start."""
    found: dict[str, str] = json.loads(file(home).read_text(encoding="utf-8")) if file(home).exists() else {}
    return found


def make_passwords(home: Path, people: Iterable[Person]) -> dict[str, str]:
    """Give a password to everybody who has none yet; user -> password of those, to be shown once."""
    known = passwords(home)
    new = {user: _password() for user in roles(people) if user not in known}
    if new:
        places.write_private_json(file(home), {**known, **new})
    return new


def _password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
