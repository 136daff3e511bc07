"""阶段表、分工表: the tables of a registration form, from a list or from lines of text (BC 五（八）, ZW 二, LZ-2.1).

In the trigger form a table is text, one line a row: `调研梳理 2026-09-01 至 2026-09-10`, `经侦支队 核查资金 3月10日`;
the page 新建督办件 writes such lines with every column between ｜.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from duban import deadlines
from duban.acts.form_values import day, one_of
from duban.errors import Refusal
from duban.organization import Organization
from duban.regulation import Regulation
from duban.text import clean, optional, required

STAGED, DECOMPOSED = "staged", "decomposed"
FIELDS = ("stages", "parts", "campaign")
CAMPAIGN = ("专项名称", 60)
#: Who acts in a phase: the unit reports, or the office checks.
BY = {"承办单位": "unit", "办公室": "office"}
MOST_STAGES, MOST_PARTS = 50, 100
NAME, REQUIREMENT = 60, 2000  # characters

_DATE = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_BETWEEN = "—–-~～至到、，,；;：:（）()【】[]|｜\t 　"
#: What stands before a phase when people number their lines.
_NUMBERED = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*(?=\D)")


def checked(
    form: Mapping[str, Any],
    said: Mapping[str, Any],
    law: Regulation,
    org: Organization,
    now: datetime,
    *,
    secret: bool,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The tables of a form, complete and in order, with the date on which the matter ends by them.

    `form` is what was given, `said` what is known of it by now (type, unit, due_on), `before` the form accepted
    earlier: its dates may have come meanwhile. Raises Refusal for a table where the type has none, for a type whose
    table is missing, and for the first row that is wrong.
    """
    kind = said["type"]
    result: dict[str, Any] = {"campaign": optional(form.get("campaign"), *CAMPAIGN).replace("\n", " ")}
    for name, wanted, label in (("stages", STAGED, "阶段"), ("parts", DECOMPOSED, "分工")):
        if form.get(name) and kind != wanted:
            raise Refusal(f"{law.types[kind].name}没有“{label}”表，请清空，或改选督办类型。")
    if kind == STAGED:
        stages = stages_of(form.get("stages"), now.date())
        today = date.min if before and before.get("stages") == stages else now.date()
        refuse_wrong_stages(stages, today)
        _refuse_shared_day(stages, law)
        for stage in stages:  # counted now, so that a missing holiday calendar is found at the form
            deadlines.stated(date.fromisoformat(stage["due_on"]), law, today=today)
        _refuse_secret([stage["name"] for stage in stages], secret)
        last = stages[-1]["due_on"]
        if said.get("due_on") and said["due_on"] != last:
            raise Refusal(f"“办理期限”{said['due_on']} 与最后一个阶段的报送日 {last} 不一致，请改成一致或清空。")
        result |= {"stages": stages, "due_on": last}
    if kind == DECOMPOSED and (before is None or "parts" in before):  # the form of a part has no parts
        result |= {"parts": _parts(form.get("parts"), said, law, org, now, secret)}
    return result


def stages_of(value: object, today: date) -> list[dict[str, str]]:
    """The rows of a table of phases: name, starts_on, ends_on, due_on (the day of the report), by (unit, office)."""
    rows = _rows(value, "阶段", lambda line: stage_of_line(line, today))
    stages = []
    for n, row in enumerate(rows, start=1):
        where = f"第{n}个阶段"
        name = required(row.get("name"), f"{where}的名称", NAME).replace("\n", " ")
        dates = {key: day(row.get(key), f"{where}的{label}") for key, label in _DAYS.items()}
        for key in ("starts_on", "ends_on"):
            if not dates[key]:
                raise Refusal(f"{where}“{name}”没有写{_DAYS[key]}，请补充后再提交。")
        by = row.get("by") or "unit"
        by = by if by in BY.values() else BY[one_of(by, BY, f"{where}由谁办")]
        stages.append({"name": name, **dates, "due_on": dates["due_on"] or dates["ends_on"], "by": str(by)})
    return stages


_DAYS = {"starts_on": "开始日期", "ends_on": "结束日期", "due_on": "报送日"}


def refuse_wrong_stages(stages: Sequence[Mapping[str, str]], today: date, where: Sequence[str] = ()) -> None:
    """Refuse a table of phases that is empty, too long, out of order, overlapping or past, naming the row.

    Two phases may share one day: the last of the one, the first of the other (A21). `where`: what the rows are called.
    """
    if not stages:
        raise Refusal("阶段性重点工作要写明各个阶段，“阶段”没有填写，请补充后再提交。")
    if len(stages) > MOST_STAGES:
        raise Refusal(f"阶段有{len(stages)}个，最多{MOST_STAGES}个，请合并后再提交。")
    for n, stage in enumerate(stages):
        name = f"{where[n] if where else f'第{n + 1}个阶段'}“{stage['name']}”"
        if stage["ends_on"] < stage["starts_on"]:
            raise Refusal(f"{name}的结束日期 {stage['ends_on']} 早于开始日期 {stage['starts_on']}，请改正。")
        if stage["due_on"] < stage["starts_on"]:
            raise Refusal(f"{name}的报送日 {stage['due_on']} 早于开始日期 {stage['starts_on']}，请改正。")
        if stage["due_on"] < today.isoformat():
            raise Refusal(f"{name}的报送日 {stage['due_on']} 已经过去，请填写今天以后的日期。")
        if n == 0:
            continue
        before = stages[n - 1]
        if stage["starts_on"] < before["starts_on"] or stage["due_on"] < before["due_on"]:
            raise Refusal(f"{name}排在“{before['name']}”之后，日期却更早，请按先后顺序填写。")
        if stage["starts_on"] < before["ends_on"]:
            raise Refusal(
                f"{name}从 {stage['starts_on']} 开始，“{before['name']}”到 {before['ends_on']} 才结束，"
                "两个阶段重叠（只可以同在交界的一天），请改正。"
            )
    if stages[0]["by"] == "office":
        raise Refusal("第一个阶段应当由承办单位办理，办公室检查的阶段放在后面。")


def _refuse_shared_day(stages: Sequence[Mapping[str, str]], law: Regulation) -> None:
    """Refuse two phases that share a day where the regulation does not let them (首尾可同日, A21)."""
    if law.stages.shared_day:
        return
    for before, stage in pairwise(stages):
        if stage["starts_on"] == before["ends_on"]:
            raise Refusal(
                f"“{stage['name']}”从 {stage['starts_on']} 开始，“{before['name']}”当天才结束，"
                f"《{law.title}》没有规定两个阶段可以同在一天，请改正。"
            )


def stage_of_line(line: str, today: date) -> dict[str, Any]:
    """`调研梳理 2026-09-01 至 2026-09-10 [报送日] [办公室]`: one phase in one line; without a year it is the next."""
    if row := _columns(line, ("name", "starts_on", "ends_on", "due_on", "by")):
        return row
    found = list(_DATE.finditer(line))
    if not 2 <= len(found) <= 3:
        raise Refusal(f"“{line}”应当是“阶段名称 开始日期 结束日期”，例如“调研梳理 2026-09-01 2026-09-10”，请改正。")
    name = _NUMBERED.sub("", line[: found[0].start()]).strip(_BETWEEN)
    rest = line[found[-1].end() :].strip(_BETWEEN)
    if rest and rest not in BY:
        raise Refusal(f"“{line}”末尾的“{rest}”看不懂，由办公室检查的阶段请写“办公室”。")
    dates: list[str] = []
    for match in found:
        after = date.fromisoformat(dates[-1]) if dates else today
        dates.append(_date_of(match, after, line))
    keys = ("starts_on", "ends_on", "due_on")
    return {"name": name, **dict(zip(keys, dates, strict=False)), "by": rest or "承办单位"}


def _date_of(match: re.Match[str], after: date, line: str) -> str:
    year, month, day_ = match.groups()
    try:
        if year:
            return date(int(year), int(month), int(day_)).isoformat()
        this = date(after.year, int(month), int(day_))
        # 1月10日 written in November is next year's; 9月1日 written on the third is still this month's.
        return (this if (after - this).days < 180 else this.replace(year=after.year + 1)).isoformat()
    except ValueError:
        raise Refusal(f"“{line}”里的“{match[0].strip()}”不是日历上有的日期，请改正。") from None


def part_of_line(line: str, today: date) -> dict[str, Any]:
    """`经侦支队 核查资金流向 2026-03-10`: a part in one line; without a date it ends with the whole."""
    if row := _columns(line, ("unit", "requirement", "due_on")):
        return row
    found = list(_DATE.finditer(line))
    ends = bool(found) and not line[found[-1].end() :].strip(_BETWEEN + "前止")
    due_on = _date_of(found[-1], today, line) if ends else ""
    text = line[: found[-1].start()] if ends else line
    unit, _blank, requirement = re.sub(r"[\s　:：|｜]+", " ", _NUMBERED.sub("", text).strip(), count=1).partition(" ")
    return {"unit": unit.strip(_BETWEEN), "requirement": requirement.strip(_BETWEEN), "due_on": due_on}


def _columns(line: str, names: tuple[str, ...]) -> dict[str, Any] | None:
    """The row of a line that a page wrote: every column, ｜ between them; None for a line that somebody wrote."""
    cells = [cell.strip() for cell in line.split("｜")]
    dates = [cell for name, cell in zip(names, cells, strict=False) if name in _DAYS]
    if len(cells) != len(names) or not all(re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", cell) for cell in dates):
        return None
    return dict(zip(names, cells, strict=True))


def _parts(
    value: object, said: Mapping[str, Any], law: Regulation, org: Organization, now: datetime, secret: bool
) -> list[dict[str, str]]:
    rows = _rows(value, "分工", lambda line: part_of_line(line, now.date()))
    if not rows:
        raise Refusal("分解督办要写明各单位的分工，“分工”没有填写，请补充后再提交。")
    if len(rows) > MOST_PARTS:
        raise Refusal(f"分工有{len(rows)}项，最多{MOST_PARTS}项，请合并后再提交。")
    latest, parts = _latest(said, law, now), list[dict[str, str]]()
    for n, row in enumerate(rows, start=1):
        where = f"第{n}项分工"
        try:
            unit = org.complete(required(row.get("unit"), "承办单位", 60), law.duty, now.date())
        except Refusal as refusal:
            raise Refusal(f"{where}：{refusal}") from refusal
        if any(part["unit"] == unit.code for part in parts):
            raise Refusal(f"{where}的{unit.short}前面已经有分工，一个单位只列一项，请合并。")
        if said.get("readers") and unit.code not in {org.person(user).unit for user in said["readers"]}:
            raise Refusal(f"“知情人员”里没有{unit.short}的人，{where}就没有人能办，请补上。")
        due_on = day(row.get("due_on"), f"{where}的期限")
        if due_on and due_on < now.date().isoformat():
            raise Refusal(f"{where}（{unit.short}）的期限 {due_on} 已经过去，请填写今天以后的日期。")
        if due_on > latest:
            raise Refusal(f"{where}（{unit.short}）的期限 {due_on} 晚于主件的期限 {latest}，请改成不晚于主件。")
        if due_on:
            deadlines.stated(date.fromisoformat(due_on), law, today=now.date())
        text = row.get("requirement")
        requirement = optional(text, where, REQUIREMENT) if secret else required(text, f"{where}的要求", REQUIREMENT)
        parts.append({"unit": unit.code, "requirement": requirement, "due_on": due_on})
    _refuse_secret([part["requirement"] for part in parts if part["requirement"]], secret)
    return parts


def _latest(said: Mapping[str, Any], law: Regulation, now: datetime) -> str:
    """The date of the whole; a limit of the type is counted from now, when the notice goes out at the earliest."""
    limit = law.types[said["type"]].limit
    if said.get("due_on"):
        return str(said["due_on"])
    return deadlines.due(limit, now, law).on.isoformat() if limit is not None else ""


def _rows(value: object, label: str, of_line: Any) -> list[Mapping[str, Any]]:
    if value in (None, "", [], ()):
        return []
    if isinstance(value, str):
        return [of_line(line) for line in clean(value).split("\n") if line.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        raise Refusal(f"“{label}”应当是一张表，一行一项，收到的是“{value}”，请改正。")
    return list(value)


def _refuse_secret(texts: Sequence[str], secret: bool) -> None:
    if secret and any(not re.fullmatch(r"第.{1,3}阶段|（?内?容?见纸质件）?", text) for text in texts):
        raise Refusal("涉密件的阶段和分工不得写明内容：阶段写“第一阶段”，分工写“见纸质件”。")
