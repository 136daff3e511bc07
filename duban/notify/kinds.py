"""Which event of the ledger is told as which kind of notice; to whom and in which words says the organization file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from duban.ledger.standing import State


@dataclass(frozen=True, slots=True)
class Happened:
    """What an event says, as far as a notice needs it.

    `unit`: the unit of which it speaks, "" for the matter's own; `to`: the posts and units to which a period file goes.
    """

    number: str
    key: str
    kind: str
    at: datetime
    unit: str = ""
    sent: str | None = None
    effective: str | None = None
    taken_over: bool = False
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice: the events behind it, and whether this one is told given how the matter stands now.

    `while_open`: of no use any more once the matter has ended. `helpers`: for the units that help (协办) as well.
    """

    events: tuple[str, ...]
    told: Callable[[Happened, State], bool] = lambda _event, _state: True
    while_open: bool = True
    helpers: bool = False


def _closed(event: Happened, state: State) -> bool:
    return state.outcome == "closed" and state.closed_at == event.at


def _not_late(event: Happened, _state: State) -> bool:
    return event.sent == "true"  # noticed only after its moment it is not sent any more


def _objecting(_event: Happened, state: State) -> bool:
    return state.awaits("objections") is not None


#: Events with which a matter may end as closed.
_CLOSING = ("approved", "phoned", "visited", "sent_up", "part_closed")
#: The kinds are those of `notifying.yaml`; 待决定 has no event: it is read from what the file awaits.
KINDS: Mapping[str, Kind] = {
    "交办": Kind(("dispatched", "phoned", "released"), helpers=True),
    "领收阅批超时": Kind(("receipt_lapsed", "reading_lapsed")),
    "提醒": Kind(("reminded", "warned"), _not_late),
    "逾期": Kind(("reply_lapsed", "period_lapsed", "own_lapsed")),
    "催办": Kind(("urged", "urged_by_hand")),
    "书面说明": Kind(("demanded",)),
    "退回": Kind(("returned", "period_reopened")),
    "续办": Kind(("further_work",)),
    "新批示": Kind(("instructed",), helpers=True),
    "延期": Kind(
        ("extended", "extension_refused", "extension_objected"), lambda event, _state: event.effective != "false"
    ),
    "重定时限": Kind(("date_set",)),
    "退件不准": Kind(("kept",)),
    "办结": Kind(_CLOSING, _closed, while_open=False, helpers=True),
    "撤销": Kind(("withdrawn",), while_open=False, helpers=True),
    "印发": Kind(("published",), while_open=False),
    "考核初稿": Kind(("drafted",), _objecting),
    "异议裁定": Kind(("objection_decided",)),
}
PUBLISHED, ASKED, ASKED_OF_PERIOD = "印发", "待决定", "期刊待决定"
OF_PERIODS = (PUBLISHED, "考核初稿", "异议裁定", ASKED_OF_PERIOD)
