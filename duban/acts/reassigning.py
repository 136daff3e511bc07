"""退件、改派: a unit says that a matter is not its own; the office gives it to another or leaves it there (T11b).

The seeds do not speak of it (SK-2.1 complains of units that pass work on to each other); nothing of it deducts points.
"""

from datetime import date, datetime
from typing import Any

from duban import deadlines, ledger, organization
from duban.acts import parts
from duban.acts.act import Act, act
from duban.acts.asking import Answer, Builder, Question, date_field, head, pick_field, table, text_field, title
from duban.acts.beginning import begin
from duban.acts.bounds import refuse_outside
from duban.acts.cases import paper_for
from duban.acts.due import day_of, due_data, heralds, stated_due
from duban.acts.form import checked
from duban.acts.papers import make
from duban.acts.words import told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State

REASSIGN, KEEP = "改派", "仍由原单位办理"
#: The old list is not shown: who asks is not always who may read it.
READERS = "改派时：谁可以知道这件事，要有新单位的人；写姓名，用顿号隔开，代替原来的名单。不填则名单不变。"
#: By notice, or by a call (T10, T7p).
HANDED_OVER = ("dispatched", "phoned")


def decline(number: str, actor: Actor, reason: str) -> State:
    """退件 (T11b): the unit says, before it handles the matter, that it is not its own; the office decides.

    Until it has, nothing lapses. Twice is once. Raises Refusal once the unit is at work, and when the office has
    already left the matter with it.
    """
    with act(number) as it:
        said = {"reason": told(it, reason, "退件理由"), "unit": it.state.unit}
        if it.state.state == "declined" and it.repeats("declined", said):
            return it.state
        it.refuse_ended()
        if it.state.state == "declined":
            raise Refusal(f"督办件 {number} 已经退件，请等办公室决定由谁办理。")
        key = f"decline:{it.state.assignment}"
        if it.done(key) is not None:
            raise Refusal(f"督办件 {number} 退过一次，办公室已决定仍由你单位办理，请按期办理。")
        if not _untouched(it):
            raise Refusal(f"督办件 {number} 目前不能退件：只有交办以后、阅批办理以前可以退，其他情况请与办公室联系。")
        return it.record("declined", key, actor, it.law.registration.basis.clause, said)


def _untouched(it: Act) -> bool:
    """Whether the unit has not begun: nobody there has read it; where the rules know no reading, nothing came yet."""
    if it.state.awaits("reply") is None:
        return False
    if it.law.laid_down("阅批"):
        return it.state.state in ("dispatched", "received")
    news = ("progress_reported", "period_reported", "extended", "extension_requested")
    begun = any(event.round == it.state.round for event in ledger.events(it.session, it.number, *news))
    first = it.state.current.opened_by == "dispatched"
    return it.state.state in ("dispatched", "received", "in_progress") and first and not begun


def _reassign(state: State, _desk: str) -> Question:
    org = organization.load(state.organization)
    others = [unit.short for code, unit in org.units.items() if code != state.unit]
    said = state.declined
    rows = [*head(state), ("退件单位", org.unit(state.unit).name), ("退件理由", said.get("reason", ""))]
    rows.append(("原定时限", str(state.current.due_on)))
    named = {"readers": text_field("知情人员", READERS)} if state.form.get("readers") else {}
    return Question(
        subject=f"退件待定：{state.reference} {title(state)}",
        body=table(rows),
        options=(REASSIGN, KEEP),
        posts=("office",),
        fields={
            "unit": pick_field("改派给", others, "改派时必选。通知单重新送审签发，时限从再次下达起算。"),
            "reason": text_field("理由", "必填，告知有关单位。", lines=True),
            "due_on": date_field(
                "办理期限",
                "仍由原单位办理时：不填则原时限不变，余下时间少于退回补办时限的按退回补办时限；改派时：写明期限的事项可另定。",
            ),
            **named,
        },
    )


def _reassigned(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    reason, day = told(it, fields.get("reason"), "理由"), day_of(fields.get("due_on"))
    clause = it.law.registration.basis.clause
    said: dict[str, Any] = {"option": option, "reason": reason}
    if option == KEEP:
        if day:
            refuse_outside(it, day)
        due = due_data(stated_due(it, day)) if day else _due_if_kept(it)
        ahead = heralds(it, date.fromisoformat(due["due_on"]), datetime.fromisoformat(due["due_at"]), moved=True)
        return it.record("kept", key, actor, clause, said | due | {"heralds": ahead} | _taking(it))
    if not fields.get("unit"):
        raise Refusal("改派要写明给哪个单位，请填写“改派给”。")
    unit = it.org.complete(str(fields["unit"]), it.law.duty, it.now.date())
    if unit.code == it.state.unit:
        raise Refusal(f"“改派给”{unit.short}就是退件的单位，请另选单位，或选“{KEEP}”。")
    others = [code for code in it.state.cohandlers if code != unit.code]
    changes: dict[str, Any] = {"unit": unit.code} | ({"cohandlers": others} if it.state.cohandlers else {})
    if day:
        changes["due_on"] = day.isoformat()
    if it.state.form.get("readers") and fields.get("readers"):
        changes["readers"] = fields["readers"]
    form = checked({**it.state.form, **changes}, it.law, it.org, it.now, it.state.form)
    moved = {"unit": unit.code, "from_unit": it.state.unit, "form": form}
    it.record("reassigned", key, actor, clause, said | moved)
    if it.state.parent:
        parent = parts.opened(it, it.state.parent)
        parent.record(
            "part_reassigned", f"part:{it.number}:{key}", actor, clause, {"number": it.number, "unit": unit.code}
        )
    make(it, paper_for(it, "改派"))
    return begin(it, actor)


def _due_if_kept(it: Act) -> dict[str, Any]:
    """The old deadline, which the time that the office took must not eat up: at least the limit of a return is left.

    Where the regulation has no such limit and the old date has passed, the office has to write one.
    """
    current, limit = it.state.current, it.law.returns.limit
    least = deadlines.due(limit, it.now, it.law) if limit else None
    if least is not None and least.at > current.due_at:
        return due_data(least)
    if current.due_at <= it.now:
        raise Refusal(f"督办件 {it.number} 的时限 {current.due_on} 在退件期间已过，请填写“办理期限”。")
    return {"due_on": current.due_on.isoformat(), "due_at": current.due_at.isoformat()}


def _taking(it: Act) -> dict[str, str]:
    """The limits of receipt and reading run afresh from the decision, for what is neither done nor missed yet."""
    limits = {"receipt": it.law.receipt.limit, "reading": it.law.reading.limit}
    known = ledger.events(it.session, it.number, *HANDED_OVER)[-1]
    if "receipt_due_at" not in known.data:
        del limits["receipt"]  # this kind of notice has no such limit
    return {
        f"{kind}_due_at": deadlines.due(limit, it.now, it.law).at.isoformat()
        for kind, limit in limits.items()
        if limit is not None and (key := it.state.awaits(kind)) and it.done(f"lapse:{key}") is None
    }


QUESTIONS: dict[str, Builder] = {"reassign": _reassign}
ANSWERS: dict[str, Answer] = {"reassign": _reassigned}
