"""承办、回复: what a unit does with a matter: its report, on file or on paper, and news of progress."""

from datetime import date
from typing import Any

from duban import ledger, numbering
from duban.acts import parts, periods
from duban.acts.act import Act, act
from duban.acts.bounds import refuse_outside
from duban.acts.delivering import refuse_other_channel, refuse_unreceived
from duban.acts.due import due_data, stated_due
from duban.acts.form import is_secret
from duban.acts.papers import attach, looked_through, make, upward_kind
from duban.acts.words import NAME, told
from duban.errors import Refusal
from duban.intake import checking
from duban.intake.checking import CheckReport
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, State
from duban.regulation.vocabulary import CARRIED_OUT
from duban.text import clean, optional, required

#: The posts of the bureau that may have to sign a unit's reply: their holders are known by name.
BUREAU_POSTS = ("chief", "deputy", "leader")
ON_PAPER = "回复不得录入本系统，请报送纸质件，由办公室登记收到。"


def reply(number: str, actor: Actor, name: str, content: bytes, signed_by: str = "") -> State:
    """回复 (T17, T20, T26): the unit's 办结报告 comes in and goes to the office for review.

    The time that counts is now, when the unit sends it. The same file twice is one reply. Raises Refusal for a file
    that is not safe to open, for a state secret (that stays on paper), without the signature that the regulation
    asks for, before receipt, while an earlier reply is under review, and after the end.
    """
    received = looked_through(number, name, content, ON_PAPER)
    with act(number) as it:
        if (known := it.done(f"reply:{it.state.round}")) and known.data.get("sha256") == received.sha256:
            return it.state
        signature = _ready(it, actor, signed_by)
        stored = attach(it, name, content, periods.report_kind(it))
        data = {
            "sha256": stored.sha256,
            "name": stored.name,
            "size": stored.size,
            "kind": received.kind,
            "facts": received.facts,
            # The unit's own paper to the office (LZ-3.4c) says what the report says, as far as a machine can read it.
            "text": received.text_preview or f"办理情况见所附“{stored.name}”。",
            "check": checking.report(received, it.state, it.law, it.org).data(),
        }
        return record_reply(it, actor, data | signature)


def look_before_reply(number: str, actor: Actor, name: str, content: bytes, signed_by: str = "") -> CheckReport:
    """What would be found in this file if it were sent now as the reply; nothing is kept or entered.

    Raises Refusal for all that `reply` refuses.
    """
    received = looked_through(number, name, content, ON_PAPER)
    with act(number) as it:
        _ready(it, actor, signed_by)
        return checking.report(received, it.state, it.law, it.org)


def _ready(it: Act, actor: Actor, signed_by: str) -> dict[str, str]:
    """Refuse a reply that may not come, or not from this person, or not as a file; else who signed it."""
    refuse_other_channel(it, actor)
    refuse_untimely(it)
    if it.law.reply.copies == "paper":
        raise Refusal(f"《{it.law.title}》规定回复报送纸质件，请送办公室，由办公室登记收到。")
    return _signature(it, signed_by)


def reply_on_paper(number: str, actor: Actor, place: str, signed_by: str = "", text: str = "") -> State:
    """The office has the unit's reply on paper (MM-4.4: written or electronic; state secrets only so).

    `place` is where the paper is kept, `text` a few words for the review. Twice is once. Raises Refusal where the
    regulation wants the electronic file too.
    """
    with act(number) as it:
        said = {"place": clean(place), "kind": "paper"}
        if it.state.state == "replied" and it.repeats("replied", said):
            return it.state
        refuse_untimely(it)
        if it.law.reply.copies not in ("either", "paper") and not is_secret(it.state.mark):
            raise Refusal(f"《{it.law.title}》规定回复要有电子文稿，请承办单位报送文件。")
        data = {
            "kind": "paper",  # no file, so no checksum of one: `verify` looks for every one that is named
            "place": required(place, "纸质件存放处", 100),
            "text": told(it, text, "办理情况", wanted=False) or f"办理情况见纸质件（存放在{clean(place)}）。",
        }
        return record_reply(it, actor, data | _signature(it, signed_by))


def record_reply(it: Act, actor: Actor, said: dict[str, Any]) -> State:
    """Enter a reply that has come in, on file or on paper, with the number of the unit's own paper if it has one."""
    number = said["reference"] if it.taken_over else _own_number(it)
    data = said | {"on_time": not it.state.current.lapsed, "reference": number}
    it.record("replied", f"reply:{it.state.round}", actor, it.law.reply.basis.clause, data)
    if data["reference"]:
        make(it, upward_kind(it, "from_unit"))
    return it.state


def refuse_untimely(it: Act) -> None:
    """Refuse a reply before receipt, while another is under review, after the end, and for a declined matter."""
    it.refuse_ended()
    refuse_declined(it)
    refuse_unreceived(it)
    if it.state.state in UNDER_REVIEW:
        raise Refusal(f"督办件 {it.number} 第{it.state.round}轮的回复正在审核，请等审核结果，退回后可重新报送。")
    parts.refuse_reply(it)


def refuse_declined(it: Act) -> None:
    """Refuse what a unit does with a matter of which it says that it is not its own."""
    if it.state.state == "declined":
        raise Refusal(f"督办件 {it.number} 已经退件，请等办公室决定由谁办理。")


def _signature(it: Act, signed_by: str) -> dict[str, str]:
    """Who signed the report (BC-5.6a, LZ-2.6, MM-4.4).

    Where the assessment deducts for a missing signature, a report without one comes in and is scored; elsewhere it
    is refused. A signature that a leader of the bureau has to give is one of those who hold the post today.
    """
    rule = it.law.reply
    name = optional(signed_by, "签字人", NAME)
    words = "、".join(it.org.title(post) for post in rule.signers)
    if not name and not {"unsigned", "format_fault"} & set(it.law.score_items):
        raise Refusal(f"回复须经{words}审核签字（《{it.law.title}》{rule.basis.clause}），请填写“签字人”。")
    if name and all(post in BUREAU_POSTS for post in rule.signers):
        holders = [holder.name for holder in it.org.holders(rule.signers, it.state.unit)]
        if name not in holders:
            raise Refusal(f"回复须经{words}{'或'.join(holders)}审核签字，签字人“{name}”不符，请核对。")
    return {"signed_by": name}


def _own_number(it: Act) -> str:
    """The number of the unit's own paper to the office (LZ-3.4c, 兰公×报), where the regulation has such papers."""
    rule = it.law.upward.get("from_unit")
    if rule is None or rule.series is None:
        return ""
    series, year = it.org.letters(rule.series, it.state.unit), it.now.year
    n = numbering.allocate(it.session, series, year, f"{it.number}/reply:{it.state.round}", number=it.number)
    return f"{series}〔{year}〕{n}号"


def report_progress(
    number: str,
    actor: Actor,
    text: str,
    until: date | None = None,
    carried_out: str = "",
    obstacle: str = "",
    remedy: str = "",
) -> State:
    """进展情况: news of a matter. After an urge it stops the clock of the urge and needs a new date (BC-5.5c, T20).

    It may say whether the matter is carried out, why not, and what is done about it (SK-1.2); what is not carried out
    needs the other two. The same words twice on one day are once.
    """
    with act(number) as it:
        if carried_out and carried_out not in CARRIED_OUT:
            raise Refusal(f"“是否落实”不能是“{carried_out}”，请从{'、'.join(CARRIED_OUT)}中选择。")
        open_ends = carried_out not in ("", CARRIED_OUT[0])
        said = {
            "text": told(it, text, "进展情况"),
            "carried_out": carried_out,
            "obstacle": told(it, obstacle, "未落实的原因", wanted=open_ends),
            "remedy": told(it, remedy, "解决办法", wanted=open_ends),
        }
        # The same words after an urge are an answer to it, not the same request sent again; on another day they are
        # news: things stand as they stood.
        answers = it.state.state == "urged" and stops_urge(it)
        if not answers and it.repeats("progress_reported", said, today=True):
            return it.state
        it.refuse_ended()
        refuse_unreceived(it)
        refuse_declined(it)
        data: dict[str, Any] = said | {"effective": False}
        if it.state.state == "urged" and stops_urge(it):
            if until is None:
                raise Refusal(f"督办件 {number} 已催办，报送进展时请同时写明预计办结的日期。")
            refuse_outside(it, until)
            data |= due_data(stated_due(it, until), it)
        return keep_news(it, "progress_reported", actor, it.law.urge.basis.clause, data)


def stops_urge(it: Act) -> bool:
    """Whether news of progress ends an urge; a regulation may say that only a result does (报来即止)."""
    return not it.law.urge.stopped_by or "progress" in it.law.urge.stopped_by


def keep_news(it: Act, kind: str, actor: Actor, clause: str, data: dict[str, Any]) -> State:
    """News after the deadline: it ends an urge that runs (a result or news of progress stops that clock)."""
    if it.state.state == "urged" and stops_urge(it) and data.get("due_at"):
        data |= {"effective": True}
    nth = len(ledger.events(it.session, it.number, kind)) + 1
    return it.record(kind, f"{kind}:{it.state.round}.{nth}", actor, clause, data)
