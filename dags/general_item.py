"""### 一般督办

领导批示和重点工作中的一般事项：5日内办结（督办制度六（一））。

**办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
**承办单位**在规定时限内领收、阅批、回复；需要延期的，到期前备案。

复杂、限时、日常、阶段性事项请用各自的流程，不要在这里登记。
"""

from airflow.sdk import Label, chain, dag, task_group

from duban import acts, organization, regulation
from duban.orchestration import ways
from duban.orchestration.forms import item_form
from duban.orchestration.steps import MEET, PATIENT, decision, entry, join, rounds, step, wait

law = regulation.load()
general = law.types["general"]


@task_group(group_display_name="送审签发")
def signing_round():
    """五（二）送审：办公室主任文字审核，局长审定签发；任何一级可以退改。"""
    concluded = join("signing_concluded", name="本次送审结束")
    revise = decision("revise", "revise", name="办公室修改通知单")
    before, desks = None, law.sign_chain.desks
    for desk, following in zip(desks, [*desks[1:], None], strict=True):
        then = ways.from_sign_desk(following and following.post)
        signed = decision(f"sign_{desk.post}", f"sign.{desk.post}", name=desk.act, then=then)
        signed >> Label("退改") >> revise
        signed >> Label("撤销" if following else "签发、不批") >> concluded
        if before is not None:
            before >> Label("同意") >> signed
        before = signed
    revise >> Label("重新送审") >> concluded


@task_group(group_display_name="办理轮次")
def handling_round():
    """五（四）至五（八）：一个时限、一次回复、一个结论为一轮；退回、延期、续办、新批示各开新的一轮。"""
    concluded = join("round_concluded", name="本轮结束")
    reply = wait("await_reply", kind="reply", name="承办单位办理", then=ways.from_reply)  # 五（四）承办、五（六）回复
    urge = wait("urge", kind="urge_day", act=acts.urge, name="发催办通知书")  # 五（五）催办, on the next working day
    urged = wait("await_urged_reply", kind="urged_reply", name="催办后等候", then=ways.from_urge)
    demand = step("demand_account", acts.demand_account, kind="demand", name="要求书面说明、问责登记")
    account = wait("await_account", kind="account", name="等候书面说明", then=ways.from_account)
    new_date = decision("set_new_date", "new_date", name="重定时限")
    review = decision("review_reply", "review.office", name="办公室审核", then=ways.from_review)  # 五（七）审核
    report = step("write_report", acts.write_report, kind="report", name="写办理报告")  # 五（八）办结

    reply >> Label("已回复") >> review
    reply >> Label("逾期") >> urge >> urged
    reply >> Label("延期备案、新批示、撤销") >> concluded
    urged >> Label("已回复") >> review
    urged >> Label("报来进展") >> concluded
    urged >> Label("仍无结果和进展") >> demand >> account
    account >> Label("迟到的回复") >> review
    account >> Label("已说明") >> new_date >> concluded
    account >> Label("新批示、撤销") >> concluded
    review >> Label("退回补办、续办") >> concluded
    review >> Label("审核合格") >> report

    before, desks = report, law.close_chain.desks
    for desk, following in zip(desks, [*desks[1:], None], strict=True):
        then = ways.from_close_desk(following and following.post)
        approved = decision(f"approve_{desk.post}", f"approve.{desk.post}", name=f"{desk.act}办理报告", then=then)
        before >> approved >> Label("退回、续办" if following else "办结、退回、续办") >> concluded
        before = approved


@dag(
    dag_display_name=f"一般督办（{general.limit}）",
    schedule=None,
    max_active_runs=100_000,  # a matter stays open for weeks
    max_active_tasks=100_000,
    default_args=PATIENT,
    params=item_form("general", law, organization.load()),
    tags=["督办"],
    doc_md=__doc__,
)
def general_item():
    """五 督办流程，按条排列。"""
    registered = entry()  # 五（一）立项
    signed = rounds(signing_round, until=ways.until_signed, name="签发了吗")  # 五（二）送审
    delivered = step("deliver", acts.deliver, kind="deliver", name="交办", then=ways.from_delivery)  # 五（三）交办
    call = decision("record_call", "call", name="电话通知记录")  # 五（三）
    receipt = wait("await_receipt", kind="receipt", name="等候领收")  # 五（三）
    reading = wait("await_reading", kind="reading", name="等候阅批")  # 五（四）
    handled = rounds(handling_round, until=ways.until_ended, name="办结了吗")  # 五（四）至五（八）
    filed = step("file_away", acts.file_away, kind="file", name="归档", trigger_rule=MEET)  # 五（九）归档

    chain(registered, signed, delivered)
    delivered >> Label("已下达") >> [call, receipt, handled]
    delivered >> Label("未签发") >> filed
    receipt >> reading
    handled >> filed


general_item()
