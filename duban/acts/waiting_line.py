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


#: Made once: to make a whole state costs more than to ask the register.
_BLANK = State.model_construct(number="", mode="written", periodical=None)


def state_of(row: Row[Any]) -> State:
    """As much of the state as its rules of seeing and naming look at; nothing else may be asked of it."""
    said = {
        "number": row.number,
        "title": row.title or "",
        "mark": row.mark or "",
        "unit": row.unit or "",
        "released": row.released != "false",
        "cohandlers": tuple(row.cohandlers or ()),
        "form": {"readers": tuple(row.readers or ())},
    }
    return _BLANK.model_copy(update=said)


class Lines:
    """Tells what waits, row by row; of the files that a name is in each is read once."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def unit(self, organization_id: str, code: str) -> str:
        """What people call a unit; empty for none."""
        if code and (organization_id, code) not in self._names:
            self._names[organization_id, code] = unit_name(organization_id, code)
        return self._names.get((organization_id, code), "")

    def line(self, row: Row[Any], what: str, *, deed: str = "", key: str = "", **more: Any) -> Waiting:
        """What waits about this matter, with its head."""
        path = f"/matters/{row.number}"
        if deed:
            path = f"{path}/do/{deed}"
        elif key:
            path = f"/decisions/{row.number}/{quote(key)}"
        return Waiting(
            number=row.number,
            reference=row.reference or "",
            title=title(state_of(row)),
            unit=self.unit(row.organization, row.unit),
            what=what,
            path=path,
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
