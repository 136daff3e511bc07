"""复杂督办: as a general matter, with the longer limit of its type (六（二）).

The chapters are written once, in ``duban/orchestration/chapters.py``; the clauses beside them are those of the
Baicheng regulation. What this bureau's regulation does not know is not in its Airflow: no desk, no chapter, no DAG.
"""

from duban.orchestration import chapters
from duban.orchestration.chapters import matters
from duban.orchestration.family import Family


@matters("complex")
def complex_item(laws: Family) -> None:
    """情况复杂、期限较长的事项；办理程序与一般事项相同，只是时限不同。

    **办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
    **承办单位**在规定时限内领收、阅批、回复；需要延期的，到期前提出。
    """
    opened = chapters.opening(laws)  # 五（一）立项、五（二）送审、五（三）交办
    chapters.taking(laws, opened.issued)  # 五（三）领收、五（四）阅批
    handled = chapters.handling(laws, {"已下达": opened.issued})  # 五（四）承办 至 五（八）办结
    chapters.extending(laws, opened.issued, handled)  # 延期审批，规定须经批准的
    reported = chapters.reporting_up(laws, {"已办结": handled})  # 五（八）上报
    chapters.filing({"已办结": reported or handled, "不再督办": opened.given_up})  # 五（九）归档


complex_item()
