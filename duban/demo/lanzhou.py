"""兰州: a deputy chief reads the paper, three ways lead up, and the office may handle a matter itself."""

from duban.demo.stories import Doing, Story, answer, do, form, of, on, reply, send

READ = answer("sign.deputy", "阅示", opinion="请按要求办理。")
TAKE = send("reading", opinion="请有关大队专人办理。")
DONE = reply("一、办理情况\n接到督办通知后，专人负责，逐项落实。\n二、办理结果\n已经办结，经本单位主要领导同意。")
PASSED = answer(
    "review.office",
    "审核合格",
    summary="承办部门专人负责，查清了底数，逐项落实了措施。",
    conclusion="要求的事项已经办结。",
    opinion="符合要求，建议办结。",
)
CLOSE = (PASSED, answer("approve.director", "批准办结"))

TO_ISSUE = ("registered", "submitted", "signed", "dispatched")
CLOSED = ("accepted", "reported", "approved", "filed")
LATE = ("reply_lapsed", "urge_day_came", "urged")
WENT_UP = (*CLOSED[:-1], "upward_drafted", "upward_signed", "sent_up", "filed")
PART = ("registered", "dispatched", "read", "replied", "accepted", "part_closed", "filed")
BASIS = {"basis_document": "局长办公会纪要〔2026〕5号"}


def _up(desk: str, to: str, how: str) -> tuple[Doing, ...]:
    return (answer(f"sign_up.{desk}", "签发"), answer("send_up", "已报送", to=to, how=how))


STORIES = (
    Story(
        "阅示，办结，用专报报上级领导",
        (on(2, READ, TAKE), on(5, DONE, *CLOSE, *_up("leader", "省公安厅领导", "机要交换"))),
        (*TO_ISSUE, "read", "replied", *WENT_UP),
        form=form("general", "刑警支队", 4, "入室盗窃案件高发的整治", "查明原因，落实打防措施，报告战果。")
        | {
            "instruction_by": "省公安厅领导",
            "instruction_on": "2026-03-02",
            "instruction_text": "请查明原因，拿出办法。",
        }
        | {"due_on": "2026-03-09"},
        papers="上行文 专报 督办报告 督办通知",
    ),
    Story(
        "来文部门请求协助，用信函回复",
        (on(2, READ, TAKE), on(5, DONE, *CLOSE, *_up("deputy", "兰州市教育局", "公文系统"))),
        (*TO_ISSUE, "read", "replied", *WENT_UP),
        form=form("general", "治安支队", 8, "中考考点周边秩序维护的协助", "研究警力安排，书面答复来文部门。")
        | {"basis_document": "兰教函〔2026〕11号", "report_to": "兰州市教育局", "due_on": "2026-03-09"},
        papers="上行文 信函 督办报告 督办通知",
    ),
    Story(
        "办公室直接办理",
        (
            on(2, READ),
            on(
                5,
                answer(
                    "own_result",
                    "办理完毕",
                    summary="办公室会同有关部门实地核查了三处值班点。",
                    conclusion="反映的情况属实，已当场纠正。",
                    people="金若兰、丁铭",
                    place="城关、七里河、西固",
                ),
                CLOSE[1],
            ),
        ),
        (*TO_ISSUE, "own_result", "reported", "approved", "filed"),
        form=form("general", "", 5, "重要时段领导带班制度的核查", "直接核查，结果报局长。", mode="直接办理")
        | {"instruction_by": "靳伯言", "instruction_on": "2026-03-02", "instruction_text": "请办公室直接去看。"}
        | {"own_reason": "涉及几个分局的领导带班，由办公室直接核查。", "due_on": "2026-03-09"},
        papers="直接办理记录 督办报告",
    ),
    Story(
        "到期没有反馈，列入汇总，电话催办",
        (
            on(2, READ, TAKE),
            on(
                10,
                answer("urge.office", "电话催办", text="承办部门联络员答复今天下午报来。"),
                DONE,
                *CLOSE,
            ),
        ),
        (*TO_ISSUE, "read", *LATE, "replied", *CLOSED),
        form=form("general", "榆中县局", 2, "农村地区电信诈骗防范宣传", "宣传进村入户，报告覆盖情况。")
        | BASIS
        | {"due_on": "2026-03-06"},
        papers="上行文 督办报告 督办通知",
    ),
    Story(
        "不合要求，责成重新上报",
        (
            on(2, READ, TAKE),
            on(
                5,
                DONE,
                answer(
                    "review.office", "退回补办", reason="重新查报", requirement="没有写明责任人和完成时间，请重新上报。"
                ),
                DONE,
                PASSED,
                answer(
                    "approve.director",
                    "主任退回重报",
                    reason="重新查报",
                    requirement="数据前后不一致，请核对后重新上报。",
                ),
            ),
            on(6, DONE, *CLOSE),
        ),
        (
            *(*TO_ISSUE, "read", "replied", "returned", "replied", "accepted", "reported", "returned"),
            *("replied", *CLOSED),
        ),
        form=form("general", "交警支队", 1, "黄河桥面早高峰拥堵的治理", "提出方案，报告实施效果。")
        | BASIS
        | {"due_on": "2026-03-09"},
        papers="上行文 督办报告 督办通知 重新上报通知",
    ),
    Story(
        "分解到三个部门，主办汇总",
        (
            on(2, READ, do("await", awaits="children"), TAKE),
            on(4, *(doing for part in (1, 2, 3) for doing in of(part, TAKE, DONE, PASSED))),
            on(5, DONE, *CLOSE),
        ),
        (
            *("registered", "submitted", "signed", "dispatched", "parts_planned", "decomposed", "read"),
            *("part_ended", "part_ended", "part_ended", "replied", *CLOSED),
        ),
        parts=(PART, PART, PART),
        form=form("decomposed", "指挥中心", 1, "重大活动安保方案的会签", "指挥中心主办汇总，两个分局协办。")
        | BASIS
        | {
            "due_on": "2026-03-09",
            "parts": "指挥中心 汇总方案 2026-03-06\n城关分局 核定路线警力 2026-03-05\n安宁分局 核定场馆警力 2026-03-05",
        },
        papers="上行文 督办报告 督办通知",
    ),
)
