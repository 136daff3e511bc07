"""The rules that a bureau's Airflow has to serve: every version of its regulation at once.

A DAG is built once for all of its runs, while each open matter keeps the version under which it was registered. So a
DAG holds whatever any version asks for, in the order of the versions, and each run finds its way by its own ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from duban import organization, regulation
from duban.acts.signing import last_word
from duban.organization import Organization
from duban.regulation import Regulation


@dataclass(frozen=True)
class Desk:
    """A post at which a paper waits, and what is done there (文字审核, 审定签发).

    ``after``: the posts from which it comes here, in one version or another; the empty one is the beginning.
    """

    post: str
    name: str
    after: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """All versions of the regulation in use, oldest first, and the bureau."""

    versions: tuple[Regulation, ...]
    org: Organization

    def knows(self, type_id: str) -> bool:
        """Say whether any version has this type of matter."""
        return any(law.knows(type_id) for law in self.versions)

    def latest(self, type_id: str) -> Regulation:
        """Return the newest version that has this type: new matters of it are registered under that one."""
        return [law for law in self.versions if law.knows(type_id)][-1]

    def any(self, rule: Callable[[Regulation], Any]) -> bool:
        """Say whether the rule holds in any version."""
        return any(rule(law) for law in self.versions)

    @cached_property
    def office(self) -> str:
        """What this bureau calls its office (办公室, 督查室)."""
        return self.org.title("office")

    @cached_property
    def sign_desks(self) -> tuple[Desk, ...]:
        """The desks that sign a notice (送审签发)."""
        return self._desks(law.sign_chain.desks for law in self.versions)

    @cached_property
    def sign_words(self) -> tuple[str, ...]:
        """How the last of them lets it go out: 签发, 阅示, 审批."""
        return tuple(dict.fromkeys(last_word(law) for law in self.versions))

    @cached_property
    def close_desks(self) -> tuple[Desk, ...]:
        """The desks that approve the office's report (办结)."""
        return self._desks(law.close_chain.desks for law in self.versions)

    @cached_property
    def proposal_desks(self) -> tuple[Desk, ...]:
        """The desks that agree to a proposal (呈批); none where the regulation has no such way."""
        return self._desks(law.registration.proposal_desks for law in self.versions)

    @cached_property
    def extension_desks(self) -> tuple[Desk, ...]:
        """The desks that grant more time; none where it is only put on record."""
        return self._desks(law.extension.desks for law in self.versions)

    @cached_property
    def signers_upward(self) -> tuple[Desk, ...]:
        """Who signs what goes up (上报), each once."""
        rules = [rule for law in self.versions for case, rule in law.upward.items() if case in _cases(law)]
        posts = dict.fromkeys(rule.signer for rule in rules if rule.signer)
        return tuple(Desk(post, f"{self.org.title(post)}签发上报件", ("",)) for post in posts)

    def draft_desks(self, kind: str) -> tuple[Desk, ...]:
        """The desks that agree to the draft of a period file (scores, bulletin, digest); none where none is named."""
        from duban.periodicals.opening import rule_of  # the DAGs of matters need none of it

        return self._desks(rule_of(kind, law).desks for law in self.versions)

    def _desks(self, chains: Iterable[Iterable[Any] | None]) -> tuple[Desk, ...]:
        order: list[str] = []
        names: dict[str, str] = {}
        after: dict[str, dict[str, None]] = {}
        for chain in chains:
            place, before = 0, ""
            for desk in chain or ():
                if desk.post not in order:
                    order.insert(place, desk.post)
                place = order.index(desk.post) + 1
                names[desk.post] = f"{self.org.title(desk.post)}{desk.act}"
                after.setdefault(desk.post, {})[before] = None
                before = desk.post
        return tuple(Desk(post, names[post], tuple(after[post])) for post in order)


def _cases(law: Regulation) -> set[str]:
    """The ways up that a matter of this bureau may take: those of its sources, and the one for all (form: 上报)."""
    named = {case for source in law.sources.values() for case in (source.upward, source.upward_to_leader) if case}
    return named | ({"all"} & set(law.upward))


def goes_up(law: Regulation) -> bool:
    """Say whether any result goes up under this version."""
    return bool(_cases(law))


def load() -> Family:
    """Return the family that ``DUBAN_REGULATION`` and ``DUBAN_ORGANIZATION`` name; a :class:`Refusal` for a fault."""
    return Family(regulation.family(), organization.load())
