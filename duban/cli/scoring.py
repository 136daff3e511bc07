"""`duban score`: the scores of a period, why a unit has its own, and what another regulation would make of them."""

import json
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from duban import acts, clock, ledger, organization, regulation
from duban.errors import Refusal
from duban.ledger.engine import snapshot
from duban.organization import Organization
from duban.regulation import Regulation
from duban.scoring import explain as explaining
from duban.scoring import months, replay
from duban.scoring.entries import Entry, ScoreSheet, UnitScore, number_text
from duban.scoring.explain import Explained
from duban.scoring.replay import Replay

_WHAT = {"appears": "增", "vanishes": "减", "changes": "改"}


def score(
    month: Annotated[str, typer.Option(help="月份，如 2026-03；按季、按年看的写 2026-Q1、2026")] = "",
    year: Annotated[str, typer.Option(help="年份，如 2026")] = "",
    explain: Annotated[tuple[str, str], typer.Option(metavar="单位 月份", help="逐条说明这个单位的分从哪来")] = (
        "",
        "",
    ),
    other: Annotated[str, typer.Option("--regulation", help="换一部制度（或版本）重算，看差在哪里")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """各单位的考核得分：期初、每一条加减分（条款、督办件、分值、证据）、期末、名次。已通报的照通报的显示，没通报的现算。

    例：duban score --month 2026-03

    例：duban score --explain 经侦支队 2026-03

    例：duban score --regulation baicheng-2026 --year 2026
    """
    unit, period = explain
    period = _one(month, year, period)
    _catch_up()
    with snapshot() as session:
        law, org = _law(session, period), organization.load()
        if other:
            told = replay.replay(session, law, regulation.load(other), org, period)
            _print(told.as_json(), _replayed(told), as_json)
            return
        sheet, final = months.sheet(session, law, org, period)
        if unit:
            line, said = _explained(session, sheet, org, unit)
            plain = {
                "period": sheet.period,
                "published": final,
                "unit": line.as_json() | {"entries": [], "carried": []},
            }
            plain |= {"explained": [one.as_json() for one in said]}
            _print(plain, _explanation(sheet, final, line, said), as_json)
        else:
            _print(sheet.as_json() | {"published": final}, _table(sheet, final), as_json)


def _one(*named: str) -> str:
    given = [one.strip() for one in named if one.strip()]
    if len(given) != 1:
        raise Refusal("请写明看哪一期（只写一个）：--month 2026-03、--year 2026，或 --explain 单位 2026-03。")
    return given[0]


def _law(session: Session, period: str) -> Regulation:
    """The version in force on the last day of the period, or today in a period that is not over."""
    span = months.span_of(period)
    today = clock.now(session).date()
    if span.starts > today:
        raise Refusal(f"{span.name}还没有到，今天是{today}，请核对期间。")
    return regulation.current(min(span.ends, today))


def _catch_up() -> None:
    """Let time do its work first: what fell due is in the ledger before it is counted."""
    with ledger.transaction() as session:
        behind = ledger.due_to_wake(session, clock.now(session))
    for number in behind:
        try:
            acts.lapse(number)
        except Refusal as refusal:
            typer.echo(f"{number} 的到期情况没有记上：{refusal}", err=True)


def _explained(session: Session, sheet: ScoreSheet, org: Organization, unit: str) -> tuple[UnitScore, list[Explained]]:
    code = next((one.unit for one in sheet.units if unit in (one.unit, one.name, one.full_name)), None)
    line = sheet.unit(code or org.unit(unit).code)
    if line is None:
        raise Refusal(f"{unit}不在{months.span_of(sheet.period).name}的考核表上，请核对单位和期间。")
    return line, explaining.of_unit(session, line)


def _print(plain: dict[str, Any], lines: Iterator[str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    for line in lines:
        typer.echo(line)


def _head(sheet: ScoreSheet, final: bool) -> str:
    law, span = regulation.load(sheet.regulation), months.span_of(sheet.period)
    said = "已通报" if final else "现算，未通报"
    return f"{span.name}督办考核（{said}）　依据《{law.title}》{law.scoring.basis.clause}"


def _table(sheet: ScoreSheet, final: bool) -> Iterator[str]:
    yield _head(sheet, final)
    if sheet.method == "qualitative":
        yield from _listed(sheet)
        return
    width = max((_width(unit.name) for unit in sheet.units), default=4)
    yield f"名次  {_wide('单位', width)}  期初     本期     期末     件数"
    for unit in sheet.units:
        shown = number_text(unit.shown) + (f"（实{number_text(unit.closing)}）" if unit.shown != unit.closing else "")
        rank = f"{unit.rank:>3} " if unit.rank else " —  "
        delta = _signed(unit.delta)
        yield (
            f"{rank}  {_wide(unit.name, width)}  {number_text(unit.opening):<7}  {delta:<7}  {shown:<7}  {unit.matters}"
            + (f"  {unit.note}" if unit.note else "")
        )
        for entry in unit.entries:
            yield f"        {_entry(entry)}"
        for entry in unit.carried:
            yield f"        {_entry(entry)}（以前未通报的，已计入期初）"
    if sheet.waived:
        yield f"异议成立、不计分的：{len(sheet.waived)}条"


def _listed(sheet: ScoreSheet) -> Iterator[str]:
    yield "本制度只定性、不计分；下列情形供年终考评："
    for unit in sheet.units:
        for entry in (*unit.carried, *unit.entries):
            yield f"  {unit.name}  {_entry(entry)}"
    if not any(unit.carried or unit.entries for unit in sheet.units):
        yield "  没有"


def _entry(entry: Entry) -> str:
    number = entry.reference or entry.number or "—"
    points = f"{_signed(entry.points)}分  " if entry.points else ""
    parts = [f"{entry.date}  {points}{entry.item_text}  {entry.clause}  {number}"]
    parts += [entry.note] if entry.note else []
    parts += [f"更正{entry.corrects}"] if entry.corrects else []
    parts += [f"证据：{entry.document.name}"] if entry.document else []
    return "  ".join(parts)


def _explanation(sheet: ScoreSheet, final: bool, unit: UnitScore, said: list[Explained]) -> Iterator[str]:
    yield _head(sheet, final)
    rank = f"，第{unit.rank}名" if unit.rank else ""
    if sheet.method == "points":
        yield (
            f"{unit.name}：基础分{number_text(unit.base)}，期初{number_text(unit.opening)}，"
            f"本期{_signed(unit.delta)}，期末{number_text(unit.closing)}，显示{number_text(unit.shown)}{rank}"
        )
    if not said:
        yield "没有加减分。"
    for nth, one in enumerate(said, start=1):
        entry = one.entry
        points = f"{_signed(entry.points)}分　" if sheet.method == "points" else ""
        late = f"　更正{entry.corrects}" if entry.corrects else ""
        carried = "　以前未通报，已计入期初" if entry in unit.carried else ""
        yield f"{nth}. {points}{entry.item_text}{late}{carried}"
        yield f"   条款：《{one.title}》{entry.clause} {one.clause.title}：{one.clause.text}"
        about = "　".join(part for part in (entry.number, entry.reference) if part) or "—"
        yield f"   督办件：{about}" + (f"（{entry.mark}）" if entry.mark else "")
        place = f"，{entry.source}第{one.seq}条记录" if one.seq else ""
        yield f"   事由：{entry.at:%Y-%m-%d %H:%M} {one.event}{f'，{entry.note}' if entry.note else ''}{place}"
        if one.recorded_at:
            yield f"   记录人：{one.recorded_by}，记录于 {one.recorded_at:%Y-%m-%d %H:%M}"
        yield f"   文书：{entry.document.name if entry.document else '无'}"
        yield f"   条目编号：{entry.id}"


def _replayed(told: Replay) -> Iterator[str]:
    now, then = (regulation.load(sheet.regulation) for sheet in (told.now, told.then))
    yield (
        f"{months.span_of(told.period).name}：按各件登记时的制度（现为《{now.title}》{now.id}），"
        f"和全部改按《{then.title}》{then.id}"
    )
    width = max((_width(unit.name) for unit in told.units), default=4)
    yield f"{_wide('单位', width)}  现在     改后     相差     名次"
    counts = [sheet.method == "points" for sheet in (told.now, told.then)]
    if not all(counts):
        yield "有一方不计分，分数没有可比的，只看哪些情形会增减。"
    for unit in told.units:
        sides = (unit.now, unit.then)
        scores = [
            number_text(one.closing) if one and counted else "—" for one, counted in zip(sides, counts, strict=True)
        ]
        ranks = [str(one.rank) if one and one.rank else "—" for one in sides]
        rank = "→".join(dict.fromkeys(ranks))
        difference = _signed(unit.difference) if all(counts) else "—"
        yield f"{_wide(unit.name, width)}  {scores[0]:<7}  {scores[1]:<7}  {difference:<7}  {rank}"
        for change in unit.changes:
            was = f"（原{_signed(change.now.points)}分）" if change.now and change.then else ""
            shown = change.then or change.entry
            yield f"    {_WHAT[change.what]}  {_entry(shown)}{was}"
    if not any(unit.changes for unit in told.units):
        yield "没有一条加减分会变。"


def _signed(points: Decimal) -> str:
    return f"+{number_text(points)}" if points > 0 else number_text(points)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _wide(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
