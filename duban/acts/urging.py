"""催办、书面说明: what the office does about a matter that is late, or soon will be (T19–T22, A25)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from duban import deadlines, ledger, numbering, regulation
from duban.acts import parts
from duban.acts.act import SYSTEM, Act, act, post_name
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.bounds import refuse_outside
from duban.acts.cases import open_case, paper_for
from duban.acts.due import day_of, due_data, stated_due
from duban.acts.handling import refuse_declined
from duban.acts.papers import make
from duban.acts.words import NAME, told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, State
from duban.regulation import vocabulary
from duban.text import required

NEW_DATE = {"确定新时限": "set"}
#: Where the regulation leaves it to the office whether to urge: option -> how.
URGE = {"发催办单": "document", "电话催办": "phone", "其他方式催办": "other", "暂不催办": ""}
HOW = {code: words for words, code in vocabulary.URGE_FORMS.items()}

#: To the next whole minute: a sentence that says when must not name a moment that is too early.
UP = timedelta(seconds=59, microseconds=999999)
#: The series of 催办文号 in the organization file.
SERIES_URGE = "催办"
#: Consequence -> what its paper is for (用于 in 文书.yaml).
CONSEQUENCES = {"account": "书面说明", "accountability": "问责登记"}


def urge(number: str) -> State:
    """催办 (T19): the urge goes out, with its paper and its short clock where the rule has them. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("urge"):
            rule, key = it.law.urge, f"urge:{it.state.round}"
            due = due_data(deadlines.due(rule.grace, it.now, it.law)) if rule.grace else {}
            it.record("urged", key, SYSTEM, rule.basis.clause, due | _paper_data(it, key, rule.document))
            make(it, rule.document)
        return it.state


def _paper_data(it: Act, key: str, document: str | None) -> dict[str, Any]:
    """How the urge is made, and the number of its paper (催办文号); none where there is no paper."""
    if document is None:
        return {"how": "other", "document": "", "reference": ""}
    if SERIES_URGE not in it.org.series:
        raise Refusal(f"机构文件里没有“{SERIES_URGE}”的机关代字，《{document}》编不了号，请在“机关代字”里补上。")
    n = numbering.allocate(it.session, SERIES_URGE, it.now.year, f"{it.number}/{key}", number=it.number)
    reference = f"{it.org.series[SERIES_URGE]}〔{it.now.year}〕{n}号"
    return {"how": "document", "document": document, "reference": reference}


def nth_urge(it: Act) -> str:
    """The number in the keys of the next urge of this round: the round, and from the second on which one (2, 2.2 …)."""
    known = ledger.events(it.session, it.number, "urged", "urge_deferred")
    asked = sum(event.round == it.state.round for event in known)
    return f"{it.state.round}.{asked + 1}" if asked else str(it.state.round)


def _asks(it: Act) -> bool:
    """Whether the office is asked if it urges: the rule says so, or says nothing of urging."""
    return it.law.urge.discretionary or not it.law.laid_down("催办")


def _urge_day(it: Act, key: str, at: datetime) -> None:
    data = {"due_at": at.isoformat(), "ask": nth_urge(it) if _asks(it) else ""}
    it.record("urge_day_came", f"lapse:{key}", SYSTEM, it.law.urge.basis.clause, data, at=at)


def _urged_reply(it: Act, key: str, at: datetime) -> None:
    """T21: urged, and nothing came: what the rule lays down follows; else the office is asked again."""
    rule = it.law.urge
    data = {"due_at": at.isoformat(), "then": list(rule.then)}
    data["ask"] = nth_urge(it) if _asks(it) and "account" not in rule.then else ""
    it.record("urged_reply_lapsed", f"lapse:{key}", SYSTEM, rule.basis.clause, data, at=at)
    if "accountability" in rule.then:
        # A divided matter is owed by the units whose parts are open, not by the lead (MM-3.4, LZ-2.5).
        for unit in parts.answerable(it):
            case = f"case:{key}" if unit == it.state.unit else f"case:{key}.{unit}"
            open_case(it, case, SYSTEM, rule.basis.clause, "urged_reply_lapsed", unit, at=at)


#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {"urge_day": _urge_day, "urged_reply": _urged_reply}


def urge_by_hand(number: str, actor: Actor, how: str, text: str, on: date | None = None) -> State:
    """The office urges of its own accord, on the phone, with a paper or otherwise (MM-4.3, LZ-3.3, SK-2.2, T13).

    It starts no clock. Raises Refusal for a form of urging that the regulation does not know, for a paper before the
    deadline where the regulation has it only after, and before the interval since the last urge is over; the
    sentence names when the next is possible. The same urge twice is one.
    """
    with act(number) as it:
        rule = it.law.urge
        said = {"how": how, "text": told(it, text, "催办内容")}
        if it.repeats("urged_by_hand", said) and _just_now(it):
            return it.state
        it.refuse_ended()
        refuse_declined(it)
        if it.state.state in UNDER_REVIEW or it.state.state not in WITH_UNIT:
            raise Refusal(f"督办件 {number} 目前不在承办单位手里，不需要催办。")
        _refuse_form(it, how)
        if not _interval_over(it):
            raise Refusal(
                f"督办件 {number} 在 {_minute(it.state.urged_at)} 催办过，{_minute(_next_urge(it), UP)} 以后才能再催。"
            )
        nth = 1 + len(ledger.events(it.session, number, "urged_by_hand"))
        key = f"urged_by_hand:{nth}"
        document = rule.document if how == "document" else None
        data = {"by": actor.name} | _paper_data(it, key, document) | said
        if on is not None:
            data |= {"wanted_on": stated_due(it, on).on.isoformat()}
        it.record("urged_by_hand", key, actor, rule.basis.clause or it.law.tracking.basis.clause, data)
        make(it, document, nth=f"h{nth}")
        return it.state


def _refuse_form(it: Act, how: str) -> None:
    rule = it.law.urge
    if how not in HOW:
        raise Refusal(f"“催办形式”{f'不能是“{how}”' if how else '没有选择'}，请从{'、'.join(HOW.values())}中选择。")
    if rule.forms and how not in rule.forms:
        allowed = "、".join(HOW[form] for form in rule.forms)
        raise Refusal(f"《{it.law.title}》{rule.basis.clause}没有规定用“{HOW[how]}”催办，可用：{allowed}。")
    if how != "document":
        return
    if rule.document is None:
        raise Refusal(f"《{it.law.title}》没有规定催办文书，请用电话或其他形式催办并登记。")
    if not (rule.before_due or it.state.current.lapsed):
        raise Refusal(
            f"督办件 {it.number} 还没有到期（{it.state.due_on}），到期前不发《{rule.document}》，可电话催办。"
        )


def _next_urge(it: Act) -> datetime | None:
    """When the next urge by hand is possible (最短间隔); None: now."""
    interval, last = it.law.urge.min_interval, it.state.urged_at
    return deadlines.due(interval, last, it.law).at if interval and last else None


def _just_now(it: Act) -> bool:
    """Whether the last urge is so fresh that the same one again is the same request sent twice."""
    last = it.state.urged_at
    return last is not None and (last.date() == it.now.date() or not _interval_over(it))


def _interval_over(it: Act) -> bool:
    again = _next_urge(it)
    return again is None or again <= it.now


def _minute(at: datetime | None, up: timedelta = timedelta()) -> str:
    return f"{at + up:%Y-%m-%d %H:%M}" if at else ""


def _urge(state: State, _desk: str) -> Question:
    rule = regulation.load(state.regulation).urge
    options = [
        option
        for option, how in URGE.items()
        if (how != "document" or rule.document) and (not how or not rule.forms or how in rule.forms)
    ]
    late = f"时限 {state.current.due_on} 已过，没有收到回复。是否催办、怎样催办，由办公室决定。"
    return Question(
        subject=f"是否催办：{state.reference} {title(state)}",
        body=table([*head(state), ("说明", late)]),
        options=tuple(options),
        posts=("office",),
        fields={
            "text": text_field("催办内容", "电话催办时写明受话人和答复；暂不催办时写明原因。", lines=True),
            "due_on": date_field("限期", "催办单上的期限，发催办单时必填；暂不催办时为再议的日期。"),
        },
    )


def _urge_answered(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    rule, how, nth = it.law.urge, URGE[option], key.rpartition(":")[2]
    day = day_of(fields.get("due_on"))
    data: dict[str, Any] = {"option": option, "nth": nth, "by": actor.name}
    data["text"] = told(it, fields.get("text"), "催办内容" if how == "phone" else "原因", wanted=how in ("phone", ""))
    clause = rule.basis.clause or it.law.tracking.basis.clause
    if not how:
        due = stated_due(it, day) if day else None
        again = f"{it.state.round}.{int(nth.partition('.')[2] or 1) + 1}"
        data |= {"ask_at": due.at.isoformat() if due else "", "again": again}
        return it.record("urge_deferred", key, actor, clause, data)
    if how == "document" and day is None:
        raise Refusal("催办单要写明期限，请填写“限期”。")
    due_said = due_data(stated_due(it, day)) if day else {}
    document = rule.document if how == "document" else None
    it.record("urged", key, actor, clause, data | due_said | _paper_data(it, key, document) | {"how": how})
    make(it, document, nth=nth.partition(".")[2])
    return it.state


def demand_account(number: str) -> State:
    """书面说明 (T21): the head of the unit is asked for a written account; the case is entered. Safe to run twice."""
    with act(number) as it:
        if it.state.awaits("demand"):
            data = {"to": account_to(it)}
            it.record("demanded", f"demand:{it.state.round}", SYSTEM, it.law.urge.basis.clause, data)
            for consequence in it.law.urge.then:
                if word := CONSEQUENCES.get(consequence):
                    make(it, paper_for(it, word))
        return it.state


def account_to(it: Act) -> list[str]:
    """Whom the written account goes to; without an instructing leader, the post that stands in for one (A26)."""
    rule = it.law.urge
    leader = it.state.form.get("instruction_by")
    posts = [
        rule.without_leader or post if post == "instructing_leader" and not leader else post for post in rule.account_to
    ]
    return [str(leader) if post == "instructing_leader" else post_name(post) for post in posts]


def account(number: str, actor: Actor, text: str, signed_by: str) -> State:
    """The written account of the unit's head comes in (T22); the office then sets a new date."""
    with act(number) as it:
        wanted = it.state.awaits("account") or it.state.awaits("demand")
        if not wanted and it.repeats("accounted", {"text": told(it, text, "情况说明")}):
            return it.state
        it.refuse_ended()
        if not wanted:
            raise Refusal(f"督办件 {number} 目前不需要书面情况说明。")
        data = {"text": told(it, text, "情况说明"), "signed_by": required(signed_by, "主要领导签字", NAME)}
        return it.record("accounted", f"account:{it.state.round}", actor, it.law.urge.basis.clause, data)


def _new_date(state: State, _desk: str) -> Question:
    return Question(
        subject=f"重定办理时限：{state.reference} {title(state)}",
        body=table([*head(state), ("说明", "承办单位主要领导已报送书面情况说明，请确定新的办理时限。")]),
        options=tuple(NEW_DATE),
        posts=("office",),
        fields={"due_on": date_field("新的办理时限", "必填。"), "requirement": text_field("要求", lines=True)},
    )


def _date_set(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    day = day_of(fields.get("due_on"))
    if day is None:
        raise Refusal("“新的办理时限”没有填写，请补充后再提交。")
    refuse_outside(it, day)
    due = due_data(stated_due(it, day), it)
    data = due | {"option": option, "requirement": told(it, fields.get("requirement"), "要求", wanted=False)}
    return it.record("date_set", key, actor, it.law.urge.basis.clause, data)


QUESTIONS: dict[str, Builder] = {"urge.office": _urge, "new_date": _new_date}
ANSWERS: dict[str, Answer] = {"urge.office": _urge_answered, "new_date": _date_set}
