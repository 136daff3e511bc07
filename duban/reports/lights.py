"""灯号: which light an open matter has, by the reminders or the steps of urging that its regulation lays down.

Where a regulation urges in steps (分级), the light is the colour of the last step that was due; where it
only reminds (到期提醒), yellow begins with the first reminder and red when the deadline has passed; else there are only
green and red.
"""

from collections.abc import Iterable
from datetime import date, datetime

from duban import deadlines, regulation
from duban.errors import Refusal
from duban.regulation import Regulation
from duban.statistics.asof import Standing

#: All lights, the least urgent first; the last two are none: no clock runs, or it may not be shown.
LIGHTS = {"green": "绿灯", "yellow": "黄灯", "orange": "橙灯", "red": "红灯", "none": "不计时", "secret": "不列灯号"}
#: A step of urging shows its colour in its name.
COLOURS = {"绿": "green", "黄": "yellow", "橙": "orange", "红": "red"}
NO_CLOCK = "呈批、审核、改派和延期待批的不计时；涉密件和指定人员阅看的只列编号、密级和承办单位，不列灯号。"


class Lights:
    """The lights of many matters; of the moments of a due date each is worked out once."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, date, datetime], list[tuple[datetime, str]]] = {}
        self.gaps: set[str] = set()  # what a missing calendar kept from being worked out

    def of(self, one: Standing) -> str:
        """The light of an open matter, a key of LIGHTS."""
        if one.withheld:
            return "secret"
        if one.due_on is None or one.due_at is None or (one.runs_until is None and not one.overdue):
            return "none"
        return self.at(one.regulation, one.due_on, one.due_at, one.moment)

    def at(self, law_id: str, due_on: date, due_at: datetime, moment: datetime) -> str:
        """The light at a moment (aware) of a clock that runs until `due_at`, by this regulation."""
        passed = [colour for at, colour in self._of_due(law_id, due_on, due_at) if at <= moment]
        return max(passed, key=tuple(LIGHTS).index, default="green")

    def _of_due(self, law_id: str, due_on: date, due_at: datetime) -> list[tuple[datetime, str]]:
        known = self._steps.get((law_id, due_on, due_at))
        if known is None:
            known = self._steps[law_id, due_on, due_at] = list(self._worked_out(law_id, due_on, due_at))
        return known

    def _worked_out(self, law_id: str, due_on: date, due_at: datetime) -> Iterable[tuple[datetime, str]]:
        try:
            law = regulation.load(law_id)
            if not any(step.when.side == "after" for step in law.urge.warnings):
                yield due_at, "red"
            for step in law.urge.warnings:
                yield deadlines.moment(step.when, due_on, due_at, law), _colour(step.name, step.when.side)
            if not law.urge.warnings:
                for limit in law.tracking.reminders:
                    yield deadlines.before(limit, due_on, due_at, law), "yellow"
        except Refusal as gap:  # a year without published holidays, a file that is gone: the report says so and comes
            self.gaps.add(str(gap))
            yield due_at, "red"


def _colour(name: str, side: str) -> str:
    said = next((colour for word, colour in COLOURS.items() if word in name), None)
    return said or ("red" if side == "after" else "yellow")


def shown(law: Regulation) -> dict[str, str]:
    """The lights that a regulation has: orange only where a step of urging is orange."""
    orange = any(_colour(step.name, step.when.side) == "orange" for step in law.urge.warnings)
    return {key: name for key, name in LIGHTS.items() if key != "orange" or orange}


def told(law: Regulation) -> str:
    """The sentence on the page that says by which rule the lights are given."""
    title = f"《{law.title}》"
    if law.urge.warnings:
        steps = "，".join(
            f"{_when(step.when.side, str(step.when.limit or ''))}{LIGHTS[_colour(step.name, step.when.side)]}"
            f"（{step.name}）"
            for step in law.urge.warnings
        )
        late = "" if any(step.when.side == "after" for step in law.urge.warnings) else "，逾期红灯"
        return f"灯号依{title}{law.urge.basis.clause}：{steps}{late}，其余绿灯。{NO_CLOCK}"
    if law.tracking.reminders:
        first = "、".join(str(limit) for limit in law.tracking.reminders)
        basis = law.tracking.basis.clause
        return f"灯号依{title}{basis}：从到期提醒（到期前{first}，以先到的为准）起黄灯，逾期红灯，其余绿灯。{NO_CLOCK}"
    return f"{title}没有规定到期提醒，不设黄灯：逾期红灯，其余绿灯。{NO_CLOCK}"


def _when(side: str, limit: str) -> str:
    return {"before": f"到期前{limit}起", "on": "到期当日起", "after": f"到期后{limit}起"}[side]
