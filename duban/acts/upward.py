"""上报: the result goes up with its own number and signer (T30–T32, BC-5.8b, LZ-3.4, MM-4.4).

The office drafts, the leader whom the case names signs and the number is given out with the signature, so that a
draft that is sent back takes none; the office sends it and the matter is closed.
"""

from datetime import date
from typing import Any

from duban import numbering, organization, regulation
from duban.acts.act import SYSTEM, Act, act
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.due import day_of
from duban.acts.papers import make, upward_kind
from duban.acts.words import told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.text import optional, required

SIGN, SEND_BACK = "签发", "退改"
AGREE = "同意"
SENT = "已报送"
REDRAFT = "重新呈签"
#: In the field 附件: the paper goes up without any.
NONE = "无"
#: The case for everything that no other case takes.
ALL = "all"


def case_of(it: Act) -> str | None:
    """The case of 上报 that the matter falls under (its source's), or None when nothing goes up.

    The form may say otherwise than the source (BC-5.8b: where it has to be reported in the bureau's name). A part
    does not go up: its parent does.
    """
    form = it.state.form
    found = it.law.way_up(form["source"], form.get("instruction_by"))
    if it.state.parent or not form.get("report_up", found is not None):
        return None
    if found is not None:
        return found[0]
    return ALL if ALL in it.law.upward else None


def draft_upward(number: str) -> State:
    """拟稿 (T30): the paper that goes up, made from the ledger and laid before its signer. Safe to run twice."""
    with act(number) as it:
        key = it.state.awaits("upward")
        if key is None:
            return it.state
        case = case_of(it)
        if case is None:
            raise Refusal(f"督办件 {number} 不需要上报，请办公室核对来源后撤销或续办。")
        rule, form = it.law.upward[case], it.state.form
        addressee = it.state.upward.get("addressee") or form.get("report_to") or ""
        if not addressee and case == "leader_above":
            addressee = form.get("instruction_by", "")
        signer = rule.signer or it.law.close_chain.desks[-1].post
        data = {
            "case": case,
            "form": rule.form,
            "layout": rule.layout or "",
            "series": rule.series or "",
            "addressee": addressee,
            "text": it.state.upward.get("text", ""),
            "attachments": it.state.upward.get("attachments", ""),
            "signer": signer,
            "desks": [signer],
            "nth": key.rpartition(":")[2],
        }
        it.record("upward_drafted", key, SYSTEM, rule.basis.clause, data)
        return it.state


def _sign_up(state: State, desk: str) -> Question:
    up, org = state.upward, organization.load(state.organization)
    rows = [*head(state), ("上报文种", up["form"]), ("主送", up["addressee"] or "（签发后由办公室填写）")]
    rows += [("正文", up["text"])] if up.get("text") else []
    if up.get("opinion"):
        rows.append(("上次退改意见", up["opinion"]))
    final = desk == up["desks"][-1]
    return Question(
        subject=f"签发{up['form']}：{state.reference} {title(state)}",
        body=table(rows),
        options=(SIGN if final else AGREE, SEND_BACK),
        posts=(desk,),
        fields={"opinion": text_field("意见", f"退改时请写明要改什么，{org.office}据此修改。", lines=True)},
    )


def _signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    up = it.state.upward
    rule = it.law.upward[up["case"]]
    data: dict[str, Any] = {"desk": desk, "verdict": "return" if option == SEND_BACK else "pass", "option": option}
    data["opinion"] = told(it, fields.get("opinion"), "意见（退改的理由）", wanted=option == SEND_BACK)
    position = up["desks"].index(desk) + 1
    data["next"] = up["desks"][position] if position < len(up["desks"]) else ""
    last = option != SEND_BACK and not data["next"]
    data["reference"] = _allocated(it) if last else ""
    it.record("upward_signed", key, actor, rule.basis.clause, data)
    if last and data["reference"] and up["addressee"]:
        make(it, upward_kind(it, up["case"]), nth=up["nth"])
    return it.state


def _allocated(it: Act) -> str:
    """The number of the paper in its case's own series; empty where the bureau numbers such papers elsewhere."""
    series = it.state.upward["series"] or it.org.series.get("上报", "")
    if not series or it.taken_over:  # its number is on the paper that went up then
        return ""
    year = it.now.year
    n = numbering.allocate(it.session, series, year, f"{it.number}/sign_up:{it.state.round}", number=it.number)
    return f"{series}〔{year}〕{n}号"


def _redraft(state: State, _desk: str) -> Question:
    up = state.upward
    rows = [*head(state), ("上报文种", up["form"]), ("退改意见", f"{up.get('returned_by', '')}：{up['opinion']}")]
    return Question(
        subject=f"修改上报稿：{state.reference} {title(state)}",
        body=table(rows),
        options=(REDRAFT,),
        posts=("office",),
        fields={
            "addressee": text_field("主送", "不改就留原样。", up["addressee"]),
            "attachments": text_field("附件", f"一行一个；不填则为承办单位的回复，没有附件写“{NONE}”。", lines=True),
            "text": text_field("正文", "不填则由系统按办理报告拟写。", up.get("text", ""), lines=True),
        },
    )


def _redrafted(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    up = it.state.upward
    nth = f"{it.state.round}.{int(up['nth'].partition('.')[2] or 1) + 1}"
    data = {
        "option": option,
        "nth": nth,
        "addressee": optional(fields.get("addressee"), "主送", 100) or up["addressee"],
        "attachments": told(it, fields.get("attachments"), "附件", wanted=False) or up.get("attachments", ""),
        "text": told(it, fields.get("text"), "正文", wanted=False) or up.get("text", ""),
    }
    return it.record("upward_revised", key, actor, it.law.upward[up["case"]].basis.clause, data)


def _send_up(state: State, _desk: str) -> Question:
    up, law = state.upward, regulation.load(state.regulation)
    rows = [*head(state), ("上报文种", up["form"]), ("上报文号", up["reference"]), ("签发人", up["signed_by"])]
    number = {} if up["reference"] else {"reference": text_field("发文字号", "本局文件的发文字号，必填。")}
    return Question(
        subject=f"上报：{state.reference} {title(state)}",
        body=table([row for row in rows if row[1]]),
        options=(SENT,),
        posts=("office",),
        fields={
            "to": text_field("报送对象", f"{law.upward[up['case']].form}报给谁。", up["addressee"]),
            "on": date_field("报送日期", "不填则为今天。"),
            "how": text_field("报送方式", "如 机要交换、专人送达、公文系统。"),
            **number,
        },
    )


def _sent(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    up, on = it.state.upward, day_of(fields.get("on")) or it.now.date()
    if on > it.now.date():
        raise Refusal(f"报送日期 {on.isoformat()} 晚于今天，请核对。")
    if on < date.fromisoformat(up["signed_on"]):
        raise Refusal(f"报送日期 {on.isoformat()} 早于签发日期 {up['signed_on']}，请核对。")
    data = {
        "option": option,
        "to": required(fields.get("to"), "报送对象", 100),
        "on": on.isoformat(),
        "how": required(fields.get("how"), "报送方式", 60),
        "reference": up["reference"] or required(fields.get("reference"), "发文字号", 60),
    }
    it.record("sent_up", key, actor, it.law.upward[up["case"]].basis.clause, data)
    if not (up["reference"] and up["addressee"]):  # what was missing at the signature is known now
        make(it, upward_kind(it, up["case"]), nth=up["nth"])
    return it.state


QUESTIONS: dict[str, Builder] = {"sign_up": _sign_up, "upward.office": _redraft, "send_up": _send_up}
ANSWERS: dict[str, Answer] = {"sign_up": _signed, "upward.office": _redrafted, "send_up": _sent}
