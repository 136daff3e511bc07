"""After the stories: the week's report, and the scores or the digest of their month, as their DAGs make them."""

from functools import partial

from duban import regulation, schedules
from duban.demo.play import Say
from duban.demo.stories import START
from duban.embedded.bureau import Bureau
from duban.ledger.standing import STATES, State
from duban.schedules import Schedule

#: What is made, in this order; a bureau has those of its regulation.
KINDS = ("weekly_progress", "monthly_scoring", "instruction_digest")


def perform(bureau: Bureau, say: Say = print) -> list[str]:
    """Start a run of each by hand, as in every rehearsal; the numbers of the files.

    The scores stay in their objection window, with the entries for everybody to see. Raises Refusal at what goes wrong.
    """
    law, made = regulation.current(bureau.today()), []
    for kind in KINDS:
        timed = schedules.schedule(kind, law)
        if timed is None or timed.every not in ("week", "month"):
            continue
        form = {"period": _period(bureau, timed)} if timed.every == "month" else {}
        number = bureau.register(form, kind)
        state = bureau.until(f"{number} 出初稿", partial(_at_rest, bureau, number))
        say(f"  {number} {state.title}：{STATES[state.state]}，文书 {len(state.documents)}")
        made.append(number)
    return made


def _period(bureau: Bureau, timed: Schedule) -> str:
    """The month in which the stories begin; the clock goes to the day on which it is due."""
    now = bureau.advance_to(START)
    slot = timed.latest(now)
    while timed.period(slot) < f"{START:%Y-%m}":
        slot = timed.following(slot)
    if due := timed.due(slot):
        bureau.advance_to(due)
    return timed.period(slot)


def _at_rest(bureau: Bureau, number: str) -> State | None:
    state = bureau.state(number)
    return state if not any(state.awaits(step) for step in ("draft", "publish", "papers")) else None
