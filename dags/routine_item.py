"""日常督办: progress is reported at regular dates until the matter ends (六（四）); each date is a round.

The chapters are written once, in ``duban/orchestration/chapters.py``; the clauses beside them are those of the
Baicheng regulation. What this bureau's regulation does not know is not in its Airflow: no desk, no chapter, no DAG.
"""

from duban.orchestration import chapters
from duban.orchestration.chapters import matters
from duban.orchestration.family import Family


@matters("routine")
def routine_item(laws: Family) -> None:
    """定期报送工作进度的事项：每一期是一个轮次，到期没有报的自动记为逾期并催办，直到报来办结报告。

    **办公室**点“触发”，填好登记表，流程即开始；编号由系统编排。轮到您决定的事项在“需要操作”里。
    **承办单位**按期报送进度，工作完成时报送办结报告；登记时写明了办理期限的，报到那一天为止。
    """
    opened = chapters.opening(laws)  # 五（一）立项、五（二）送审、五（三）交办
    chapters.taking(laws, opened.issued)  # 五（三）领收、五（四）阅批
    handled = chapters.handling(  # 五（四）承办 至 五（八）办结
        laws,
        {"已下达": opened.issued},
        await_name="等候本期进度",  # 六（四）: one report a date
        on_time="办结报告",
        other="本期已报、新批示、撤销",  # the next date is the next round
    )
    chapters.extending(laws, opened.issued, handled)  # 延期审批，规定须经批准的
    reported = chapters.reporting_up(laws, {"已办结": handled})  # 五（八）上报
    chapters.filing({"已办结": reported or handled, "不再督办": opened.given_up})  # 五（九）归档


routine_item()
