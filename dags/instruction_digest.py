"""定期汇总: the leaders' instructions with what became of them (LZ 三（三）), or each month's progress (MM 三（一）).

The words are written once, in ``duban/orchestration/periods.py``; the clauses beside them are those of the two
regulations that know such a digest; no other has this DAG in its Airflow. Lanzhou announces
in it who has not answered in time, and nowhere else.
"""

from duban.orchestration import periods
from duban.orchestration.family import Family
from duban.orchestration.periods import job


@job("instruction_digest")
def instruction_digest(laws: Family) -> None:
    """到了规定的日子自动汇总一期，列明每一件的批示领导、承办单位、时限、进展和逾期的天数。

    制度规定要领导审的，在“需要操作”里办理，可以退回重拟。停机错过的逐期补做。
    **手工汇总**点“触发”，填写哪个月，同一个月只做一期。
    """
    opened = periods.opening()  # LZ 三（三）定期汇总；MM 三（一）每月汇总进展
    agreed = periods.agreeing(laws, "instruction_digest", "digest")  # 到期没有反馈的列进汇总
    opened >> agreed
    periods.issuing(agreed)  # LZ 三（三）通报；MM 四（五）反馈


instruction_digest()
