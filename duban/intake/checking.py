"""核对: what a machine saw of a reply, point by point with the clause, for the person who reviews it.

It advises and decides nothing: no point refuses a reply or deducts anything. What cannot be seen (a seal on paper, a
signature in a scan) is said to be unseen and never held to be missing.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from duban.intake import Received, points
from duban.intake.points import Point
from duban.ledger.standing import State
from duban.organization import Organization
from duban.regulation import Regulation

#: What a verdict is called in the report.
VERDICTS = {"ok": "符合", "fault": "不符", "unseen": "请人工核对"}
NOTE = "系统只作提示：不据此退回或扣分，由审核人决定。"


@dataclass(frozen=True)
class CheckReport:
    """All points, in the order in which a reviewer reads."""

    points: tuple[Point, ...]

    @property
    def faults(self) -> tuple[Point, ...]:
        """What does not agree with what the clauses ask for."""
        return tuple(point for point in self.points if point.verdict == "fault")

    @property
    def unseen(self) -> tuple[Point, ...]:
        """What only a person can see."""
        return tuple(point for point in self.points if point.verdict == "unseen")

    def data(self) -> dict[str, Any]:
        """The report as an event keeps it (JSON)."""
        return {"points": [asdict(point) for point in self.points]}


def from_data(data: Mapping[str, Any]) -> CheckReport:
    """The report that an event kept; an empty one for an event without."""
    return CheckReport(tuple(Point(**point) for point in data.get("points", ())))


def report(received: Received, state: State, law: Regulation, org: Organization) -> CheckReport:
    """Compare what was seen of a reply with what the regulation asks for and what the ledger knows of the matter.

    Looked at are the electronic copy, format (A9), number, addressee, subject (BC-7.1.2), signature, seal, and the
    sections that this matter requires (BC-8.2, BC-7.1.4). Of a file that no machine reads every point is unseen.
    """
    if received.kind == "unread":
        return CheckReport((points.copy(received, law), *points.unread(received, state, law)))
    return CheckReport(
        (
            points.copy(received, law),
            points.form(received, law),
            points.number(received, state, law),
            points.addressee(received, law, org),
            points.subject(received, state, law, org),
            points.signature(received, state, law, org),
            *points.seal(received, law),
            *points.sections(received, state, law),
            *points.unfinished(received, law),
        )
    )


def as_markdown(check: CheckReport | Mapping[str, Any]) -> str:
    """The report as a Markdown table for the question to the reviewer; nothing that a unit wrote becomes markup."""
    found = check if isinstance(check, CheckReport) else from_data(check)
    if not found.points:
        return ""
    rows = [
        f"| {_cell(point.name)} | {_cell(point.clause)} | {VERDICTS[point.verdict]} | {_cell(point.sentence)} |"
        for point in found.points
    ]
    counts = f"不符 {len(found.faults)} 项，请人工核对 {len(found.unseen)} 项。"
    return "\n".join([f"系统核对：{counts}{NOTE}", "", "| 核对项 | 条款 | 结果 | 说明 |", "|---|---|---|---|", *rows])


def _cell(text: str) -> str:
    one_line = re.sub(r"\s+", " ", text).replace("&", "&amp;").replace("<", "&lt;")
    # An address is left without its colon so that no page makes a link (or fetches a picture) of what a unit wrote.
    return re.sub(r"([\\`*_\[\]|~!#])", r"\\\1", one_line).replace("://", "&#58;//")
