"""月度督办考核: the scores of a period, from the ledger, objected to, signed, published (七).

The words are written once, in ``duban/orchestration/periods.py``; the clauses beside them are those of the Baicheng
regulation. What this bureau's regulation does not know (an objection window, a desk, the points themselves) is not in
its Airflow. A period whose scores are not out yet holds back the next: each begins where the one before it ended.
"""

from duban.orchestration import periods
from duban.orchestration.assets import SCORES
from duban.orchestration.family import Family
from duban.orchestration.periods import job


@job("monthly_scoring")
def monthly_scoring(laws: Family) -> None:
    """每期过后的第一个工作日自动计分、出初稿。每一分都写明条款、督办件和证据，用 `duban score --explain` 可以查。

    **各单位**在异议期内可以对本单位的计分提出异议，由**办公室**裁定；成立的不计分，重新出稿。
    **审批的领导**在“需要操作”里办理，可以退回重拟，也可以写明表扬和批评的单位。印发以后才记入台账的，在下一期更正。
    **错过的期**开机后逐期补办；手工办理点“触发”，填写哪一期，同一期只办一次。
    """
    opened = periods.opening()  # 七 按月通报、一年累计
    agreed = periods.agreeing(laws, "monthly_scoring", "score")  # 七（一）扣分、七（二）加分；异议、审核、审定
    opened >> agreed
    periods.issuing(agreed, outlets=[SCORES])  # 七 通报；五（十）满3次的问责


monthly_scoring()
