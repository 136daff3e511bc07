"""A regulation in force: every rule under its clause, with the clause to cite."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from duban.errors import Refusal
from duban.regulation import outcome_shapes as o
from duban.regulation import procedure as p
from duban.regulation import scoring_shapes as s
from duban.regulation import time_shapes as t
from duban.regulation.values import Basis, ClockTime, Limit


@dataclass(frozen=True)
class Clause:
    """One clause: number 五（五）, title 催办, our words for it, and its line in the file."""

    number: str
    title: str
    text: str
    line: int

    @property
    def basis(self) -> Basis:
        """The clause as something to cite."""
        return Basis(self.number, self.title, self.line)


@dataclass(frozen=True)
class Regulation:
    """One version of a bureau's rules. A rule that it does not lay down is there and silent: limits None, lists empty.

    `laid_down("催办")` tells whether the regulation speaks of it. Tables (`types`, `sources`, `score_items` …) hold
    only what is written.
    """

    id: str
    title: str
    bureau: str
    valid_from: date
    valid_to: date | None
    replaces: str
    organization: str
    clauses: tuple[Clause, ...]
    sign_chain: p.SignChain
    reply: o.Reply
    close_chain: o.CloseChain
    counting: t.Counting
    duty: p.Duty
    registration: p.Registration
    dispatch: p.Dispatch
    phone_notice: p.PhoneNotice
    receipt: p.Receipt
    reading: p.Reading
    tracking: p.Interval
    urge: p.Urge
    extension: o.Extension
    review: o.Review
    returns: o.Returns
    further_work: o.FurtherWork
    instruction: o.Instruction
    stages: o.Stages
    decomposition: p.Decomposition
    cadence: t.Compilation
    digest: t.Compilation
    archive: o.Archive
    bulletin: o.Bulletin
    secrecy: o.Secrecy
    scoring: s.Scoring
    types: Mapping[str, t.Type]
    sources: Mapping[int, p.Source]
    notices: Mapping[str, p.Notice]
    modes: Mapping[str, p.Mode]
    reply_sections: Mapping[str, o.Section]
    upward: Mapping[str, o.Upward]
    score_items: Mapping[str, s.ScoreItem]
    rates: Mapping[str, s.Rate]
    grounds: Mapping[str, o.Ground]
    written: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def end_of_day(self) -> ClockTime:
        """The time of day at which the last day of a period is over: 24:00 or close of business."""
        return self.counting.end_of_day

    def in_force(self, on: date) -> bool:
        """Return whether this version is in force on a day: from 施行日期 on, until the day before 废止日期."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def laid_down(self, rule: str) -> bool:
        """Return whether the file has a block with this Chinese key (催办, 领收 …)."""
        return rule in self.written

    def clause(self, number: str) -> Clause:
        """Return the clause with this number; Refusal if the regulation has none."""
        wanted = normal_number(number)
        for clause in self.clauses:
            if clause.number == wanted:
                return clause
        raise Refusal(f"《{self.title}》里没有“{number}”这一条，请核对条号（写法如“五（五）”）")

    def cite(self, number: str) -> Basis:
        """Return the clause as a basis; Refusal if it is not there. What DAGs and documents cite goes through this."""
        return self.clause(number).basis

    def knows(self, name: str) -> bool:
        """Return whether this regulation has the type with this id (general, staged …)."""
        return name in self.types

    def type(self, name: str) -> t.Type:
        """Return the type with this id (general …); Refusal if this regulation does not know it."""
        try:
            return self.types[name]
        except KeyError:
            known = "、".join(f"{rule.name}（{key}）" for key, rule in self.types.items())
            raise Refusal(f"《{self.title}》没有规定“{name}”类督办事项，可用：{known}") from None

    def notice_for(self, source: int, leader: str | None) -> tuple[str, p.Notice]:
        """Return the kind of notice and its rule for a matter of this source; `leader`: who gave the instruction.

        Reading A1: an instruction by a named leader takes the one, a deployment, a meeting or a plan the other.
        Refusal for a source that is not in the scope chapter.
        """
        if source not in self.sources:
            raise Refusal(
                f"《{self.title}》的督办范围里没有第{source}项，请选 {min(self.sources)} 至 {max(self.sources)}"
            )
        allowed = self.sources[source].notices
        fitting = [kind for kind in allowed if self.notices[kind].needs_leader == bool(leader)]
        kind = (fitting or list(allowed))[0]
        return kind, self.notices[kind]

    def way_up(self, source: int, leader: str | None) -> tuple[str, o.Upward] | None:
        """Return the case (leader_above, body_above, all) and the form in which the result of such a matter goes up.

        None: it stays in the bureau. `leader`: who gave the instruction; where the source says so (有批示领导时上报),
        it decides between a report to that leader and one to the body above. Refusal for an unknown source.
        """
        if source not in self.sources:
            self.notice_for(source, leader)  # refuses
        rule = self.sources[source]
        case = (rule.upward_to_leader if leader else None) or rule.upward
        return (case, self.upward[case]) if case else None

    def score_of_return(self, level: str, reason: str) -> s.ScoreItem | None:
        """Return the score item that a return at `level` (office, deputy, chief) for `reason` falls under, if any.

        Reading A8: with reasons listed under the item, a return for another reason (supplement) deducts nothing.
        """
        item = self.score_items.get(f"returned_by_{level}")
        if item is None or (item.reasons and reason not in item.reasons):
            return None
        return item

    def limits(self) -> Mapping[str, Limit]:
        """Return every rule that lays down a period, by the name that `duban deadline --rule` takes."""
        found: dict[str, Limit | None] = {name: rule.limit for name, rule in self.types.items()}
        found |= {
            "dispatch": self.dispatch.limit,
            "receipt": self.receipt.limit,
            "reading": self.reading.limit,
            "urge_issue": self.urge.issue,
            "urge": self.urge.grace,
            "returns": self.returns.limit,
            "further_work": self.further_work.limit,
            "extension": self.extension.max_length,
        }
        return {name: limit for name, limit in found.items() if limit is not None}


def normal_number(number: str) -> str:
    """Return a clause number in its one spelling: full-width brackets, no blanks."""
    return re.sub(r"\s", "", number).replace("(", "（").replace(")", "）")
