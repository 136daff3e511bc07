"""Commands on period files (期), and the objection of a unit to its scores."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from duban import acts, clock, ledger, organization, periodicals
from duban.acts import OPERATOR
from duban.cli.matters import Json
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.standing import PERIODICALS, STATES
from duban.periodicals import reading, scoring, showing

periods_app = typer.Typer(name="periods", help="期：周报、考核、汇总、通报、年度归档。", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="期的编号，如 BC-KH-2026-03", metavar="NUMBER")]
_KINDS = "、".join(f"{kind}（{known.name}）" for kind, known in periodicals.KINDS.items())
Kind = Annotated[str, typer.Argument(help=f"种类：{_KINDS}；写中文也可以", metavar="KIND")]


def _kind(said: str) -> str:
    return next((kind for kind, known in periodicals.KINDS.items() if known.name == said), said)


@periods_app.command(name="open")
def open_period(
    kind: Kind, period: Annotated[str, typer.Argument(help="哪一期：2026-03、2026-Q1、2026 或 2026-11-20")]
) -> None:
    """建一期；同一期建两次是同一个编号。

    例：duban periods open 考核 2026-03
    """
    _said(_read(periodicals.open(_kind(kind), period)))


@periods_app.command(name="list")
def list_periods(kind: Annotated[str, typer.Option(help=f"只看这一种：{_KINDS}")] = "", as_json: Json = False) -> None:
    """列出各期，新的在前。

    例：duban periods list --kind 考核
    """
    wanted = _kind(kind) or None
    if wanted is not None and wanted not in PERIODICALS:
        raise Refusal(f"没有“{kind}”这一种期，可用：{_KINDS}。")
    with ledger.transaction() as session:
        found = reading.listed(session, wanted)
    if as_json:
        typer.echo(json.dumps([_line(state) for state in found], ensure_ascii=False, indent=1))
        return
    for state in found:
        _said(state)
    typer.echo(f"共 {len(found)} 期")


@periods_app.command()
def show(number: Number, as_json: Json = False) -> None:
    """看一期的现状、初稿和经过。

    例：duban periods show BC-KH-2026-03
    """
    state = acts.consult(number, OPERATOR)
    period = reading.of(state).periodical
    with ledger.transaction() as session:
        events = ledger.events(session, number)
        content = periodicals.snapshot(session, number) if period.snapshot else None
    if as_json:
        body = {"state": state.model_dump(mode="json"), "content": content}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return
    _said(state)
    if content and state.type in showing.TYPES:
        typer.echo("\n" + "\n\n".join(showing.chapters(state, content)) + "\n")
    for event in events:
        at = event.at.astimezone(clock.SHANGHAI)
        typer.echo(f"{at:%Y-%m-%d %H:%M}  {_word(event.kind)}  {event.actor.name}  {event.clause}")
    for document in state.documents:
        typer.echo(f"文书：{document.name}")


@periods_app.command()
def draft(number: Number) -> None:
    """起草（流程在运行的由流程自动起草）。已有初稿的不会重出。

    例：duban periods draft BC-KH-2026-03
    """
    state = _read(number)
    _said(periodicals.collect(number) if state.type == "year_end_archive" else periodicals.draft(number))


@periods_app.command()
def publish(number: Number) -> None:
    """印发已经审定的一期，并制作文书；没有审定的不能印发。

    例：duban periods publish BC-ZB-2026-11-20
    """
    if _read(number).awaits("pack"):
        periodicals.pack(number)
    periodicals.publish(number)
    state = periodicals.complete(number)
    if state.state != "published":
        raise Refusal(f"{state.title}（{number}）目前是“{STATES[state.state]}”，还不能印发，请先办完前面的事项。")
    _said(state)
    for document in state.documents:
        typer.echo(f"文书：{document.name}")


@periods_app.command()
def decide(
    number: Number,
    option: Annotated[str, typer.Argument(help="选项，如 同意、同意印发、退回重拟、异议成立")],
    user: Annotated[str, typer.Option("--by", help="谁办的（用户名）")],
    key: Annotated[str, typer.Option(help="哪一项（等待事项有几项时要写）")] = "",
    opinion: Annotated[str, typer.Option(help="意见或理由")] = "",
    text: Annotated[str | None, typer.Option(help="通报正文；不写的沿用前一稿")] = None,
    praised: Annotated[
        list[str] | None, typer.Option(help="通报表扬，写成“单位：理由”，可以写几次；不写的沿用前面提出的")
    ] = None,
    criticised: Annotated[
        list[str] | None, typer.Option(help="通报批评，写成“单位：理由”，可以写几次；不写的沿用前面提出的")
    ] = None,
) -> None:
    """替有关岗位登记纸面上的决定（平时在“需要操作”里办理）。

    例：duban periods decide BC-KH-2026-03 同意印发 --by gu.chief --criticised 经侦支队：未按规定时限反馈
    """
    state = _read(number)
    asked = [one for one in state.awaiting if "." in one.partition(":")[0]]
    if not key and not asked:
        raise Refusal(f"{state.title}（{number}）目前是“{STATES[state.state]}”，没有要人来办的事项。")
    if not key and len(asked) != 1:
        raise Refusal(f"{number} 现在有{len(asked)}项待办（{'、'.join(asked) or '无'}），请用 --key 写明是哪一项。")
    fields = {"opinion": opinion, "reason": opinion}
    fields |= {"text": text} if text is not None else {}
    named = {"praised": praised, "criticised": criticised}
    fields |= {name: "\n".join(lines) for name, lines in named.items() if lines is not None}
    _said(acts.decide(number, key or asked[0], option, fields, _person(user)))


def object_to(
    number: Number,
    entry: Annotated[str, typer.Argument(help="哪一条计分：duban periods entries 里的编号")],
    reason: Annotated[str, typer.Option(help="异议理由")],
    user: Annotated[str, typer.Option("--by", help="提出异议的人（单位主要负责人或联络员的用户名）")] = "",
) -> None:
    """对考核初稿里本单位的一条计分提出异议（异议期内）。

    例：duban object BC-KH-2026-03 BC-2026-0001/lapse:reply:1/late_reply/jingzhen --reason 送达时间有误
    """
    state = periodicals.object_to(number, _person(user) if user else OPERATOR, entry, reason)
    last = next(one for one in reading.of(state).periodical.objections if one.entry == entry)
    typer.echo(f"{number}：已收到第{last.number}号异议，由办公室裁定。")


@periods_app.command()
def entries(
    number: Number,
    unit: Annotated[str, typer.Option(help="只看这个单位（名称或代码）")] = "",
    as_json: Json = False,
) -> None:
    """列出考核初稿的每一条计分和它的编号（提异议时用）。

    例：duban periods entries BC-KH-2026-03 --unit 经侦支队
    """
    reading.of(_read(number), "monthly_scoring")
    code = organization.load().unit(unit).code if unit else ""
    with ledger.transaction() as session:
        content = periodicals.snapshot(session, number)
    found = [one for one in scoring.entries_in(content) if not code or one["unit"] == code]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    names = {unit["unit"]: unit["name"] for unit in content["sheet"]["units"]}
    for one in found:
        what = f"{one['item_text']}  {scoring.points(one['points'])}分  {one['clause']}  {one['date']}"
        typer.echo(f"{names[one['unit']]}  {what}  {one['reference'] or one['number']}\n    {one['id']}")
    typer.echo(f"共 {len(found)} 条")


def _person(user: str) -> Actor:
    person = organization.load().person(user)
    return Actor(person.user, person.name, person.posts[0], person.unit)


def _read(number: str) -> State:
    with ledger.transaction() as session:
        return reading.of(ledger.state(session, number)).state


def _line(state: State) -> dict[str, Any]:
    period = reading.of(state).periodical
    return {
        "number": state.number,
        "type": state.type,
        "title": state.title,
        "period": period.period,
        "state": state.state,
        "state_text": STATES[state.state],
        "reference": state.reference,
        "awaiting": list(state.awaiting),
        "attempt": state.attempt,
        "published_at": period.published_at.isoformat() if period.published_at else None,
    }


def _said(state: State) -> None:
    period = reading.of(state).periodical
    until = ""
    if state.state == "objecting" and period.objections_until:
        until = f"，{reading.until(period.objections_until)}前可以提异议"
    desk = f"（{organization.load(state.organization).title(state.desk)}）" if state.desk else ""
    reference = f"  {state.reference}" if state.reference else ""
    typer.echo(f"{state.number}  {state.title}{reference}  {STATES[state.state]}{desk}{until}")


#: Kind of event -> what people call it in the course of a period file.
_WORDS = {
    "periodical_opened": "建期",
    "drafted": "起草",
    "draft_edited": "核稿",
    "draft_signed": "审批",
    "objected": "提出异议",
    "objection_decided": "裁定异议",
    "objections_closed": "异议期满",
    "published": "印发",
    "completed": "文书制成",
    "documented": "文书",
    "collected": "收集归档",
    "packed": "打包",
    "archived": "归档",
    "praised": "通报表扬",
    "criticised": "通报批评",
    "accountability_opened": "问责登记",
    "accountability_closed": "问责办结",
    "consulted": "查阅",
}


def _word(kind: str) -> str:
    return _WORDS.get(kind, kind)


#: name of the command -> function.
COMMANDS: dict[str, Callable[..., Any]] = {"object": object_to}
