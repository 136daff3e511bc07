"""分解督办: a matter that is split into parts, one a unit; each part is a run of this DAG as well.

The chapters are written once, in ``duban/orchestration/chapters.py``; the clauses beside them are those of the
Baicheng regulation. What this bureau's regulation does not know is not in its Airflow: no desk, no chapter, no DAG.
"""

from duban.orchestration import chapters
from duban.orchestration.chapters import matters
from duban.orchestration.family import Family


@matters("decomposed")
def decomposed_item(laws: Family) -> None:
    """牵涉几个单位的事项：主件交牵头单位，每个单位一件分办件；分办件全部办结以后，由牵头单位汇总报送。

    **办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
    **各单位**办自己的分办件，期限不晚于主件；**牵头单位**在主件期限以前汇总回复。分办件的流程由系统启动。
    """
    opened = chapters.opening(laws)  # 五（一）立项、五（二）送审、五（三）交办
    chapters.splitting(opened.issued)  # one part a unit, with a run of its own
    chapters.taking(laws, opened.issued)  # 五（三）领收、五（四）阅批
    handled = chapters.handling(  # 五（四）承办 至 五（八）办结
        laws,
        {"已下达": opened.issued},
        await_name="单位办理（主件由牵头单位汇总）",
    )
    chapters.extending(laws, opened.issued, handled)  # 延期审批，规定须经批准的
    reported = chapters.reporting_up(laws, {"已办结": handled})  # 五（八）上报
    chapters.filing({"已办结": reported or handled, "不再督办": opened.given_up})  # 五（九）归档


decomposed_item()
