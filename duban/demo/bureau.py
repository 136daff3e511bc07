"""某某局: what its rules have that the others lack: one leader approves, the office decides whether to urge."""

from duban.demo.stories import TODAY, Story, answer, enter, form, of, on, reply, send

APPROVE = answer("sign.leader", "审批", opinion="请按期办结。")
DONE = reply("一、办理情况\n已按要求逐项办理。\n二、办理结果\n全部完成，数据已经核对。")
TAKE_IN = answer(
    "review.office",
    "接收汇总",
    summary="责任科室按要求逐项办理，数据由科室核对。",
    conclusion="要求的事项已经办结。",
    opinion="建议报主要领导签字确认。",
)
CLOSE = (TAKE_IN, answer("approve.chief", "批准办结"))

TO_ISSUE = ("registered", "submitted", "signed", "dispatched")
CLOSED = ("accepted", "reported", "approved", "filed")
LATE = ("reply_lapsed", "urge_day_came", "urged")
BASIS = {"basis_document": "局长办公会纪要〔2026〕3号"}

STORIES = (
    Story(
        "领导审批，按时回复，统一报送",
        (
            on(2, APPROVE),
            on(
                5,
                DONE,
                *CLOSE,
                answer("sign_up.chief", "签发"),
                answer("send_up", "已报送", to="市政府办公室", how="公文系统"),
            ),
        ),
        (*TO_ISSUE, "replied", *CLOSED[:-1], "upward_drafted", "upward_signed", "sent_up", "filed"),
        form=form("general", "信息中心", 6, "政务数据目录编制情况的汇总", "汇总各科室目录，核对后上报。")
        | BASIS
        | {"due_on": "2026-03-09", "report_to": "市政府办公室"},
        papers="政务督查通知单 督查办理报告 统一报送",
    ),
    Story(
        "到期前发催办单，到期后督查室再定催办",
        (
            on(2, APPROVE),
            on(4, enter("urge", how="document", text="主要领导要在周末前看到结果，请抓紧。", on="2026-03-06")),
            on(
                10,
                answer("urge.office", "发催办单", text="已过时限，请立即报来。", due_on="2026-03-12"),
            ),
            on(11, DONE, *CLOSE),
        ),
        (*TO_ISSUE, "urged_by_hand", *LATE, "replied", *CLOSED),
        form=form("general", "执法支队", 5, "窗口单位工作纪律整改", "逐项整改，附整改前后照片。")
        | BASIS
        | {"due_on": "2026-03-09"},
        papers="政务督查催办单 政务督查通知单 督查办理报告",
    ),
    Story(
        "限时事项，领导把日期提前",
        (
            on(
                2,
                answer("sign.leader", "退改", opinion="太晚了，提前到3月6日。"),
                answer("revise", "重新送审", due_on="2026-03-06"),
                APPROVE,
            ),
            on(5, DONE, *CLOSE),
        ),
        ("registered", "submitted", "signed", "revised", *TO_ISSUE[1:], "replied", *CLOSED),
        form=form("dated", "行政审批科", 7, "审批事项清单的核对", "与上级清单逐条比对，列出差异。")
        | BASIS
        | {"due_on": "2026-03-13"},
        papers="政务督查通知单 督查办理报告",
    ),
    Story(
        "不能按时办结，到期前书面说明",
        (
            on(2, APPROVE),
            on(4, send("extension", reason="等待财政部门批复", plan="批复后三日内完成", until="2026-03-13")),
            on(11, DONE, *CLOSE),
        ),
        (*TO_ISSUE, "extended", "replied", *CLOSED),
        form=form("general", "规划财务科", 7, "办公用房维修经费的落实", "落实经费来源，报实施计划。")
        | BASIS
        | {"due_on": "2026-03-06"},
        papers="政务督查通知单 未办结情况说明 督查办理报告",
    ),
    Story(
        "目标任务按月报进展，两个月",
        (
            on(2, APPROVE),
            on(
                24,
                send(
                    "period-report",
                    progress="一季度任务完成八成。",
                    carried_out="部分落实",
                    obstacle="两个项目招标延期",
                    remedy="已请主管科室协调",
                    percent="80",
                ),
            ),
            on(23, send("period-report", progress="两个项目已经开工。", carried_out="已落实", percent="100"), month=4),
            on(23, DONE, *CLOSE, month=4, hour=15),
        ),
        (*TO_ISSUE, "period_reported", "period_reported", "replied", *CLOSED),
        form=form("routine", "业务管理科", 5, "年度目标任务的推进", "每月报进展，完成后报总结。") | BASIS,
        papers="政务督查通知单 督查办理报告 进展情况月报",
    ),
    Story(
        "牵头、配合两个科室，一个迟报",
        (
            on(2, APPROVE),
            on(
                5,
                *of(1, DONE, TAKE_IN),
                enter(
                    "coordination",
                    units="综合科、服务中心",
                    ruling="场地由服务中心提供，材料由综合科统一准备。",
                    by="秦维岳",
                    on=TODAY,
                ),
            ),
            on(
                10,
                *of(2, answer("urge.office", "电话催办", text="对方答复今天报来。"), DONE, TAKE_IN),
            ),
            on(11, DONE, *CLOSE),
        ),
        (
            *(*TO_ISSUE, "parts_planned", "decomposed", "part_ended", "coordinated", "part_ended"),
            *("replied", *CLOSED),
        ),
        parts=(
            ("registered", "dispatched", "replied", "accepted", "part_closed", "filed"),
            ("registered", "dispatched", *LATE, "replied", "accepted", "part_closed", "filed"),
        ),
        form=form("decomposed", "综合科", 7, "政务开放日活动的筹备", "综合科牵头，服务中心配合，各报各的。")
        | BASIS
        | {
            "due_on": "2026-03-13",
            "parts": "综合科 拟定方案和讲解词 2026-03-06\n服务中心 落实场地和引导 2026-03-06",
        },
        papers="政务督查通知单 督查办理报告 需协调事项意见",
    ),
)
