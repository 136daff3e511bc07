"""Regulation files: read, check, and hand out as `Regulation`."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from duban import clerk_yaml, included
from duban.clerk_yaml import Fault, Marked
from duban.errors import Refusal
from duban.regulation import source, vocabulary
from duban.regulation.crosscheck import crosscheck
from duban.regulation.law import Clause, Regulation
from duban.regulation.rules import FRONT, RULES, Rule
from duban.regulation.shape import Shape

DEFAULT = "baicheng-2020"


@dataclass
class _Draft:
    """What has been understood so far: fields for `Regulation`, where each was laid down, and the faults."""

    fields: dict[str, Any] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def parse(text: str, name: str | None = None) -> tuple[Regulation | None, list[Fault]]:
    """Read a regulation from its text. Returns it (None if there are faults) and every fault in order of lines.

    `name`: the file's name without `.md`; the 编号 in the front matter must be the same.
    """
    read = source.read(text)
    draft = _Draft(faults=read.faults)
    front = _front(read.front, name, draft)
    for block in read.blocks:
        _block(block.clause, block.content, draft)
    for key, rule in RULES.items():
        if rule.required and key not in draft.written:
            draft.faults.append(Fault(1, f"缺少规则“{key}”：任何一部制度都要写明它，请写在有关的条下"))
    if draft.faults:
        return None, sorted(set(draft.faults))
    for rule in RULES.values():
        draft.fields.setdefault(rule.field, {} if rule.entry else rule.shape.silent())
        if rule.entry:
            draft.fields[rule.field] = MappingProxyType(_ordered(rule.field, draft.fields[rule.field]))
    draft.fields["returns"] = draft.fields["returns"].scored_for(_scored_reasons(draft.fields))
    law = Regulation(**front, **draft.fields, clauses=tuple(read.clauses), written=frozenset(draft.written))
    found = sorted(set(crosscheck(law, draft.lines)))
    return (None, found) if found else (law, [])


def _ordered(name: str, table: dict[Any, Any]) -> dict[Any, Any]:
    # A type may stand under any clause; wherever people choose one, they find them in the same order.
    known = list(vocabulary.TYPES.values())
    return dict(sorted(table.items(), key=lambda item: known.index(item[0]))) if name == "types" else table


def _scored_reasons(fields: Mapping[str, Any]) -> Iterator[str]:
    # The reasons stand with the points, in one place of the file; a return asks for them where it is given.
    for event, item in fields["score_items"].items():
        if event.startswith("returned_by_"):
            yield from item.reasons or fields["returns"].reasons


def _block(clause: Clause, content: Marked, draft: _Draft) -> None:
    if content.faults:
        return
    if not isinstance(content.data, dict):
        draft.faults.append(Fault(content.line(()), "“规则”块是空的，或没有写成“键: 值”的形式"))
        return
    for key, value in content.data.items():
        line = content.line((key,))
        rule = RULES.get(key)
        if rule is None:
            draft.faults.append(Fault(line, _unknown_rule(key)))
        elif rule.entry is not None:
            _table(key, rule, value, clause, content, draft)
        elif key in draft.written:
            first = draft.lines[(key,)]
            draft.faults.append(Fault(line, f"规则“{key}”重复规定，第{first}行已经写过，请只留一处"))
        else:
            draft.written.add(key)
            draft.lines[(key,)] = line
            shaped = _shaped(rule.shape, value, clause, content, (key,), draft)
            draft.fields[rule.field] = shaped


def _table(key: str, rule: Rule, value: Any, clause: Clause, content: Marked, draft: _Draft) -> None:
    assert rule.entry is not None
    draft.written.add(key)
    table = draft.fields.setdefault(rule.field, {})
    if not isinstance(value, dict) or not value:
        draft.faults.append(Fault(content.line((key,)), f"“{key}”下面应逐项写“名称: 内容”"))
        return
    for name, entry in value.items():
        line = content.line((key, name))
        try:
            entry_id = rule.entry(name)
        except ValueError as error:
            draft.faults.append(Fault(line, str(error)))
            continue
        if entry_id in table:
            first = draft.lines[(key, str(entry_id))]
            draft.faults.append(Fault(line, f"规则“{key}·{name}”重复规定，第{first}行已经写过，请只留一处"))
            continue
        draft.lines[(key, str(entry_id))] = line
        table[entry_id] = _shaped(rule.shape, entry, clause, content, (key, name), draft)


def _shaped(
    shape: type[Shape], value: Any, clause: Clause, content: Marked, at: tuple[str, ...], draft: _Draft
) -> Shape | None:
    try:
        return shape.model_validate(value, context=clause.basis)
    except ValidationError as error:
        draft.faults += clerk_yaml.faults(error, content, at)
        return None


def _unknown_rule(key: str) -> str:
    try:
        clerk_yaml.choose(key, {k: k for k in RULES}, "规则")
    except ValueError as error:
        return str(error)
    return ""


def _front(front: Marked, name: str | None, draft: _Draft) -> dict[str, Any]:
    if not isinstance(front.data, dict):
        if not draft.faults:
            draft.faults.append(Fault(1, "文件头是空的，请写编号、名称、单位、施行日期"))
        return {}
    for key in front.data.keys() - FRONT.keys() - {"出处"}:
        draft.faults.append(Fault(front.line((key,)), f"文件头里不认识的键“{key}”，可用：{'、'.join(FRONT)}、出处"))
    result: dict[str, Any] = {"valid_to": None, "replaces": "", "organization": ""}
    for key, target in FRONT.items():
        text = front.data.get(key, "")
        if not isinstance(text, str) or not text.strip():
            if target not in result:
                draft.faults.append(Fault(front.line((key,)), f"文件头缺少“{key}”"))
            continue
        try:
            result[target] = date.fromisoformat(text) if target.startswith("valid") else text.strip()
        except ValueError:
            draft.faults.append(Fault(front.line((key,)), f"“{key}”的日期“{text}”看不懂，请写成 2020-06-05"))
    if name is not None and result.get("id", name) != name:
        draft.faults.append(Fault(front.line(("编号",)), f"编号“{result['id']}”与文件名“{name}”不一致，请改成一样"))
    start, end = result.get("valid_from"), result.get("valid_to")
    if start and end and end <= start:
        draft.faults.append(Fault(front.line(("废止日期",)), "废止日期应晚于施行日期"))
    return result


_heads: dict[Path, tuple[int, dict[str, Any]]] = {}


def head(name: str) -> dict[str, Any]:
    """Return what the front matter of the regulation with this id says, by the fields of `Regulation`.

    Kept in memory until the file changes. Refusal if there is no such file or its head has a fault.
    """
    file = _file(name)
    stamp = file.stat().st_mtime_ns
    if file in _heads and _heads[file][0] == stamp:
        return _heads[file][1]
    draft = _Draft()
    said = _front(source.front(included.text(file)), name, draft)
    if draft.faults:
        raise Refusal(f"制度文件 {file.name} 的文件头有误，{min(draft.faults)}")
    _heads[file] = (stamp, said)
    return said


def check(file: Path) -> list[Fault]:
    """Return every fault of a regulation file, none if it is sound. Refusal if it cannot be read at all."""
    return parse(included.text(file), file.stem)[1]


#: By include folder and id: where it stands, when that was written, what it says. Asked for at every event.
_found: dict[tuple[str | None, str], tuple[str, int, Regulation]] = {}


def chosen() -> str:
    """Return the id that `DUBAN_REGULATION` names, else baicheng-2020."""
    return os.environ.get("DUBAN_REGULATION") or DEFAULT


def load(regulation: str | None = None) -> Regulation:
    """Return the regulation with this id (default: `DUBAN_REGULATION`, else baicheng-2020) from `include/regulations`.

    Kept in memory until the file changes. Refusal if there is no such file or it has faults (the first is told).
    """
    name = regulation or chosen()
    if (known := _found.get((os.environ.get("DUBAN_INCLUDE"), name))) is not None and included.unchanged(*known[:2]):
        return known[2]
    file = _file(name)
    stamp = file.stat().st_mtime_ns
    law, found = parse(included.text(file), name)
    if law is None:
        more = f"，另有{len(found) - 1}处" if len(found) > 1 else ""
        raise Refusal(f"制度文件 {file.name} 有误，{found[0]}{more}；请用 duban regulation check 查看全部")
    _found[os.environ.get("DUBAN_INCLUDE"), name] = (str(file), stamp, law)
    return law


def _file(name: str) -> Path:
    file = included.path("regulations", f"{name}.md")
    if name != Path(name).name or not file.is_file():
        raise Refusal(f"没有编号为“{name}”的制度，现有：{'、'.join(available()) or '无'}")
    return file


def available() -> list[str]:
    """Return the ids of the regulation files that are there, sorted."""
    return sorted(file.stem for file in included.path("regulations").glob("*.md"))
