"""What is put on record beside the way of a matter: praise, criticism, a leak, coordination, follow-up visits, cases.

None of it moves a matter; what it adds to or takes from a unit is read from these events (BC-7, A5, A11, A12).
"""

from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from duban import ledger
from duban.acts.act import Act, act
from duban.acts.cases import make_case_paper, open_case, paper_for
from duban.acts.papers import make
from duban.acts.words import NAME, told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.counting import count, counting_gate
from duban.ledger.standing import BEFORE_DISPATCH, UNDER_REVIEW, State
from duban.regulation import vocabulary
from duban.text import optional, required

PRAISE = ("praised_in_bulletin", "praised_by_chief", "praised_above")
CRITICISM = ("criticised", "criticised_above")
#: What counts towards the third bulletin (BC-5.10d): criticism, or whatever names the unit in a bulletin.
COUNTED = {"criticism": ("criticised",), "any": ("criticised", "praised")}
#: What 说明单位 calls the unit that handles the matter.
HANDLING_UNIT = "承办单位"


def praise(number: str, actor: Actor, level: str, reason: str, bulletin: str = "", unit: str = "") -> State:
    """表扬 (BC-5.10b, 7.2): by a bulletin, the chief's instruction or somebody above. The same one twice is one."""
    with act(number) as it:
        said = _named(it, level, reason, bulletin, unit, PRAISE)
        if (key := _fresh(it, "praised", said)) is None:
            return it.state
        return it.record("praised", key, actor, clause_of(it, level), said)


def criticise(number: str, actor: Actor, level: str, reason: str, bulletin: str = "", unit: str = "",
              others: tuple[str, ...] = ()) -> State:  # fmt: skip
    """批评 (BC-5.10c, 7.1.5): by a bulletin of the bureau or by somebody above. The same one twice is one.

    The criticism that fills the regulation's number (BC-5.10d: three in a calendar year, A5) opens a case on this
    matter, and so does one from above where the rule says so; `others`: the units that account for it beside the one
    that handled the matter (责任部门, BC-7.1.5).
    """
    with act(number) as it:
        said = _named(it, level, reason, bulletin, unit, CRITICISM)
        if (key := _fresh(it, "criticised", said)) is None:
            return it.state
        # Two at once on one unit: the second waits here and counts the first.
        counting_gate(it.session, said["unit"])
        item = it.law.score_items.get(level)
        follows = list(item.then) if item else []
        it.record("criticised", key, actor, clause_of(it, level), said | {"then": follows})
        _case_of_criticism(it, key, actor, said, follows, others)
        case_of_number(it, actor, said["unit"])
        return it.state


def _named(it: Act, level: str, reason: str, bulletin: str, unit: str, levels: tuple[str, ...]) -> dict[str, Any]:
    if it.state.state in BEFORE_DISPATCH:
        raise Refusal(f"督办件 {it.number} 尚未下达，没有可以通报的办理情况。")
    known = [one for one in levels if one in it.law.score_items or (one == levels[0] and it.law.laid_down("通报"))]
    if level not in known:
        words = "、".join(vocabulary.SCORED_WORDS[one] for one in known) or "无"
        if not level:
            raise Refusal(f"“级别”没有选择，可选：{words}。")
        raise Refusal(
            f"《{it.law.title}》没有“{vocabulary.SCORED_WORDS.get(level, level[:40])}”这一级，可选：{words}。"
        )
    return {
        "level": level,
        "reason": told(it, reason, "理由"),
        "bulletin": optional(bulletin, "通报或批示文号", NAME),
        "unit": it.org.unit(unit).code if unit else it.state.unit,
    }


def clause_of(it: Act, level: str) -> str:
    """The clause on which praise or criticism of this level stands."""
    item = it.law.score_items.get(level)
    return item.basis.clause if item else it.law.bulletin.basis.clause


def _fresh(it: Act, kind: str, said: dict[str, Any]) -> str | None:
    """The key of a new event of this kind; None when one says just this already.

    The same words in another month's bulletin are another criticism (BC-5.10d counts them): without the bulletin's
    number it is the day that tells them apart.
    """
    earlier = ledger.events(it.session, it.number, kind)
    same = [event for event in earlier if event.data.items() >= said.items()]
    if said.get("bulletin") == "":
        same = [event for event in same if event.at.date() == it.now.date()]
    if same:
        return None
    return f"{kind}:{len(earlier) + 1}"


def _case_of_criticism(
    it: Act, key: str, actor: Actor, said: dict[str, Any], follows: list[str], others: tuple[str, ...]
) -> None:
    """What the item of the assessment lays down beyond the points: a case, an account to the party committee."""
    if not {"accountability", "account_to_party"} & set(follows):
        return
    item = it.law.score_items[said["level"]]
    units = [said["unit"], *(it.org.unit(other).code for other in others)]
    if "account_to_party" in follows and len(item.account_by) > 1 and not others:
        named = "、".join(one for one in item.account_by if one != HANDLING_UNIT)
        raise Refusal(
            f"《{it.law.title}》{item.basis.clause}规定{named}也要书面说明，请填写是哪个单位；就是承办单位的也请写明。"
        )
    owes = list(dict.fromkeys(units)) if "account_to_party" in follows else []
    case = f"case:{key}"
    open_case(it, case, actor, item.basis.clause, said["reason"], said["unit"], owes=owes)
    if "accountability" in follows:
        make_case_paper(it, case)
    if owes:
        make(it, paper_for(it, "向党委说明"), nth=case)


def case_of_number(it: Act, actor: Actor, unit: str) -> None:
    """BC-5.10d: so many criticisms of one unit in the period, and its head answers for it; once a period (A5)."""
    rule = it.law.bulletin
    if rule.limit_times is None or "accountability" not in rule.then:
        return
    since = counted_since(rule.period, it.now)
    times = count(it.session, COUNTED[rule.counted or "criticism"], unit, since)
    opened = count(it.session, ("accountability_opened",), unit, since, clause=rule.basis.clause)
    if times >= rule.limit_times and not opened:
        # Where twelve months are counted, two cases of one matter may lie in one year.
        case = f"case:bulletins:{unit}:{since.year if rule.period != 'twelve_months' else it.now.date()}"
        open_case(it, case, actor, rule.basis.clause, f"累计被通报{times}次", unit)
        make_case_paper(it, case)


def counted_since(period: str | None, now: datetime) -> datetime:
    """When the period in which criticisms are counted began (计数期间, A5): with the year, or twelve months before."""
    if period == "twelve_months":
        return now - relativedelta(months=12)
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def report_leak(number: str, actor: Actor, text: str, person: str) -> State:
    """泄密 (BC-8.4): somebody told what was not to be told; where the rule says so, a case is opened. Twice is once."""
    with act(number) as it:
        said = {"text": told(it, text, "泄密情况"), "person": required(person, "责任人", NAME)}
        if (key := _fresh(it, "leaked", said)) is None:
            return it.state
        rule = it.law.secrecy
        it.record("leaked", key, actor, rule.basis.clause, said | {"unit": it.state.unit})
        if "accountability" in rule.then:
            case = f"case:{key}"
            open_case(it, case, actor, rule.basis.clause, "泄露督办件的内容", it.state.unit)
            make_case_paper(it, case)
        return it.state


def hold_to_account(number: str, actor: Actor, ground: str, reason: str, unit: str = "") -> State:
    """追责情形 (MM-6.4, LZ-2.4): something for which people answer beyond the points. The same one twice is one.

    The same ground with another reason is another case. Where the rule brings it before the party committee, the unit's
    head is asked in writing for his account.
    """
    with act(number) as it:
        rule = it.law.grounds.get(ground)
        if rule is None:
            known = "、".join(it.law.grounds) or "无"
            if not ground:
                raise Refusal(f"“追责情形”没有选择，可选：{known}。")
            raise Refusal(f"《{it.law.title}》没有“{ground[:60]}”这种追责情形，可选：{known}。")
        code, words = it.org.unit(unit).code if unit else it.state.unit, told(it, reason, "情况")
        case, said = f"case:ground:{list(it.law.grounds).index(ground) + 1}:{code}", f"{ground}：{words}"
        earlier = [one for one in it.state.cases if f"{one.id}.".startswith(f"{case}.")]
        if any(one.reason == said for one in earlier):
            return it.state
        case += f".{len(earlier) + 1}" if earlier else ""
        if it.state.state in BEFORE_DISPATCH:
            raise Refusal(f"督办件 {number} 尚未下达，没有可以追责的办理情况。")
        owes = [code] if {"report_to_party", "account_to_party"} & set(rule.then) else []
        open_case(it, case, actor, rule.basis.clause, said, code, owes=owes)
        make_case_paper(it, case)
        if owes:
            make(it, paper_for(it, "向党委说明"), nth=case)
        return it.state


def coordinate(number: str, actor: Actor, units: tuple[str, ...], ruling: str, by: str, on: date) -> State:
    """协调 (SK-2.1, MM-4.5): units pass a matter on to each other; a leader rules who does what. Twice is once."""
    with act(number) as it:
        codes = list(dict.fromkeys(it.org.unit(unit).code for unit in units))
        if len(codes) < 2:
            raise Refusal("协调至少涉及两个单位，请把有分歧的单位都写上。")
        said = {
            "units": codes,
            "ruling": told(it, ruling, "协调意见"),
            "by": required(by, "裁定的领导", NAME),
            "on": on.isoformat(),
        }
        if (key := _fresh(it, "coordinated", said)) is None:
            return it.state
        it.refuse_ended()
        if on > it.now.date():
            raise Refusal(f"协调日期 {on.isoformat()} 晚于今天，请核对。")
        clause = it.law.duty.basis.clause or it.law.registration.basis.clause
        it.record("coordinated", key, actor, clause, said)
        make(it, paper_for(it, "协调"), nth=key)
        return it.state


def follow_up(number: str, actor: Actor, party: str, on: date, how: str, opinion: str, consistent: bool) -> State:
    """跟踪回访 (T34, BC-7.1.4): the office asks the party whether it is as the reply says. Twice is once.

    The party's name is not kept. What differs deducts points by itself, and the leaders may send the matter back.
    """
    with act(number) as it:
        name = required(party, "当事人", 40)
        said = {
            "party": masked(name),
            "on": on.isoformat(),
            "how": required(how, "回访方式", NAME),
            "opinion": told(it, opinion.replace(name, masked(name)), "当事人意见"),
            "consistent": bool(consistent),
        }
        if (key := _fresh(it, "followed_up", said)) is None:
            return it.state
        it.refuse_archived()
        if it.state.state not in (*UNDER_REVIEW, "closed"):
            raise Refusal(f"督办件 {number} 还没有回复，回访要与回复核对，请在回复以后登记。")
        if on > it.now.date():
            raise Refusal(f"回访日期 {on.isoformat()} 晚于今天，请核对。")
        item = it.law.score_items.get("visit_differs")
        clause = item.basis.clause if item else it.law.review.basis.clause
        it.record("followed_up", key, actor, clause, said | {"unit": it.state.unit})
        make(it, paper_for(it, "回访"), nth=key)
        return it.state


#: Family names of two characters; every other name is masked after its first.
DOUBLE = frozenset({"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "端木"})


def masked(name: str) -> str:
    """A party's name as it may be kept: the family name and 某."""
    family = name[:2] if name[:2] in DOUBLE and len(name) > 2 else name[:1]
    return f"{family}某"
