"""办件进展周报: every open matter with its light, what changed since the last report, all that is overdue (六（四）).

The words are written once, in ``duban/orchestration/periods.py``; the clauses beside them are those of the Baicheng
regulation. Where the regulation knows no weekly report there is no such DAG in the bureau's Airflow.
"""

from duban.orchestration import periods
from duban.orchestration.family import Family
from duban.orchestration.periods import job


@job("weekly_progress")
def weekly_progress(_laws: Family) -> None:
    """每周五下班时（遇休提前到上一个工作日）自动做一份，发给办公室和局领导，不用人办。

    写明每件在办事项的进度、剩余或者逾期的天数、最近一次进展、本周的变化；逾期的不论多久都列上。停机错过的补做最近一份。
    **要另做一份**，点“触发”，填写报告哪一天的情况；同一天只做一份。
    """
    opened = periods.opening()  # 六（四）每周一报，五（五）定期过问
    drafted = periods.drafting()  # 按报告当日台账的情况
    opened >> drafted
    periods.issuing(drafted)  # 一（二）总体情况通报出去


weekly_progress()
