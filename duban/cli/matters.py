"""Commands on matters: the register, and what a unit or the office does when it does not do it in the browser."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from duban import acts, clock, ledger, organization
from duban.acts import OPERATOR, papers
from duban.cli import runs
from duban.documents.pdf import convert
from duban.errors import Refusal
from duban.ledger.standing import STATES, State
from duban.orchestration import lost_runs
from duban.regulation import vocabulary

Number = Annotated[str, typer.Argument(help="督办件编号，如 BC-2026-0012", metavar="NUMBER")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def items(
    unit: Annotated[str, typer.Option(help="只看这个承办单位（名称或代码）")] = "",
    state: Annotated[str, typer.Option(help="只看这个状态（如 办理中 或 in_progress）")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期的")] = False,
    as_json: Json = False,
) -> None:
    """列出台账。

    例：duban items --unit 经侦支队 --overdue
    """
    code = organization.load().unit(unit).code if unit else None
    with ledger.transaction() as session:
        found = ledger.items(session, unit=code, state=_state(state), overdue=overdue, now=clock.now(session))
    if as_json:
        rows = [asdict(item) | {"state_text": STATES[str(item.state)]} for item in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=_plain))
        return
    org = organization.load()
    for item in found:
        unit_name = org.unit(item.unit).name if item.unit in (*org.units, organization.OFFICE) else item.unit
        due = item.due_on.isoformat() if item.due_on else "—"
        title = "（涉密件）" if item.mark and item.mark != "内部" else item.title
        typer.echo(f"{item.number}  {STATES[str(item.state)]}  第{item.round}轮  时限 {due}  {unit_name}  {title}")
    typer.echo(f"共 {len(found)} 件")


def _state(text: str) -> str | None:
    if not text or text in STATES:
        return text or None
    for code, words in STATES.items():
        if words == text:
            return code
    raise Refusal(f"没有“{text}”这种状态，可用：{'、'.join(STATES.values())}。")


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def show(number: Number, as_json: Json = False) -> None:
    """看一件督办件的现状和经过。

    例：duban show BC-2026-0012
    """
    state = acts.consult(number, OPERATOR)
    with ledger.transaction() as session:
        events = ledger.events(session, number)
    if as_json:
        body = {"state": state.model_dump(mode="json"), "events": [asdict(event) for event in events]}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=1, default=_plain))
        return
    typer.echo(f"{state.reference}  {state.title}  {STATES[state.state]}  第{state.round}轮")
    for event in events:
        at = event.at.astimezone(clock.SHANGHAI)
        typer.echo(f"{at:%Y-%m-%d %H:%M}  {event.clause}  {event.kind}  {event.actor.name}")


def register(
    file: Annotated[Path, typer.Argument(help="登记表 .xlsx 或 .json", exists=True, dir_okay=False)],
    kind: Annotated[str, typer.Option("--type", help="督办类型")] = "general",
    as_json: Json = False,
) -> None:
    """登记一批督办件（要么全部登记，要么一件也不登记）并启动流程。

    例：duban register examples/matters.xlsx
    """
    from duban import registration

    entries = registration.read_entries(file)
    forms = [{"type": kind, **entry.form} for entry in entries]
    where = [entry.where for entry in entries]
    states = acts.register_all(forms, OPERATOR, f"file:{runs.fingerprint(file)}", where)
    started = runs.start([state.number for state in states])
    if as_json:
        rows = [{"number": state.number, "reference": state.reference, "title": state.title} for state in states]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for state in states:
        typer.echo(f"{state.number}  {state.reference}  {state.title}")
    typer.echo(
        f"已登记 {len(states)} 件，" + (f"启动流程 {started} 个。" if started is not None else runs.NOT_CONFIGURED)
    )


def receive(number: Number, by: Annotated[str, typer.Option(help="领收人")] = "") -> None:
    """领收督办通知单。

    例：duban receive BC-2026-0012 --by 李明
    """
    _said(acts.receive(number, OPERATOR, by))


def read(
    number: Number,
    by: Annotated[str, typer.Option(help="阅批的主要负责人")] = "",
    opinion: Annotated[str, typer.Option(help="阅批意见")] = "",
) -> None:
    """登记主要负责人阅批。

    例：duban read BC-2026-0012 --opinion 请法制大队办理
    """
    _said(acts.read(number, OPERATOR, by, opinion))


def reply(
    number: Number,
    file: Annotated[Path, typer.Argument(help="办结报告 .docx", exists=True, dir_okay=False)],
    signed_by: Annotated[str, typer.Option(help="签字的主要领导")] = "",
) -> None:
    """报送办结报告。

    例：duban reply BC-2026-0012 办结报告.docx --signed-by 王强
    """
    _said(acts.reply(number, OPERATOR, file.name, file.read_bytes(), signed_by))


def extend(
    number: Number,
    reason: Annotated[str, typer.Option(help="未办结原因")],
    plan: Annotated[str, typer.Option(help="下一步办理安排")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="新的完成日期")],
    signed_by: Annotated[str, typer.Option(help="签字的主要领导")],
    done: Annotated[str, typer.Option(help="已做工作")] = "",
) -> None:
    """延期备案（到期前）。

    例：duban extend BC-2026-0012 --reason 待鉴定 --plan 办结 --until 2026-03-20 --signed-by 王强
    """
    state = acts.extend(number, OPERATOR, reason, plan, until.date(), signed_by, done)
    _said(state)


def progress(
    number: Number,
    text: Annotated[str, typer.Option(help="进展情况")],
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="预计办结日期（催办后必填）")] = None,
    carried_out: Annotated[str, typer.Option("--carried-out", help="是否落实：已落实、部分落实、未落实")] = "",
    obstacle: Annotated[str, typer.Option(help="未落实的原因")] = "",
    remedy: Annotated[str, typer.Option(help="解决办法")] = "",
) -> None:
    """报送进展情况。

    例：duban progress BC-2026-0012 --text 已完成摸排 --until 2026-03-20 --carried-out 已落实
    """
    day = until.date() if until else None
    _said(acts.report_progress(number, OPERATOR, text, day, carried_out, obstacle, remedy))


def account(
    number: Number,
    text: Annotated[str, typer.Option(help="情况说明")],
    signed_by: Annotated[str, typer.Option(help="签字的主要领导")],
) -> None:
    """报送书面情况说明。

    例：duban account BC-2026-0012 --text 因…… --signed-by 王强
    """
    _said(acts.account(number, OPERATOR, text, signed_by))


def instruct(
    number: Number,
    leader: Annotated[str, typer.Option(help="批示领导")],
    text: Annotated[str, typer.Option(help="批示内容")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="批示日期")],
    requirement: Annotated[str, typer.Option(help="新的要求")] = "",
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="新的时限")] = None,
) -> None:
    """登记新批示（归档前任何时候）。

    例：duban instruct BC-2026-0012 --leader 张局 --text 请提速 --on 2026-03-05
    """
    state = acts.instruct(number, OPERATOR, leader, text, on.date(), requirement, due.date() if due else None)
    runs.start([number])
    _said(state)


def give_back(
    number: Number,
    level: Annotated[str, typer.Option(help="deputy（分管领导）或 chief（主要领导）")],
    reason: Annotated[str, typer.Option(help=f"退回理由：{'、'.join(vocabulary.RETURN_REASONS)}")],
    requirement: Annotated[str, typer.Option(help="补办要求")],
    due: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="补办期限")] = None,
) -> None:
    """登记领导批示重办。

    例：duban return BC-2026-0012 --level deputy --reason 敷衍塞责 --requirement 重新核查
    """
    code = vocabulary.RETURN_REASONS.get(reason, "")
    state = acts.leader_return(number, OPERATOR, level, code, requirement, due.date() if due else None)
    runs.start([number])
    _said(state)


def withdraw(
    number: Number,
    reason: Annotated[str, typer.Option(help="撤销原因")],
    approved_by: Annotated[str, typer.Option(help="批准撤销的局长")],
) -> None:
    """撤销督办件（须局长批准）。

    例：duban withdraw BC-2026-0012 --reason 事项取消 --approved-by 张局
    """
    _said(acts.withdraw(number, OPERATOR, reason, approved_by))


def resume(
    number: Annotated[str, typer.Argument(help="督办件编号；不填为全部未归档的", metavar="[NUMBER]")] = "",
) -> None:
    """给没有流程的督办件和期（考核、通报等）重新启动流程，从台账现状接着办。

    例：duban resume BC-2026-0012
    """
    with ledger.transaction() as session:
        open_items = [one.number for one in lost_runs.open_matters(session)]
    started = runs.start([number] if number else open_items)
    typer.echo(runs.NOT_CONFIGURED if started is None else f"启动流程 {started} 个。")


def documents(
    number: Number,
    out: Annotated[Path, typer.Option(help="存放的文件夹")] = Path(),
    pdf: Annotated[bool, typer.Option("--pdf", help="系统制作的文书另存一份 PDF（要装 LibreOffice）")] = False,
    form: Annotated[str, typer.Option(help="只存一份给承办单位填写的文书，如 督办反馈；不记入台账")] = "",
) -> None:
    """把一件督办件的全部文书存到文件夹。

    例：duban documents BC-2026-0012 --out 文书 --pdf
    """
    if form:
        out.mkdir(parents=True, exist_ok=True)
        target = out / f"{number} {form}.docx"
        target.write_bytes(papers.form(number, form))
        typer.echo(str(target))
        return
    with ledger.transaction() as session:
        kept = ledger.state(session, number).documents
        made = {event.data["sha256"] for event in ledger.events(session, number) if "template" in event.data}
    out.mkdir(parents=True, exist_ok=True)
    own: list[Path] = []
    for place, paper in enumerate(kept):
        name = Path(Path(paper.name).name)
        earlier = sum(one.name == paper.name for one in kept[:place])  # two rounds may bring files of one name
        target = out / (f"{name.stem}（{earlier + 1}）{name.suffix}" if earlier else name)
        target.write_bytes(ledger.fetch_file(paper.sha256))
        typer.echo(str(target))
        if paper.sha256 in made:  # what a unit sent is not given to a program that follows its links
            own.append(target)
    for target in convert(own, out) if pdf else ():
        typer.echo(str(target))


def _said(state: State) -> None:
    due = f"，时限 {state.due_on}" if state.due_on and not state.ended else ""
    typer.echo(f"{state.number}：{STATES[state.state]}（第{state.round}轮{due}）")


#: name of the command -> function, in the order in which `duban --help` lists them.
COMMANDS: dict[str, Callable[..., Any]] = {
    "items": items,
    "show": show,
    "documents": documents,
    "register": register,
    "receive": receive,
    "read": read,
    "reply": reply,
    "extend": extend,
    "progress": progress,
    "account": account,
    "instruct": instruct,
    "return": give_back,
    "withdraw": withdraw,
    "resume": resume,
}
