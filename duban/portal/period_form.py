"""The form of a period 期 that is started by hand: which one; checked at the door, before a run exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from duban import clock, ledger, periodicals, regulation
from duban.errors import Refusal
from duban.ledger import State
from duban.orchestration.periods import PERIOD, default_period

_LATER = {"year_end_archive": "后来补的材料，请在服务器上运行 duban archive --year {period} --out 文件夹 补进归档包"}
"""Where what came after the period's end goes, unless into the next one."""


def opened(kind: str, form: Mapping[str, Any], key: str) -> State:
    """Open the period file that the form asks for, or find it; ``key`` makes the same form the same file.

    Raises Refusal for other fields, a period that is none or not over yet, and one that was published already.
    """
    if more := sorted(set(form) - {PERIOD}):
        raise Refusal(f"只填“期”一项，不认识“{'、'.join(more)[:80]}”，请去掉再试。")
    said = form.get(PERIOD)
    if said is not None and not isinstance(said, str):
        raise Refusal("“期”应为文字，如 2026-03，请改正。")
    with ledger.transaction() as session:
        now = clock.now(session)
    period = (said or "").strip() or default_period(kind, regulation.current(now.date()), now)
    # A period has one file, whoever asks for it. Of bulletins there may be several; a second click is the same one.
    number = periodicals.open(kind, period, run_key=f"{key}/{period}" if kind == "bulletin" else "")
    with ledger.transaction() as session:
        state = ledger.state(session, number)
    if not state.awaiting:
        later = _LATER.get(kind, "后来记入的，在下一期反映").format(period=period)
        raise Refusal(f"{state.title}（{number}）已经办完，同一期不再办；{later}。")
    return state
