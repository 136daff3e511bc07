"""Three stories of the made-up fourth bureau: what none of the real ones has (working days, granted time, colours)."""

from pathlib import Path

from duban.demo.stories import Story, answer, do, form, on, reply, send

INCLUDE = Path(__file__).parent / "regulations" / "fixtures" / "jiangcheng"
REGULATION = "jiangcheng-2026"

SIGN = (answer("sign.director", "同意"), answer("sign.deputy", "同意"), answer("sign.chief", "签发"))
TAKE = (send("receipt"), send("reading", opinion="请专人办理。"))
DONE = reply("一、办理情况\n已逐项核查。\n二、办理结果\n已经整改完毕。")
CLOSE = (
    answer("review.office", "审核合格", summary="已查清并整改。"),
    answer("approve.director", "同意上报"),
    answer("approve.deputy", "批准办结"),
)
UP = (answer("sign_up.chief", "签发"), answer("send_up", "已报送", to="市政府办公室", how="公文系统"))

TO_ISSUE = ("registered", "submitted", "signed", "signed", "signed", "dispatched")
CLOSED = ("accepted", "reported", "approved", "approved", "filed")
BY_CHIEF = {"instruction_by": "江海澄", "instruction_on": "2026-03-02"}

STORIES = (
    Story(
        "延期，经两道审批",
        (
            on(2, *SIGN, *TAKE),
            on(
                4,
                send("extension", reason="等待测评结果", plan="测评后五日内整改", until="2026-03-18"),
                answer("extend.director", "同意", opinion="情况属实。"),
                answer("extend.deputy", "同意"),
            ),
            on(6, DONE, *CLOSE),
        ),
        (
            *(*TO_ISSUE, "received", "read", "extension_requested", "extension_signed", "extension_signed", "extended"),
            *("replied", *CLOSED),
        ),
        "办结呈报 延期申请表 批示督办单",
        form=form("general", "网络安全处", 2, "等级保护测评问题的整改", "逐项整改，报测评结论。")
        | BY_CHIEF
        | {"instruction_text": "请逐项整改。"},
    ),
    Story(
        "黄色提示、橙色预警、红色督办",
        (on(2, *SIGN, *TAKE), on(6), on(10), on(13, do("await", state="urged"), DONE, *CLOSE)),
        (
            *(*TO_ISSUE, "received", "read", "warned", "warned", "reply_lapsed", "urge_day_came", "warned", "urged"),
            *("replied", *CLOSED),
        ),
        "催办函 办结呈报 批示督办单 橙色预警单 红色督办令 黄色提示单",
        form=form("general", "政务热线办", 2, "热线积压工单的清理", "清理积压，报清单。")
        | BY_CHIEF
        | {"instruction_text": "限期清零。"},
    ),
    Story(
        "七个工作日，从领收起算，向上报告",
        (on(2, *SIGN), on(4, *TAKE), on(10, DONE, *CLOSE, *UP)),
        (
            *(*TO_ISSUE, "receipt_lapsed", "received", "read", "warned", "replied"),
            *(*CLOSED[:-1], "upward_drafted", "upward_signed", "sent_up", "filed"),
        ),
        "上报报告 办结呈报 督办单 黄色提示单",
        form=form("general", "大数据中心", 1, "公共数据共享需求的答复", "逐条答复，汇总报市政府。")
        | {"basis_document": "市政府办公室交办单第6号", "report_to": "市政府办公室"},
    ),
)
