"""年底归档: what ended in a year, numbered and catalogued, packed for the office and for each unit (五（九）).

The clauses beside the steps are those of the Baicheng regulation. It begins on the first working day of the new year,
not on the last of the old one: what is closed on that day belongs to the year. A step that is killed in the middle is
started again by Airflow and does its work without doubling anything. A regulation that files otherwise has no such DAG.
"""

from duban.orchestration import periods
from duban.orchestration.assets import LEDGER
from duban.orchestration.family import Family
from duban.orchestration.periods import job
from duban.orchestration.steps import step
from duban.periodicals import archive_file


@job("year_end_archive")
def year_end_archive(_laws: Family) -> None:
    """新年第一个工作日自动把上一年办结和撤销的督办件归档；还没有办完的结转，列在目录后面。

    每件编档号，按归档的次序排列；给办公室和每个单位各打一包，附校验值，用浏览器打开 `index.html` 就能看。
    涉密的只列编号、文号、密级和纸质件存放处。缺材料的列明缺什么。本期办完以后不再办第二次；后来补的材料，在服务器上运行
    `duban archive --year 年份 --out 文件夹` 补进来，已有的档号不变，原来的归档包改名保留。
    中途停机的，开机后接着做，不会重复。
    """
    opened = periods.opening()  # 五（九）年底统一归档
    collected = step("collect", archive_file.collect, kind="collect", name="清点、编档号", inlets=[LEDGER])
    packed = step("pack", archive_file.pack, kind="pack", name="打包、核对")  # 五（九）办公室和承办单位各自立卷
    opened >> collected >> packed
    periods.issuing(packed)  # 五（九）登记备查


year_end_archive()
