"""What a notice says: one sentence, and where to look. Of what may not be named, its number and nothing else."""

from datetime import date, datetime

from duban import clock
from duban.acts.waiting import WORDS, asked_of
from duban.errors import Refusal
from duban.ledger.standing import STATES, State
from duban.organization import Organization
from duban.organization.notifying import Notifying

TITLE = "督办通知"
REHEARSAL = "【演练】"
NO_MARK = ("", "无")
_HARMLESS = str.maketrans({"<": "〈", ">": "〉", "@": "＠", "\r": " ", "\n": " ", "\t": " "})  # no channel may obey it


def hidden(state: State) -> bool:
    """Whether nothing but its number may be named: any mark, covert and not released, or for named readers only.

    内部 counts as well: a message leaves the house.
    """
    if state.periodical is not None:
        return False
    return state.mark not in NO_MARK or not state.released or bool(state.form.get("readers"))


def sentence(org: Organization, state: State, kind: str, key: str) -> str:
    """The words of one notice as the matter stands now, with the address of its page; one line."""
    said = org.notifying
    page = _page(said, state)
    if hidden(state):
        return _plain(said.hidden.format(编号=state.number)) + page
    return _plain(said.words[kind].format(**_values(org, state, key))) + page


def _values(org: Organization, state: State, key: str) -> dict[str, str]:
    values = {"编号": state.number, "事项": _decision(state, key)}
    if (period := state.periodical) is not None:
        return values | {"期": state.title, "期限": _day(period.objections_until) if period.objections_until else ""}
    try:
        unit = org.unit(state.unit).short
    except Refusal:
        unit = state.unit
    due = f"{_day(state.due_on)}" if state.due_on else "以台账为准"
    return values | {"文号": state.reference or state.number, "标题": state.title, "单位": unit, "期限": due}


def _decision(state: State, key: str) -> str:
    asked = asked_of(key.removeprefix("ask:"))
    return WORDS.get(asked[0], STATES[state.state]) if asked else STATES[state.state]


def _page(said: Notifying, state: State) -> str:
    if not said.address:
        return ""
    scores = state.type == "monthly_scoring"
    where = f"/scores/{state.number}" if scores else "" if state.periodical is not None else f"/matters/{state.number}"
    return f" {said.address}{where}"


def _day(day: date | datetime) -> str:
    if isinstance(day, datetime):
        at = day.astimezone(clock.SHANGHAI)
        return f"{at.month}月{at.day}日{at.hour}时" + (f"{at.minute}分" if at.minute else "")
    return f"{day.month}月{day.day}日"


def _plain(words: str) -> str:
    return " ".join(words.translate(_HARMLESS).split())


def message(lines: list[str], *, rehearsal: bool) -> str:
    """The body of a message that tells these lines: one as it stands, several numbered."""
    body = lines[0] if len(lines) == 1 else "\n".join(f"{n}. {line}" for n, line in enumerate(lines, start=1))
    return f"{REHEARSAL if rehearsal else ''}{body}"


def title(*, rehearsal: bool) -> str:
    """The subject of a mail; it says nothing of any matter."""
    return f"{REHEARSAL if rehearsal else ''}{TITLE}"
