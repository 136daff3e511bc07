"""督办情况通报: the figures of the time since the last one, whom the bureau praises and criticises (五（十）).

The words are written once, in ``duban/orchestration/periods.py``; the clauses beside them are those of the Baicheng
regulation. Where it is published irregularly Airflow starts this DAG each time scores are out, and the office is asked;
it may start one itself.
"""

from duban.orchestration import periods
from duban.orchestration.family import Family
from duban.orchestration.periods import job


@job("bulletin")
def bulletin(laws: Family) -> None:
    """制度写明多久通报一次的，按期自动起草；写“不定期”的，每次考核结果印发以后问办公室要不要发，也可以随时点“触发”。

    数字由台账统计，不能改；正文、表扬和批评的单位由**办公室**核稿时写，**审批的领导**可以修改或者退回。
    不发的，核稿时选“不印发”。一年里被通报批评满次数的单位，印发时自动登记问责。
    """
    opened = periods.opening()  # 五（十）不定期通报
    agreed = periods.agreeing(laws, "bulletin", "bulletin", edited=True)  # 五（十）表扬、通报批评
    opened >> agreed
    periods.issuing(agreed)  # 五（十）全局通报，满3次的问责


bulletin()
