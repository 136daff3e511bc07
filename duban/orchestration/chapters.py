"""The chapters of the procedure, each written once: the DAG files put them in order.

A chapter draws its own tasks and the edges between them; ``after`` says from where it is entered and how that way is
called. What no version of the regulation knows is not drawn: no task for a mode that there is not, no desk that nobody
holds. Names come from the regulation and the organization file; the clauses in the comments are those of the Baicheng
regulation, in other bureaus the rule of the same name says its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from airflow.sdk import DAG, Label, TaskGroup, chain, dag, get_current_context, task, task_group

from duban import acts, ledger
from duban.acts.decomposing import decompose
from duban.ledger.standing import STATES, State
from duban.orchestration import family
from duban.orchestration.assets import LEDGER
from duban.orchestration.family import Desk, Family, goes_up
from duban.orchestration.following import NextRun, StartRun
from duban.orchestration.forms import item_form
from duban.orchestration.runs import number_of
from duban.orchestration.steps import MEET, PATIENT, decision, entry, join, kinds_of, rounds, step, wait, watch

Node = Any
"""A task, a group or a loop; None for what this bureau's regulation does not know."""
After = Mapping[str, "Node | Iterable[Node]"]
"""Label of the way -> from where it comes."""


def matters(type_id: str) -> Callable[[Callable[[Family], None]], Callable[[], object]]:
    """Make the DAG of one supervision type out of the function below; nothing where the regulation lacks the type."""
    laws = family.load()

    def decorate(procedure: Callable[[Family], None]) -> Callable[[], object]:
        if not laws.knows(type_id):
            return lambda: None
        law = laws.latest(type_id)
        rule = law.types[type_id]
        limit = f"（{rule.limit}）" if rule.limit is not None else ""
        build = dag(
            dag_id=f"{type_id}_item",
            dag_display_name=f"{rule.name}{limit}",
            schedule=None,
            max_active_runs=100_000,  # a matter stays open for weeks
            max_active_tasks=100_000,
            default_args=PATIENT,
            tags=["督办"],
            doc_md=f"### {rule.name}\n\n依据《{law.title}》{rule.basis.clause}。{cleandoc(procedure.__doc__ or '')}",
        )(lambda: procedure(laws))  # Airflow would take an argument of its own for a parameter of the runs

        def made() -> DAG:
            built = build()
            built.fileloc = procedure.__code__.co_filename
            # Not before: every task copies the form's thirty fields that are there when it is made, and no task reads
            # them; reading and storing the graph would take ten times as long.
            built.params.update(item_form(type_id, law, laws.org))
            return built

        return made

    return decorate


def _enter(chapter: Node, after: After) -> Node:
    for label, nodes in after.items():
        for node in nodes if isinstance(nodes, (list, tuple)) else [nodes]:
            if node is not None:
                node >> Label(label) >> chapter
    return chapter


def _desks(desks: Iterable[Desk], word: str, *, first: Node = None, said: str, then: Mapping[str, Node]) -> list[Node]:
    """A task for each desk, in order; ``first`` leads to those with which a version begins, each to the next and on.

    Without ``first`` the group begins with the first desk: a group that is repeated has one beginning.
    """
    tasks: dict[str, Node] = {}
    for desk in desks:
        one = decision(f"{word}_{desk.post}", f"{word}.{desk.post}", name=desk.name)
        begin = first if first is not None else next(iter(tasks.values()), None)
        for post in desk.after:
            before = tasks.get(post) if post else begin
            if before is not None:  # None: the first of all, or a version that turns the order round
                before >> (Label(said) if post else Label("送审")) >> one
        tasks[desk.post] = one
        for label, node in then.items():
            one >> Label(label) >> node
    return list(tasks.values())


@dataclass(frozen=True)
class Opening:
    """Where a matter is after its opening: handed over to its unit by one of these, or given up by one of those."""

    issued: list[Node]
    given_up: list[Node]


def opening(laws: Family) -> Opening:
    """四 督办方式、五（一）立项 to 五（三）交办: every way by which a matter comes to its unit."""
    registered = entry()  # 五（一）立项
    proposed = proposing(laws, {"呈批": registered})
    visited = visiting(laws, {"实地督办、暗访": registered, "同意": proposed})
    signed = signing(laws, {"送审": [registered, visited], "同意": proposed})
    phoned = phoning(laws, {"电话督办": [registered, visited], "同意": proposed})
    deliver = step("deliver", acts.deliver, kind="deliver", name="交办")
    delivered = _enter(deliver, {"、".join(laws.sign_words): signed, "转承办单位办理": visited})  # 五（三）交办
    issued = [node for node in (registered, visited, phoned, delivered) if node is not None]
    return Opening(issued, [*issued, *([proposed] if proposed is not None else [])])


def proposing(laws: Family, after: After) -> Node:
    """五（一）呈批: a department proposes, its deputy and the chief agree, or it is put on record (T2–T5)."""
    if not laws.proposal_desks:
        return None
    with TaskGroup("proposing", group_display_name="呈批"):
        concluded = step("proposal_concluded", name="呈批结束")
        first, *_ = _desks(laws.proposal_desks, "propose", said="同意", then={"备案、不同意": concluded})
    _enter(first, after)
    return concluded


def visiting(laws: Family, after: After) -> Node:
    """四（三）实地督办, 附（一）暗访: the office goes and looks before anything is handed over (BC-4.3, SK-3.2)."""
    if not laws.any(lambda law: {"onsite", "covert"} & set(law.modes)):
        return None
    return _enter(decision("visit", "visit", name="记录实地情况"), after)


def signing(laws: Family, after: After) -> Node:
    """五（二）送审签发: from desk to desk until it is signed or refused; each may send the notice back (T7–T9)."""

    @task_group(group_id="signing_round", group_display_name="送审签发")  # type: ignore[untyped-decorator]
    def body() -> None:
        concluded = join("signing_concluded", name="本次送审结束")
        revise = decision("revise", "revise", name=f"{laws.office}修改通知单")
        _desks(
            laws.sign_desks,
            "sign",
            said="同意",
            then={"退改": revise, "、".join((*laws.sign_words, "不批")): concluded},
        )
        revise >> Label("重新送审") >> concluded

    def said(state: State) -> str:
        return f"第{state.attempt}次送审：{STATES[state.state]}"

    return _enter(rounds(body, said=said, name=f"{'、'.join(laws.sign_words)}了吗"), after)


def phoning(laws: Family, after: After) -> Node:
    """四（二）电话督办: handed over by a call, without a signature (T7p)."""
    if not laws.any(lambda law: "phone" in law.modes):
        return None
    return _enter(decision("phone", "phone", name="电话督办记录"), after)


def taking(laws: Family, issued: list[Node]) -> None:
    """五（三）电话通知、领收, 五（四）阅批, 四（四）联合督办: what runs beside the handling of a matter (T11, T12)."""
    after = {"已下达": issued}
    beside = []
    if laws.any(lambda law: law.phone_notice.notices):
        beside.append(decision("record_call", "call", name="电话通知记录"))
    receipt = wait("await_receipt", "receipt", name="等候领收")
    receipt >> wait("await_reading", "reading", name="等候阅批")
    beside.append(receipt)
    if laws.any(lambda law: "joint" in law.modes):
        beside.append(decision("joint_record", "joint_record", name="联合督办记录"))
    for node in beside:
        _enter(node, after)


def splitting(issued: list[Node]) -> None:
    """分解: one part a unit, each with a run of its own; the parent waits for all of them (LZ-2.1, 2.5, MM-3.4)."""
    with TaskGroup("splitting", group_display_name="分解", prefix_group_id=False):
        split = step("decompose", decompose, kind="decompose", name="分解到各单位")
        numbers = parts_of()
        start = StartRun.partial(
            task_id="start_parts",
            task_display_name="启动分办件流程",
            trigger_dag_id="decomposed_item",
            trigger_rule=MEET,
        )
        chain(split, numbers, start.expand(number=numbers), wait("await_parts", "children", name="等候各分办件"))
    _enter(split, {"分解": issued})


@task(task_id="list_parts", task_display_name="分办件编号", trigger_rule=MEET)  # type: ignore[untyped-decorator]
def parts_of() -> list[str]:
    """The numbers of the parts, for the runs to be started."""
    with ledger.transaction() as session:
        return [part.number for part in ledger.state(session, number_of(get_current_context())).parts]


def handling(
    laws: Family,
    after: After,
    *,
    await_name: str = "承办单位办理",
    on_time: str = "已回复",
    other: str = "延期、新批示、撤销",
    checks: bool = False,
) -> Node:
    """五（四）至五（八）: one clock, one reply, one verdict is a round; what opens another leads to the next pass.

    ``await_name``: what the unit is waited for; ``on_time``: what has come then; ``other``: what else may have come;
    ``checks``: some rounds are for the office to check.
    """

    @task_group(group_id="handling_round", group_display_name="办理轮次")  # type: ignore[untyped-decorator]
    def body() -> None:
        concluded = join("round_concluded", name="本轮结束")
        reply = wait("await_reply", "reply", name=await_name)  # 五（四）承办、五（六）回复
        reassign = decision("reassign", "reassign", name=f"{laws.office}处理退件")
        review = decision("review_reply", "review.office", name=f"{laws.office}审核")  # 五（七）审核
        report = step("write_report", acts.write_report, kind="report", name="写办理报告")  # 五（八）办结

        reply >> Label(on_time) >> review
        reply >> Label("退件") >> reassign >> concluded  # T11b: another unit, or it stays
        reply >> Label(other) >> concluded
        _urging(laws, reply, review, concluded)
        if checks:
            reply >> Label("办公室检查的阶段") >> decision("check", "check", name="阶段检查") >> concluded
        if laws.any(lambda law: "own" in law.modes):
            own = decision("own_result", "own_result", name=f"{laws.office}直接办理")  # T10s: it handles it itself
            reply >> Label("直接办理") >> own >> report
            own >> Label("新批示、撤销") >> concluded
        review >> Label("退回补办、续办") >> concluded
        review >> Label("审核合格") >> report
        _desks(laws.close_desks, "approve", first=report, said="同意", then={"退回、续办、办结": concluded})

    def said(state: State) -> str:
        return f"第{state.round}轮：{STATES[state.state]}"

    return _enter(rounds(body, said=said, name="办结了吗"), after)


def _urging(laws: Family, reply: Node, review: Node, concluded: Node) -> None:
    """五（五）催办: an urge on the next working day, or when the office thinks fit; a written account (T18–T22)."""
    discretionary = laws.any(lambda law: law.urge.discretionary)
    by_itself = laws.any(lambda law: not law.urge.discretionary)
    urge = wait("urge", "urge_day", "urge", act=acts.urge, name="发催办通知书" if by_itself else "逾期")
    urged = wait("await_urged_reply", "urged_reply", name="催办后等候")
    reply >> Label("逾期") >> urge >> urged
    urge >> Label("已回复、新批示、撤销") >> concluded
    if discretionary:
        decide = decision("urge_office", "urge.office", name=f"{laws.office}决定是否催办")
        urge >> Label("由办公室决定") >> decide >> Label("催办") >> urged
        decide >> Label("不催、已回复") >> concluded
    urged >> Label("已回复") >> review
    urged >> Label("报来进展") >> concluded
    if laws.any(lambda law: "account" in law.urge.then):
        demand = step("demand_account", acts.demand_account, kind="demand", name="要求书面说明、问责登记")
        account = wait("await_account", "account", name="等候书面说明")
        new_date = decision("set_new_date", "new_date", name="重定时限")
        urged >> Label("仍无结果和进展") >> demand >> account
        account >> Label("迟到的回复") >> review
        account >> Label("已说明") >> new_date >> concluded
        account >> Label("新批示、撤销") >> concluded


def extending(laws: Family, issued: list[Node], handled: Node) -> None:
    """延期审批: the desks that grant more time, asked beside the handling, which goes on (T15)."""
    if not laws.extension_desks:
        return
    beside = kinds_of(handled)

    @task_group(group_id="extending", group_display_name="延期审批")  # type: ignore[untyped-decorator]
    def body() -> None:
        concluded = join("extending_concluded", name="本次延期审批结束")
        request = watch("await_request", name="等候延期申请", accompanies=beside)
        _desks(laws.extension_desks, "extend", first=request, said="同意", then={"准予、不准": concluded})
        request >> Label("已办结、撤销") >> concluded

    def said(state: State) -> str:
        return STATES[state.state]

    _enter(rounds(body, said=said, name="还在办理吗", beside=beside), {"已下达": issued})


def reporting_up(laws: Family, after: After) -> Node:
    """五（八）上报: the result goes up with its own number and signer (T30–T32)."""
    if not laws.any(goes_up):
        return None

    @task_group(group_id="reporting_up", group_display_name="上报")  # type: ignore[untyped-decorator]
    def body() -> None:
        concluded = join("reporting_concluded", name="上报结束")
        draft = step("draft_upward", acts.draft_upward, kind="upward", name="拟上报件")
        sent = decision("send_up", "send_up", name=f"{laws.office}报送")
        revise = decision("revise_upward", "upward.office", name=f"{laws.office}修改上报件")
        then = {"签发": sent, "退改": revise, "重办": concluded}
        _desks(laws.signers_upward, "sign_up", first=draft, said="同意", then=then)
        draft >> Label("不上报") >> concluded
        revise >> Label("重新送签") >> concluded
        sent >> Label("已报送") >> concluded

    def said(state: State) -> str:
        return STATES[state.state]

    return _enter(rounds(body, said=said, name="上报了吗"), after)


def filing(after: After) -> Node:
    """五（九）归档: the matter is marked for the file of its year (T35); a matter that goes on gets its next run."""
    filed = step("file_away", acts.file_away, kind="file", name="归档", outlets=[LEDGER])
    filed >> NextRun(task_id="next_run", task_display_name="另有待办的，接续办理")
    return _enter(filed, after)
