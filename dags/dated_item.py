"""限时督办: a matter whose date is stated when it is registered (六（三）).

The chapters are written once, in ``duban/orchestration/chapters.py``; the clauses beside them are those of the
Baicheng regulation. What this bureau's regulation does not know is not in its Airflow: no desk, no chapter, no DAG.
"""

from duban.orchestration import chapters
from duban.orchestration.chapters import matters
from duban.orchestration.family import Family


@matters("dated")
def dated_item(laws: Family) -> None:
    """期限由批示或来文写明的事项：登记时填写“办理期限”，到那一天为止。

    **办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
    **承办单位**在写明的日期以前回复；需要延期的，到期前提出。
    """
    opened = chapters.opening(laws)  # 五（一）立项、五（二）送审、五（三）交办
    chapters.taking(laws, opened.issued)  # 五（三）领收、五（四）阅批
    handled = chapters.handling(laws, {"已下达": opened.issued})  # 五（四）承办 至 五（八）办结
    chapters.extending(laws, opened.issued, handled)  # 延期审批，规定须经批准的
    reported = chapters.reporting_up(laws, {"已办结": handled})  # 五（八）上报
    chapters.filing({"已办结": reported or handled, "不再督办": opened.given_up})  # 五（九）归档


dated_item()
