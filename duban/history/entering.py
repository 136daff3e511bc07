"""How a matter was signed, handed over, taken, declined or given to another unit (签发–督办记录)."""

from typing import Any

from duban import acts
from duban.acts import OPERATOR
from duban.acts.form import is_secret
from duban.acts.reassigning import KEEP, REASSIGN
from duban.errors import Refusal
from duban.history.turn import UNSAID, Turn, defaults, refuse_before


def signed(turn: Turn) -> None:
    """签发: everybody before the dispatch has agreed."""
    before = turn.state()
    while key := next((one for one in before.awaiting if one.partition(".")[0] in ("propose", "sign")), None):
        question = acts.question(before, key)
        desk = key.rpartition(":")[0].partition(".")[2]
        option = question.options[0]  # the word that passes it: 同意, 签发, 阅示, 审批
        before = acts.decide(turn.number, key, option, defaults(question), OPERATOR)
        if key in before.awaiting:
            raise Refusal(f"“{desk}”签不了这一件")


def dispatched(turn: Turn) -> None:
    """下达, with the signatures before it and, where nothing else is said, receipt and reading at once."""
    if turn.matter.parent and turn.state().rounds and not turn.state().awaits("deliver"):
        return  # handed out with its parent
    signed(turn)
    state = turn.state()
    if key := state.awaits("phone"):
        fields = defaults(acts.question(state, key))
        acts.decide(
            turn.number, key, "已电话下达", fields | {"callee_post": fields["callee_post"] or "联络员"}, OPERATOR
        )
    elif state.awaits("visit"):
        raise Refusal("这一件要先到现场，请在“下达”之前补一行“督办记录”")
    elif state.awaits("deliver"):
        acts.deliver(turn.number)
    else:
        raise Refusal("这一件已经下达，不能再下达一次；退回、续办、新批示的请用那些词")
    state = turn.state()
    if key := state.awaits("call"):
        acts.decide(turn.number, key, "已电话通知", defaults(acts.question(state, key)), OPERATOR)
    following = turn.ahead[: turn.ahead.index("下达")] if "下达" in turn.ahead else turn.ahead
    if following and "领收" not in following:
        taken(turn, following)


def taken(turn: Turn, following: tuple[str, ...]) -> None:
    """领收 and, unless the unit sends the matter back or its reading has its own row, 阅批 at once."""
    if turn.state().awaits("receipt"):
        acts.receive(turn.number, OPERATOR, turn.get("by") if turn.step.deed.word == "领收" else "")
    if following and not {"阅批", "退件", "改派", "维持原单位"} & {*following}:
        _read(turn)


def received(turn: Turn) -> None:
    """领收."""
    if turn.state().received_at is not None:
        raise Refusal("这一件已经领收")
    refuse_before(turn)
    taken(turn, turn.ahead[: turn.ahead.index("下达")] if "下达" in turn.ahead else turn.ahead)


def _read(turn: Turn) -> None:
    if turn.state().awaits("reading"):
        acts.read(turn.number, OPERATOR)


def read(turn: Turn) -> None:
    """阅批."""
    refuse_before(turn)
    acts.read(turn.number, OPERATOR, turn.get("by"), "" if is_secret(turn.state().mark) else turn.get("text"))


def declined(turn: Turn) -> None:
    """退件."""
    refuse_before(turn)
    acts.decline(turn.number, OPERATOR, turn.text())


def reassigned(turn: Turn) -> None:
    """改派: to another unit; the notice is signed and dispatched anew."""
    _office_decides(turn, REASSIGN, {"unit": turn.step.row.values["units"][0]})


def kept(turn: Turn) -> None:
    """维持原单位."""
    _office_decides(turn, KEEP, {"due_on": turn.until()})


def _office_decides(turn: Turn, option: str, fields: dict[str, Any]) -> None:
    refuse_before(turn)
    if turn.state().awaits("reassign") is None:
        acts.decline(turn.number, OPERATOR, turn.text())
    key = turn.state().awaits("reassign")
    assert key  # it has just been declined
    acts.decide(turn.number, key, option, {"reason": turn.text(), **fields}, OPERATOR)


def visited(turn: Turn) -> None:
    """督办记录 of what was done on site, covertly or jointly."""
    state = turn.state()
    key = state.awaits("visit") or state.awaits("joint_record")
    said = {"people": turn.get("by") or UNSAID, "place": UNSAID, "on": turn.step.at.date()}
    content = {name: turn.text() if name == "findings" else UNSAID for name in ("findings", "causes", "measures")}
    said |= {} if is_secret(state.mark) else content
    partners = "、".join(state.form.get("partners", ())) or UNSAID
    if key is None:
        acts.visit(turn.number, OPERATOR, **said, partners=partners)
        return
    question = acts.question(state, key)
    option = question.options[-1] if "办结" in turn.get("reason") else question.options[0]
    acts.decide(turn.number, key, option, {**said, "partners": partners}, OPERATOR)
