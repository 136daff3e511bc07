"""送审: the draft of a scoring month, a bulletin or a digest goes from desk to desk; each may send it back."""

from typing import Any

from duban import organization, regulation
from duban.acts.act import Act
from duban.acts.asking import Answer, Builder, Question, table, text_field
from duban.acts.words import LONGEST
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.periodicals import naming, showing, snapshots
from duban.periodicals.opening import rule_of
from duban.periodicals.reading import of
from duban.regulation.shape import Desk
from duban.text import optional, required

BODY = 20000  # characters of a bulletin's text
REVIEW = {"同意": "pass", "退回重拟": "return"}
FINAL = {"同意印发": "pass", "退回重拟": "return"}
EDIT = {"送审": "submit", "重新统计": "redraft", "不印发": "drop"}


def _rule(state: State) -> Any:
    return rule_of(state.type, regulation.load(state.regulation))


def _desk(state: State, post: str) -> Desk:
    desk: Desk = next(one for one in _rule(state).desks if one.post == post)
    return desk


def _ask(state: State, desk: str) -> Question:
    period = of(state).periodical
    org, final = organization.load(state.organization), desk == period.desks[-1]
    rows = [("期", f"{state.title}（第{state.attempt}稿）")]
    if period.redraft:
        rows.append(("重拟原因", period.redraft))
    for post in period.desks:
        if signed := period.signatures.get(post):
            rows.append((f"{org.title(post)}意见", f"{signed['by']}：{signed['opinion'] or '同意'}"))
    content = snapshots.read(period.snapshot)
    body = "\n\n".join([table(rows), *showing.chapters(state, content)])
    opinion = text_field("意见", "退回重拟时请写明理由，初稿按理由重新起草。", lines=True)
    named = {} if state.type == "instruction_digest" else naming.fields(state)
    return Question(
        subject=f"{_desk(state, desk).act}：{state.title}",
        body=body,
        options=tuple(FINAL if final else REVIEW),
        posts=(desk,),
        fields={"opinion": opinion} | named,
    )


def _signed(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, desk: str) -> State:
    verdict = (REVIEW | FINAL)[option]
    opinion = optional(fields.get("opinion"), "意见", LONGEST)
    if verdict == "return":
        opinion = required(opinion, f"意见（{option}的理由）", LONGEST)
    data: dict[str, Any] = {"desk": desk, "verdict": verdict, "option": option, "opinion": opinion}
    if it.state.type != "instruction_digest":
        data |= naming.read(it, fields)
    return it.record("draft_signed", key, actor, _rule(it.state).basis.clause, data)


def _edit(state: State, _desk: str) -> Question:
    period = of(state).periodical
    content = snapshots.read(period.snapshot)
    rows = [("期", f"{state.title}（第{state.attempt}稿）")]
    if period.redraft:
        rows.append(("重拟原因", period.redraft))
    return Question(
        subject=f"核稿：{state.title}",
        body="\n\n".join([table(rows), *showing.chapters(state, content)]),
        options=tuple(EDIT),
        posts=("office",),
        fields={
            "text": text_field(
                "正文", "印在数字后面的情况和要求，可以修改；数字由台账统计，不能改。", period.text, lines=True
            ),
            **naming.fields(state),
        },
    )


def _edited(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    said = naming.read(it, fields)
    text = optional(fields["text"], "正文", BODY) if "text" in fields else of(it.state).periodical.text
    clause = it.law.bulletin.basis.clause
    data = {
        "option": option,
        "text": text,
        "redraft": EDIT[option] == "redraft",
        "dropped": EDIT[option] == "drop",
    } | said
    if not of(it.state).periodical.desks and EDIT[option] == "submit" and not text and not any(said.values()):
        raise Refusal("这份通报没有人审签，也没有正文，请先写正文，再提交。")
    return it.record("draft_edited", key, actor, clause, data)


QUESTIONS: dict[str, Builder] = {"score": _ask, "bulletin": _ask, "digest": _ask, "edit.office": _edit}
ANSWERS: dict[str, Answer] = {"score": _signed, "bulletin": _signed, "digest": _signed, "edit.office": _edited}
