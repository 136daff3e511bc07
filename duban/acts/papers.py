"""The papers of a matter: what its documents say, taken from the ledger and the regulation and nowhere else."""

from datetime import date, datetime
from typing import Any

from duban import clock, documents, ledger
from duban.acts.act import SYSTEM, Act, post_name
from duban.acts.form import URGENCIES, is_secret
from duban.ledger import StoredFile
from duban.regulation import vocabulary

SEE_PAPER = "（内容见纸质件）"


def make(it: Act, kind: str | None, nth: str = "") -> None:
    """Render a document, keep the file, and enter it in the ledger; once for a round.

    Some regulations name no paper for a step; then there is none. `nth` tells papers of one kind in a round apart: a
    second urge, a case, the draft and the signed copy.
    """
    if kind is None:
        return
    key = f"document:{kind}:{it.state.round}.{it.state.attempt}" + (f".{nth}" if nth else "")
    values = values_of(it) | {"clause": documents.kinds(it.state.organization)[kind].clause}
    if kind == it.law.instruction.document:
        values |= _latest_instruction(it)
    content = documents.render(kind, values, it.state.organization)
    turn = f"（第{it.state.round}轮）" if it.state.round > 1 else ""
    _keep(it, f"{it.number} {kind}{turn}.docx", content, kind, key)


def attach(it: Act, name: str, content: bytes, kind: str) -> StoredFile:
    """Keep a file that a unit sent, as evidence, under the name that it gave it."""
    return _keep(it, name, content, kind, f"received:{kind}:{it.state.round}")


def _keep(it: Act, name: str, content: bytes, kind: str, key: str) -> StoredFile:
    stored = ledger.store(it.session, it.number, name, content, documents.DOCX)
    data = {"kind": kind, "name": stored.name, "sha256": stored.sha256, "size": stored.size}
    known = documents.kinds(it.state.organization).get(kind)
    clause = known.clause if known else it.law.reply.basis.clause
    it.record("documented", key, SYSTEM, clause, data)
    return stored


def day(value: date | datetime | str | None) -> str:
    """A date as documents write it: 2026年3月5日, nothing padded (GB/T 9704)."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(clock.SHANGHAI).date()
    return f"{value.year}年{value.month}月{value.day}日"


def values_of(it: Act) -> dict[str, Any]:
    """What a template may use: the matter as it stands, in words."""
    state, law, org, unit = it.state, it.law, it.org, it.unit
    form = state.form
    secret = is_secret(state.mark)
    contact = org.posts["office"]
    values: dict[str, Any] = {
        "rehearsal": ledger.is_rehearsal(it.session),
        "bureau": org.name,
        "regulation": law.title,
        "office_name": org.office,
        "reference": state.reference,
        "title": state.title,
        "unit": unit.name,
        "issued_on": day(state.rounds[0].opened_at if state.rounds else it.now),
        "due_on": day(state.due_on),
        "limit_text": limit_text(it),
        "type_text": law.types[state.type].name,
        "source_text": law.sources[form["source"]].name,
        "instruction_by": form.get("instruction_by", ""),
        "instruction_on": day(form.get("instruction_on")),
        "instruction_text": SEE_PAPER if secret else _instructions(it),
        "basis_document": SEE_PAPER if secret else form.get("basis_document", ""),
        "requirement": SEE_PAPER if secret else form.get("requirement", ""),
        "urgency": "" if form.get("urgency") == URGENCIES[0] else form.get("urgency", ""),
        "mark": state.mark,
        "copy_number": "000001" if secret else "",
        "distribution": form.get("distribution", ""),
        "contact_name": contact.name,
        "contact_phone": form.get("contact") or contact.phone,
        "received_by": "",
        "received_on": "",
        "feedback": feedback(it),
        "round": state.round,
        "report_on": day(it.now),
        "document_on": day(it.now),
        "office_opinion": "",
        "conclusion": "",
    }
    for desk in ("director", "chief", "deputy"):
        signature = state.signatures.get(desk, {})
        values[desk] = signature.get("by", "")
        values[f"{desk}_on"] = day(signature.get("at"))
    return values | _round_values(it) | _event_values(it)


def feedback(it: Act) -> str:
    """How the unit has to report back, in words."""
    rule = it.law.reply
    signers = "、".join(post_name(post) for post in rule.signers)
    copies = {"both": "纸质件和电子文稿", "either": "纸质件或电子文稿", "paper": "纸质件", "electronic": "电子文稿"}[
        rule.copies
    ]
    return f"{rule.document}（{signers}审核签字{'并加盖单位印章' if rule.seal else ''}），{copies}"


def limit_text(it: Act) -> str:
    """The limit with its clause, as the notice prints it."""
    rule = it.law.types[it.state.type]
    if it.state.form.get("due_on"):
        return f"限期办结（《{it.law.title}》{rule.basis.clause}）"
    return f"{rule.limit}（《{it.law.title}》{rule.basis.clause}）"


def _round_values(it: Act) -> dict[str, Any]:
    state = it.state
    if not state.rounds:
        return {"rounds": [], "overdue_days": "", "urge_number": "", "new_due_on": ""}
    current = state.current
    rounds = [
        {
            "round": one.number,
            "started_on": day(one.opened_at),
            "due_on": day(one.due_on),
            "what": OPENED[one.opened_by] + ("（逾期）" if one.lapsed else ""),
            "result_on": day(one.replied_at) or "没有回复",
        }
        for one in state.rounds
    ]
    return {
        "rounds": rounds,
        "overdue_days": max((it.now.date() - current.due_on).days, 0),
        "urge_number": sum(one.urges for one in state.rounds),
        "new_due_on": day(current.due_on),
    }


def consequence(it: Act) -> str:
    """What follows when an urge is not answered, as the urge says it beforehand."""
    rule = it.law.urge
    words = {code: word for word, code in vocabulary.CONSEQUENCES.items()}
    after = f"再过{rule.grace}仍没有结果和进展的" if rule.grace else "仍不报送的"
    return f"{after}，按规定办理：{'、'.join(words[one] for one in rule.then)}（《{it.law.title}》{rule.basis.clause}）"


def _instructions(it: Act) -> str:
    """The instruction and those that came after it, each with its leader and day."""
    later = [f"{one['leader']}（{day(one['on'])}）：{one['text']}" for one in it.state.instructions]
    return "\n".join([it.state.form.get("instruction_text", ""), *later]).strip()


def _latest_instruction(it: Act) -> dict[str, str]:
    said = it.state.instructions[-1]
    return {"instruction_by": said["leader"], "instruction_on": day(said["on"]), "instruction_text": said["text"]}


#: What opened a round, as the 办理报告 lists it.
OPENED = {
    "dispatched": "交办",
    "extended": "延期备案",
    "returned": "退回补办",
    "further_work": "续办",
    "instructed": "新批示",
    "progress": "催办后报进展",
    "accounted": "书面说明后重定时限",
}

REASON_WORDS = {code: words for words, code in vocabulary.RETURN_REASONS.items()}

#: event -> what the templates call its parts.
_PARTS: dict[str, dict[str, str]] = {
    "urged": {"urge_due_on": "due_on", "urge_reference": "reference"},
    "returned": {
        "return_reason": "reason",
        "return_requirement": "requirement",
        "return_due_on": "due_on",
        "return_by": "by",
        "return_level": "level_text",
    },
    "further_work": {"further_reason": "reason", "further_requirement": "requirement"},
    "demanded": {"account_to": "to"},
    "called": {"callee": "callee", "call_text": "text", "caller": "caller"},
    "replied": {"reply_signer": "signed_by"},
    "accepted": {"office_opinion": "opinion", "conclusion": "conclusion", "reply_summary": "summary"},
    "instructed": {"new_requirement": "requirement"},
}
_MOMENTS = {"returned": "return_on", "called": "called_on", "replied": "reply_on"}


def _event_values(it: Act) -> dict[str, Any]:
    """The parts that the latest event of each kind adds."""
    values: dict[str, Any] = dict.fromkeys((name for parts in _PARTS.values() for name in parts), "")
    values |= dict.fromkeys(_MOMENTS.values(), "")
    values |= {
        "consequence": consequence(it),
        "accountability_reason": f"催办后{it.law.urge.grace}内没有报送结果或者进展情况"
        if it.state.accountability
        else "",
        "account_due_on": "",
    }
    for event in ledger.events(it.session, it.number):
        for name, part in _PARTS.get(event.kind, {}).items():
            value = REASON_WORDS.get(event.data[part], "") if name == "return_reason" else event.data.get(part, "")
            values[name] = (
                day(value) if name.endswith("_on") else "、".join(value) if isinstance(value, list) else value
            )
        if moment := _MOMENTS.get(event.kind):
            at = event.at.astimezone(clock.SHANGHAI)
            values[moment] = f"{day(at)} {at:%H:%M}" if event.kind == "called" else day(at)
    if is_secret(it.state.mark):
        values |= {
            name: SEE_PAPER
            for name in ("return_requirement", "further_requirement", "new_requirement", "reply_summary")
            if values[name]
        }
    return values
