"""One thing that waits for a person, and the columns of the register that it is told from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Row

from duban.acts.asking import title
from duban.clock import SHANGHAI
from duban.ledger.models import MatterRow
from duban.ledger.standing import State
from duban.watch.finding import last_day, unit_name

_VIEW, _FORM = MatterRow.view, MatterRow.view["form"]
#: What every row has; never the whole state, which is mostly papers.
COLUMNS = (
    *(MatterRow.number, MatterRow.reference, MatterRow.title, MatterRow.mark, MatterRow.unit, MatterRow.type),
    *(MatterRow.regulation, MatterRow.state, MatterRow.round, MatterRow.awaiting, MatterRow.due_on, MatterRow.due_at),
    *(_VIEW[name].astext.label(name) for name in ("organization", "mode", "released")),
    *(_VIEW[name].label(name) for name in ("cohandlers", "timers")),
    _FORM["readers"].label("readers"),
    _FORM["proposed_by"].astext.label("proposed_by"),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: of which matter (or 期), what is to be done, where, and until when.

    `title`: as it may be shown; `about`: what was said when it came back. `deed`: the act of the portal's table, `key`:
    the decision; neither: it is done on paper, or on the page of the scores. `due_at`: aware, None without a limit.
    `late`: how long it is overdue, or a decision has been lying, in words. `path`: below the portal's address.
    """

    number: str
    reference: str
    title: str
    unit: str
    what: str
    path: str
    about: str = ""
    deed: str = ""
    key: str = ""
    due_at: datetime | None = None
    overdue: bool = False
    late: str = ""
    light: str = "none"


def state_of(row: Row[Any]) -> State:
    """As much of the state as its rules of seeing and naming look at; nothing else may be asked of it."""
    return State.model_construct(
        number=row.number,
        title=row.title or "",
        mark=row.mark or "",
        unit=row.unit or "",
        released=row.released != "false",
        cohandlers=tuple(row.cohandlers or ()),
        form={"readers": tuple(row.readers or ())},
        mode=row.mode or "written",
        periodical=None,
    )


def line(row: Row[Any], what: str, *, deed: str = "", key: str = "", path: str = "", **more: Any) -> Waiting:
    """What waits about this matter, with its head."""
    at = f"/matters/{row.number}"
    if deed:
        at = f"{at}/do/{deed}"
    elif key:
        at = f"/decisions/{row.number}/{quote(key)}"
    return Waiting(
        number=row.number,
        reference=row.reference or "",
        title=title(state_of(row)),
        unit=unit_name(row.organization, row.unit) if row.unit else "",
        what=what,
        path=path or at,
        deed=deed,
        key=key,
        **more,
    )


def moment(said: Mapping[str, str] | None, key: str) -> datetime | None:
    """When the timer of this key runs out; None where it has none."""
    until = (said or {}).get(key)
    return datetime.fromisoformat(until).astimezone(SHANGHAI) if until else None


def days_late(due_at: datetime, now: datetime) -> str:
    """How long something is overdue: 逾期3天, 今天已逾期."""
    days = (now.astimezone(SHANGHAI).date() - last_day(due_at)).days
    return f"逾期{days}天" if days > 0 else "今天已逾期"
