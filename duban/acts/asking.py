"""需要操作: what a question to people is made of: the matter in a table, the fields of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from duban import organization, regulation
from duban.acts.act import Act
from duban.acts.form import is_secret
from duban.acts.modes import mode_word
from duban.clock import SHANGHAI
from duban.deadlines import chinese
from duban.ledger import Actor
from duban.ledger.standing import State

#: A field of an answer's form, as JSON schema with the value that it starts with.
Field = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked, of whom, and what may be answered."""

    subject: str
    body: str  # Markdown
    options: tuple[str, ...]
    posts: tuple[str, ...]
    fields: dict[str, Field] = field(default_factory=dict)
    unit: str = ""  # of several deputies the one in charge of this unit is asked; empty: of the one that handles it


#: Builds the question behind a wait key from the matter and the desk in the key (`sign.chief:1` -> chief).
Builder = Callable[[State, str], Question]
#: Records an answer: the act, the wait key, the option chosen, the fields, who answers, the desk in the key.
Answer = Callable[[Act, str, str, dict[str, Any], Actor, str], State]


def title(state: State) -> str:
    """The title as people outside the paper file may read it."""
    return "（涉密件）" if is_secret(state.mark) else state.title


def head(state: State) -> list[tuple[str, str]]:
    """What everybody who decides on a matter has to see of it."""
    law, org = regulation.load(state.regulation), organization.load(state.organization)
    form = state.form
    rows = [("文号", state.reference), ("标题", title(state)), ("承办单位", org.unit(state.unit).name)]
    if state.cohandlers:
        rows.append(("协办单位", "、".join(org.unit(code).name for code in state.cohandlers)))
    if state.mode != "written":
        partners = "、".join(form.get("partners", ()))
        rows.append(("督办方式", mode_word(state.mode) + (f"（{partners}）" if partners else "")))
    rows += [("督办类型", law.types[state.type].name), ("来源", law.sources[form["source"]].name)]
    if is_secret(state.mark):
        return [*rows, ("密级", state.mark), ("纸质件", form["paper"])]
    if form.get("instruction_text"):
        on = chinese(date.fromisoformat(form["instruction_on"])) if form["instruction_on"] else "日期不详"
        rows.append(("批示", f"{form['instruction_by']}（{on}）：{form['instruction_text']}"))
    rows.append(("办理要求", form["requirement"]))
    if state.parent:
        rows.append(("主件", state.parent))
    if node := next((node for node in state.nodes if node.number == state.node), None):
        rows.append(("本次报送", node.name))
    if state.due_on:
        rows.append(("办理时限", f"{chinese(state.due_on)}（第{state.round}轮）"))
    return rows


def minute(at: datetime) -> str:
    """A moment (aware) as a question says it: 2026年3月5日 12:02."""
    local = at.astimezone(SHANGHAI)
    return f"{chinese(local.date())} {local:%H:%M}"


def table(rows: list[tuple[str, str]]) -> str:
    """A Markdown table whose cells hold text and nothing else."""
    lines = ["| 项目 | 内容 |", "|---|---|"]
    for name, value in rows:
        cell = value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", "<br>")
        lines.append(f"| {name} | {cell if len(cell) <= 600 else cell[:600] + '……（全文见通知单）'} |")
    return "\n".join(lines)


def text_field(title: str, description: str = "", default: str = "", lines: bool = False) -> Field:
    """A field for text; `lines`: for several lines."""
    multiline = {"format": "multiline"} if lines else {}
    return {"type": ["string", "null"], "title": title, "description": description, "default": default, **multiline}


def date_field(title: str, description: str) -> Field:
    """A field for a day."""
    return {"type": ["string", "null"], "format": "date", "title": title, "description": description, "default": None}


def tick_field(title: str, description: str = "") -> Field:
    """A box to tick."""
    return {"type": "boolean", "title": title, "description": description, "default": False}


def pick_field(title: str, choices: list[str], description: str = "") -> Field:
    """A pick list that starts with nothing chosen."""
    return {
        "type": ["string", "null"],
        "enum": [None, *choices],
        "title": title,
        "description": description,
        "default": None,
    }
