"""### 每日查看

每天早上八点半，办公室要看的事，系统先看一遍；节假日也看，丢失的流程不必等到上班。停机错过的，开机后补看一次；也可以随时点“触发”。

结果写在本次运行的备注里，逐条列在“列出今日提示”的返回值和日志里，只写编号和单位。命令行用 `duban watch`。
“核对台账”失败，说明台账被改动或损坏，请立即停止办件。
"""

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, TriggerRule, chain, dag

from duban.orchestration.watching import (
    catch_up,
    find_lost,
    list_findings,
    make_papers,
    part,
    start_runs,
    verify_ledger,
)


@dag(
    dag_display_name="每日查看",
    schedule=CronTriggerTimetable("30 8 * * *", timezone="Asia/Shanghai"),
    catchup=False,  # a morning that was missed is made up once, not once for each day
    max_active_runs=1,
    default_args={"retries": 3},
    tags=["督办", "定时"],
    doc_md=__doc__,
)
def daily_watch():
    """One after the other; a step that fails stops no other, but the run fails with it."""
    caught_up = part("让时限走到今天", catch_up)  # 五（五）到期、提醒、催办期满
    papers = part("补做文书", make_papers)
    lost = part("查找没有流程的督办件", find_lost)
    started = start_runs("重新启动流程", lost)
    verified = part("核对台账", verify_ledger)
    listed = part("列出今日提示", list_findings)
    seen = EmptyOperator(task_id="seen", task_display_name="今日已看", trigger_rule=TriggerRule.NONE_FAILED)

    chain(caught_up, papers, lost, started, verified, listed)
    [caught_up, papers, lost, started, verified, listed] >> seen


daily_watch()
