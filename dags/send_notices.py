"""发送通知: what is new goes to the posts over the bureau's channels, and what did not go out is tried again.

Only where the organization file names channels (通知); an office without them has no such DAG and pays nothing.
"""

import os
from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from duban import organization
from duban.orchestration.notices import TEST, scheduled, send

ORG = organization.load()
REHEARSAL = os.environ.get("DUBAN_REHEARSAL") == "1"


@dag(
    dag_id="send_notices",
    dag_display_name="发送通知",
    schedule=CronTriggerTimetable("*/2 * * * *", timezone="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    # The next run is two minutes away and goes on where this one stopped.
    default_args={"retries": 0, "execution_timeout": timedelta(minutes=5)},
    params={
        TEST: Param(
            None,
            type=["string", "null"],
            enum=[None, *(one.name for one in ORG.notifying.channels)],
            title="试发渠道",
            description="选一个渠道，给办公室发一条试发消息；不选即发送到期的通知。",
        )
    },
    tags=["督办", "定时"],
    doc_md="""### 发送通知

每两分钟把新的交办、提醒、催办、退回、办结、待决定等，按机构文件“通知”里写的渠道发给各岗位。
渠道出错的隔一会儿再发，一天发不出去的放弃，列入“每日查看”；渠道好坏不影响督办件办理。

涉密的、没有公开的暗访件、指定人员阅看的，只写编号。发过什么用 `duban notices` 看；说明见 docs/notices.md。
**试发**：点“触发”，选一个渠道。
""",
)
def send_notices():
    """One task: what is new into the outbox, what is due out of it."""
    task(task_display_name="发送")(send)()


if scheduled(ORG, rehearsal=REHEARSAL):
    send_notices()
