"""Commands for what turns up while a matter runs: what the office puts on record, and what a unit sends back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from duban import acts
from duban.acts import OPERATOR
from duban.acts.reminding import HOW as TRACKED
from duban.cli import runs
from duban.cli.matters import Number
from duban.ledger.standing import STATES, State
from duban.regulation import vocabulary

Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期，如 2026-03-05")]
Due = Annotated[datetime | None, typer.Option("--due", formats=["%Y-%m-%d"], help="期限，如 2026-03-20")]
Reason = Annotated[str, typer.Option(help="理由")]
Text = Annotated[str, typer.Option(help="内容")]
Unit = Annotated[str, typer.Option(help="单位（名称或代码），不填为承办单位")]
Case = Annotated[str, typer.Option("--case", help="问责编号，见 duban show NUMBER --json")]
SignedBy = Annotated[str, typer.Option(help="签字的领导")]

FORMS = "、".join(vocabulary.URGE_FORMS)


def decline(number: Number, reason: Reason) -> None:
    """退件：认为不属本单位职责，请办公室改派（办理以前）。

    例：duban decline BC-2026-0012 --reason 辖区不在我局
    """
    _said(acts.decline(number, OPERATOR, reason))


def reply_on_paper(
    number: Number,
    place: Annotated[str, typer.Option(help="纸质件存放处")],
    signed_by: SignedBy = "",
    text: Text = "",
) -> None:
    """登记收到的纸质回复。

    例：duban reply-on-paper BC-2026-0012 --place 文件柜3-2 --signed-by 王强
    """
    _said(acts.reply_on_paper(number, OPERATOR, place, signed_by, text))


def object_extension(number: Number, reason: Reason, due: Due = None) -> None:
    """对备案的延期不同意：回到原时限，或者另定一个。

    例：duban object-extension BC-2026-0012 --reason 理由不充分 --due 2026-03-12
    """
    _said(acts.object_extension(number, OPERATOR, reason, _day(due)))


def urge(
    number: Number,
    how: Annotated[str, typer.Option(help=f"形式：{FORMS}")],
    text: Text,
    due: Due = None,
) -> None:
    """登记一次催办（自动催办以外的）。

    例：duban urge BC-2026-0012 --how 电话 --text 已与联络员通话，答应周五报来
    """
    _said(acts.urge_by_hand(number, OPERATOR, vocabulary.URGE_FORMS.get(how, how), text, _day(due)))


def track(number: Number, how: Annotated[str, typer.Option(help=f"方式：{'、'.join(TRACKED)}")], text: Text) -> None:
    """登记一次过问、跟踪。

    例：duban track BC-2026-0012 --how 电话 --text 正在取证
    """
    _said(acts.track(number, OPERATOR, how, text))


def inspect(
    number: Number,
    people: Annotated[str, typer.Option(help="检查人员")],
    on: Day,
    findings: Annotated[str, typer.Option(help="检查情况")],
) -> None:
    """登记一次检查。

    例：duban inspect BC-2026-0012 --people 田雨欣、冯立言 --on 2026-03-05 --findings 台账齐全
    """
    _said(acts.inspect(number, OPERATOR, people, on.date(), findings))


def papers(number: Number) -> None:
    """制作到时自动应出、还没有出的文书（分级催办）。

    例：duban papers BC-2026-0012
    """
    _said(acts.write_papers(number))


def further_work(
    number: Number,
    requirement: Annotated[str, typer.Option(help="续办要求")],
    due: Due = None,
    reason: Reason = "",
) -> None:
    """续办：回复合格，事情还要接着办（办结以后也可以）。

    例：duban further-work BC-2026-0012 --requirement 跟踪三个月 --due 2026-06-30
    """
    state = acts.further_work(number, OPERATOR, requirement, _day(due), reason)
    runs.start([number])
    _said(state)


def follow_up(
    number: Number,
    party: Annotated[str, typer.Option(help="当事人（只保存姓氏）")],
    on: Day,
    how: Annotated[str, typer.Option(help="回访方式")],
    opinion: Annotated[str, typer.Option(help="当事人的意见")],
    consistent: Annotated[bool, typer.Option("--consistent/--differs", help="与回复一致 / 不一致")],
) -> None:
    """登记跟踪回访。

    例：duban follow-up BC-2026-0012 --party 张某 --on 2026-03-20 --how 电话 --opinion 没有人来过 --differs
    """
    _said(acts.follow_up(number, OPERATOR, party, on.date(), how, opinion, consistent))


def coordinate(
    number: Number,
    units: Annotated[list[str], typer.Option("--unit", help="有分歧的单位，每个写一次 --unit")],
    ruling: Annotated[str, typer.Option(help="协调意见")],
    by: Annotated[str, typer.Option(help="裁定的领导")],
    on: Day,
) -> None:
    """登记单位之间的协调、裁定。

    例：duban coordinate BC-2026-0012 --unit 经侦支队 --unit 刑侦支队 --ruling 经侦牵头 --by 戚望山 --on 2026-03-05
    """
    _said(acts.coordinate(number, OPERATOR, tuple(units), ruling, by, on.date()))


def praise(
    number: Number,
    level: Annotated[str, typer.Option(help="通报表扬、主要领导表扬 或 上级表扬")],
    reason: Reason,
    bulletin: Annotated[str, typer.Option(help="通报或批示文号")] = "",
    unit: Unit = "",
) -> None:
    """登记表扬。

    例：duban praise BC-2026-0012 --level 通报表扬 --reason 办理及时 --bulletin 督办通报第3期
    """
    _said(acts.praise(number, OPERATOR, _level(level), reason, bulletin, unit))


def criticise(
    number: Number,
    level: Annotated[str, typer.Option(help="质量差被通报（本局通报批评）或 致上级通报")],
    reason: Reason,
    bulletin: Annotated[str, typer.Option(help="通报文号")] = "",
    unit: Unit = "",
    other: Annotated[list[str] | None, typer.Option("--other", help="同样要书面说明的责任部门")] = None,
) -> None:
    """登记通报批评；满次数的自动登记问责。

    例：duban criticise BC-2026-0012 --level 质量差被通报 --reason 逾期未报 --bulletin 督办通报第3期
    """
    _said(acts.criticise(number, OPERATOR, _level(level), reason, bulletin, unit, tuple(other or ())))


def leak(
    number: Number,
    text: Annotated[str, typer.Option(help="泄密情况")],
    person: Annotated[str, typer.Option(help="责任人")],
) -> None:
    """登记泄密。

    例：duban leak BC-2026-0012 --text 将批示告知当事人 --person 某民警
    """
    _said(acts.report_leak(number, OPERATOR, text, person))


def hold_to_account(
    number: Number, ground: Annotated[str, typer.Option(help="制度里的追责情形")], reason: Reason, unit: Unit = ""
) -> None:
    """按追责情形登记问责。

    例：duban hold-to-account LZ-2026-0003 --ground 推诿拖延造成严重后果 --reason 两次退件，延误处置
    """
    _said(acts.hold_to_account(number, OPERATOR, ground, reason, unit))


def render_account(
    number: Number,
    case: Case,
    unit: Annotated[str, typer.Option(help="说明的单位（名称或代码）")],
    text: Text,
    signed_by: SignedBy,
) -> None:
    """登记单位主要领导向局党委的书面说明。

    例：duban render-account BC-2026-0012 --case case:criticised:1 --unit 经侦支队 --text 因…… --signed-by 谭志刚
    """
    _said(acts.render_account(number, OPERATOR, case, unit, text, signed_by))


def resolve_case(number: Number, case: Case, outcome: Annotated[str, typer.Option(help="处理结果")]) -> None:
    """登记问责的处理结果（办结、撤销以后也可以）。

    例：duban resolve-case BC-2026-0012 --case case:urged_reply:1 --outcome 对主要领导提醒谈话
    """
    _said(acts.resolve_case(number, OPERATOR, case, outcome))


def _level(words: str) -> str:
    """What the assessment chapter calls it, or its id."""
    return vocabulary.SCORED_EVENTS.get(words, words)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _said(state: State) -> None:
    due = f"，时限 {state.due_on}" if state.due_on and not state.ended else ""
    open_cases = [case.id for case in state.cases if case.closed_at is None]
    cases = f"，未了结的问责 {'、'.join(open_cases)}" if open_cases else ""
    typer.echo(f"{state.number}：{STATES[state.state]}（第{state.round}轮{due}）{cases}")


#: name of the command -> function, in the order in which `duban --help` lists them.
COMMANDS: dict[str, Callable[..., Any]] = {
    "decline": decline,
    "reply-on-paper": reply_on_paper,
    "object-extension": object_extension,
    "urge": urge,
    "track": track,
    "inspect": inspect,
    "papers": papers,
    "further-work": further_work,
    "follow-up": follow_up,
    "coordinate": coordinate,
    "praise": praise,
    "criticise": criticise,
    "leak": leak,
    "hold-to-account": hold_to_account,
    "render-account": render_account,
    "resolve-case": resolve_case,
}
