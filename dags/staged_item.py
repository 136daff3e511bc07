"""阶段性重点工作: a table of phases with fixed dates, each with its own report or check (五（八）).

The chapters are written once, in ``duban/orchestration/chapters.py``; the clauses beside them are those of the
Baicheng regulation. What this bureau's regulation does not know is not in its Airflow: no desk, no chapter, no DAG.
"""

from duban.orchestration import chapters
from duban.orchestration.chapters import matters
from duban.orchestration.family import Family


@matters("staged")
def staged_item(laws: Family) -> None:
    """时间跨度大、分阶段反馈的事项：登记时填写阶段表，每个阶段有自己的起止日期和反馈，晚了的阶段不推迟后面的日期。

    **办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
    **承办单位**在每个阶段的截止日以前报送阶段进展；写明由办公室检查的阶段，由办公室检查并评定等次。
    """
    opened = chapters.opening(laws)  # 五（一）立项、五（二）送审、五（三）交办
    chapters.taking(laws, opened.issued)  # 五（三）领收、五（四）阅批
    handled = chapters.handling(  # 五（四）承办 至 五（八）办结
        laws,
        {"已下达": opened.issued},
        await_name="等候本阶段反馈",  # 五（八）: each phase has its own date
        on_time="已反馈",
        checks=True,  # a phase in which the office checks
    )
    chapters.extending(laws, opened.issued, handled)  # 延期审批，规定须经批准的
    reported = chapters.reporting_up(laws, {"已办结": handled})  # 五（八）上报
    chapters.filing({"已办结": reported or handled, "不再督办": opened.given_up})  # 五（九）归档


staged_item()
