"""Airflow's own settings as Duban needs them; whoever starts Airflow puts them into the environment.

``AIRFLOW`` holds what every deployment needs. What depends on the machine (addresses, secrets, executor) is the
launcher's or the compose file's. Raise the limit of open files with it (``ulimit -n``): the triggerer keeps one log
file open for each waiting task.
"""

from __future__ import annotations

AIRFLOW: dict[str, str] = {
    # A bureau's day is Beijing's day; the UI shows it so unless a person chooses another.
    "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    # What lies in dags/ is a DAG, also where the file does not contain the words that Airflow would look for.
    "AIRFLOW__CORE__DAG_DISCOVERY_SAFE_MODE": "False",
    # A matter stays open for weeks: a year's matters are active runs at once. 16 would stop the seventeenth.
    "AIRFLOW__CORE__MAX_ACTIVE_RUNS_PER_DAG": "20000",
    # Deferred tasks do not count, but the burst after an outage does; the executor's parallelism is the real limit.
    "AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG": "1000",
    # A new DAG must not wait for somebody to switch it on: a form that is there works.
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    # A worker killed in the middle is noticed after this many seconds (300 by default), and its step is done again.
    # Well above the heartbeat below, so that a busy machine is not taken for a dead one.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "40",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    # A killed scheduler leaves tasks queued in a dead executor: its successor adopts them at its start, a second
    # scheduler after this many seconds (300 by default).
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "30",
    # A task queued but never started (executor killed in between) is started again after this long (600 by default).
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "15",
    # Idle: half a second, so a step's successor starts sooner; costs some per cent of a core.
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
    # Runs looked at a pass (20 by default). With the head of the queue those that matter come first anyway, and shorter
    # passes start tasks sooner (a fifth more tasks ended in a given time with 6 than with 20); fewer would let a run
    # whose step is to be retried wait too long for its turn.
    "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "10",
    # More waiting tasks than this are not watched (1,000 by default). A wait is a future in a dictionary.
    "AIRFLOW__TRIGGERER__CAPACITY": "20000",
    # How many waits a triggerer takes over a second: after its restart all are to be watched again within seconds.
    "AIRFLOW__TRIGGERER__MAX_TRIGGER_TO_SELECT_PER_LOOP": "500",
    # A killed triggerer's waits go to another (or to its successor) after this many seconds.
    "AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC": "5",
    "AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "20",
    # Taking over a thousand waits keeps the loop busy for a moment; that is no fault worth a line each.
    "AIRFLOW__TRIGGERER__BLOCKED_MAIN_THREAD_WARNING_THRESHOLD": "2",
    # A task outlives an API server that is restarted: it asks again for about a minute and a half.
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "12",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
    "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "30",
    # A changed DAG file is seen within half a minute; parsing costs a process start.
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
    "AIRFLOW__API__INSTANCE_NAME": "督办",
    # The plugin's Python is imported once, when a component starts, not at each task.
    "AIRFLOW__CORE__LAZY_LOAD_PLUGINS": "True",
}
"""Name of the environment variable -> value."""
