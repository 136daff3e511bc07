"""白城: the paths of a general matter, each on the row of `examples/matters.xlsx` at its place."""

from duban.demo.stories import Doing, Story, answer, do, on, send

SIGN = (answer("sign.director", "同意"), answer("sign.chief", "签发"))
TAKE = (do("call"), send("receipt"), send("reading", opinion="请专人办理，按期报结果。"))
REPLY = do("reply")
ACCEPT = answer(
    "review.office", "审核合格", summary="承办单位已查清情况并落实。", conclusion="办理合格。", opinion="建议办结。"
)
APPROVE = (answer("approve.director", "同意上报"), answer("approve.chief", "批准办结"))
CLOSE = (ACCEPT, *APPROVE)
UP = (answer("sign_up.chief", "签发"), answer("send_up", "已报送", to="白城市人民政府办公室", how="机要交换"))

TO_ISSUE = ("registered", "submitted", "signed", "signed", "dispatched")
TAKEN = ("received", "read")
CLOSED = ("accepted", "reported", "approved", "approved", "filed")
WENT_UP = (*CLOSED[:-1], "upward_drafted", "upward_signed", "sent_up", "filed")
LATE = ("reply_lapsed", "urge_day_came", "urged")


def _returned(
    name: str,
    *how: Doing,
    first: str = "",
    second: str = "",
    before: tuple[str, ...] = (),
    then: tuple[Doing, ...] = (),
    ended: tuple[str, ...] = CLOSED,
    papers: str = "",
) -> Story:
    """A reply that comes back, is mended and closed; `first` and `second` tell the files apart."""
    mended = on(6, do("reply", file=second), *CLOSE, *then)
    scenes = (on(2, *SIGN, *TAKE), on(5, do("reply", file=first), *how), mended)
    return Story(name, scenes, (*TO_ISSUE, *TAKEN, "replied", *before, "returned", "replied", *ended), papers)


GENERAL = (
    Story(
        "按时办结",
        (on(2, *SIGN, *TAKE), on(5, REPLY, *CLOSE)),
        (*TO_ISSUE, *TAKEN, "replied", *CLOSED),
        papers="办理报告 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "到期前延期备案",
        (
            on(2, *SIGN, *TAKE),
            on(6, send("extension", reason="等待鉴定结果", plan="收到鉴定后三日内结案", until="2026-03-16")),
            on(13, REPLY, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "extended", "replied", *CLOSED),
        papers="办理报告 未办结情况备案表 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "逾期后才报延期",
        (
            on(2, *SIGN, *TAKE),
            on(
                10,
                do("await", state="urged"),
                send("extension", reason="取证未完成", plan="加派人员", until="2026-03-18"),
            ),
            on(17, REPLY, *CLOSE, *UP),
        ),
        (*TO_ISSUE, *TAKEN, *LATE, "extended", "replied", *WENT_UP),
        papers="上报文件 办理报告 督办事项催办通知书 重点工作督办通知单",
    ),
    Story(
        "逾期、催办后回复（领收也迟了）",
        (
            on(2, *SIGN, do("call")),
            on(4, send("receipt"), send("reading")),
            on(10, do("await", state="urged")),
            on(11, REPLY, *CLOSE, *UP),
        ),
        (*TO_ISSUE, "receipt_lapsed", *TAKEN, *LATE, "replied", *WENT_UP),
        papers="上报文件 办理报告 电话通知记录 督办事项催办通知书 领导批示督办通知单",
    ),
    Story(
        "催办无果，书面说明",
        (
            on(2, *SIGN, *TAKE),
            on(10, do("await", state="urged")),
            on(13, do("await", awaits="account"), send("account", text="因专案抽调人手，未能按期办结，已调整力量。")),
            on(13, answer("new_date", "确定新时限", due_on="2026-03-20"), hour=11),
            on(18, REPLY, *CLOSE),
        ),
        (
            *TO_ISSUE,
            *TAKEN,
            *LATE,
            "urged_reply_lapsed",
            "accountability_opened",
            "demanded",
            "accounted",
            "date_set",
            "replied",
            *CLOSED,
        ),
        papers="书面情况说明通知 办理报告 电话通知记录 督办事项催办通知书 问责登记表 领导批示督办通知单",
    ),
    _returned(
        "办公室退回补充",
        answer("review.office", "退回补办", reason="补充修改", requirement="主要领导没有签字，请补签并补充回访记录。"),
        first="未签字",
        second="补办后",
        papers="办理报告 电话通知记录 退办意见 领导批示督办通知单",
    ),
    _returned(
        "分管领导批示重办",
        answer("review.office", "分管领导批示重办", reason="敷衍塞责", requirement="责任没有落实到人，重新核查。"),
        first="署名不符",
        second="办结报告.docx",
        papers="办理报告 电话通知记录 退办意见 领导批示督办通知单",
    ),
    _returned(
        "局长批示重新办理",
        ACCEPT,
        APPROVE[0],
        answer("approve.chief", "批示重新办理", reason="弄虚作假", requirement="数据与实际不符，重新查报。"),
        before=("accepted", "reported", "approved"),
        then=UP,
        ended=WENT_UP,
        papers="上报文件 办理报告 退办意见 重点工作督办通知单",
    ),
    Story(
        "回复合格，继续办理",
        (
            on(2, *SIGN, *TAKE),
            on(
                5,
                do("reply", file="办结"),
                answer("review.office", "续办", requirement="跟踪两周，再报一次。", due_on="2026-03-20"),
            ),
            on(19, do("reply", file="续办"), *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "replied", "further_work", "replied", *CLOSED),
        papers="办理报告 电话通知记录 续办通知 领导批示督办通知单",
    ),
    Story(
        "退改后签发，办理中又有新批示",
        (
            on(
                2,
                answer("sign.director", "同意"),
                answer("sign.chief", "退改", opinion="要求再写具体些。"),
                answer("revise", "重新送审", requirement="逐项核查，列出责任人和完成日期，书面报办公室。"),
                *SIGN,
                *TAKE,
            ),
            on(4, do("instruct", text="此件要快，请提前报结果。", due_on="2026-03-06")),
            on(6, REPLY, *CLOSE),
        ),
        (
            "registered",
            "submitted",
            "signed",
            "signed",
            "revised",
            "submitted",
            "signed",
            "signed",
            "dispatched",
            *TAKEN,
            "instructed",
            "replied",
            *CLOSED,
        ),
        papers="办理报告 新批示抄告单 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "局长批准撤销",
        (on(2, *SIGN, *TAKE), on(4, do("withdraw", reason="该项检查已并入全局统一部署。"))),
        (*TO_ISSUE, *TAKEN, "withdrawn", "filed"),
        ends="cancelled",
        papers="重点工作督办通知单",
    ),
    Story(
        "审核时来了新批示",
        (
            on(2, *SIGN, *TAKE),
            on(
                5,
                REPLY,
                do("asked", kind="review.office"),
                do("instruct", text="请一并查清资金去向。", due_on="2026-03-12"),
            ),
            on(11, REPLY, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "replied", "instructed", "replied", *CLOSED),
        papers="办理报告 新批示抄告单 电话通知记录 领导批示督办通知单",
    ),
)
