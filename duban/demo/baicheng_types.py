"""白城: the other types and the modes, one story each."""

from duban.demo.baicheng import ACCEPT, CLOSE, CLOSED, LATE, SIGN, TAKE, TAKEN, TO_ISSUE
from duban.demo.stories import TODAY, Story, answer, do, form, on, reply, send

CHIEF, DAY = "顾长风", "2026-03-02"
BY_CHIEF = {"instruction_by": CHIEF, "instruction_on": DAY}
SIGNED = ("submitted", "signed", "signed", "dispatched")
DONE = reply("一、办理情况\n已逐项核查，责任落实到人。\n二、办理结果\n问题已经整改。\n三、结论\n事项办结。")

TYPES = (
    Story(
        "复杂事项，十五日",
        (on(2, *SIGN, *TAKE), on(13, DONE, *CLOSE)),
        (*TO_ISSUE, *TAKEN, "replied", *CLOSED),
        form=form("complex", "经侦支队", 5, "“惠农合作社”集资纠纷的化解", "查清底数，分类化解，防止聚集。")
        | BY_CHIEF
        | {"instruction_text": "牵涉面大，请经侦支队会同属地摸清底数再动。"},
        papers="办理报告 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "限时事项，按写明的日期",
        (on(2, *SIGN, *TAKE), on(11, DONE, *CLOSE)),
        (*TO_ISSUE, *TAKEN, "replied", *CLOSED),
        form=form("dated", "交警支队", 4, "春耕期间农机上道路的安全检查", "三月十二日前检查完毕，列出隐患清单。")
        | BY_CHIEF
        | {"instruction_text": "春耕前检查完。", "due_on": "2026-03-12"},
        papers="办理报告 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "日常事项，漏报一周后补报",
        (
            on(2, *SIGN, *TAKE),
            on(
                6,
                send(
                    "period-report",
                    progress="已排查出租房屋120处。",
                    carried_out="部分落实",
                    obstacle="乡镇底数不清",
                    remedy="与村委会逐户核对",
                    next_plan="排查沿街商铺。",
                    percent="40",
                ),
            ),
            on(
                17,
                do("await", state="urged"),
                send("period-report", progress="沿街商铺已排查完毕。", carried_out="已落实", percent="90"),
            ),
            on(19, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "period_reported", *LATE, "period_reported", "replied", *CLOSED),
        form=form("routine", "洮北分局", 6, "出租房屋治安隐患排查", "每周报一次进度，全部排查完后报办结报告。"),
        papers="办理报告 工作进度周报 督办事项催办通知书 重点工作督办通知单",
    ),
    Story(
        "分阶段，办公室检查一段，末段迟报",
        (
            on(2, *SIGN, *TAKE),
            on(5, DONE, ACCEPT),
            on(
                10,
                answer("check", "检查完毕", findings="两个窗口的公示内容不全。", grade_fazhi="较好"),
            ),
            on(17, do("await", state="urged"), DONE, *CLOSE),
        ),
        (
            *TO_ISSUE,
            *TAKEN,
            *("replied", "accepted", "period_closed", "period_opened", "checked", "period_opened"),
            *LATE,
            "replied",
            "accepted",
            "period_closed",
            *CLOSED[1:],
        ),
        form=form("staged", "法制支队", 6, "执法公示专项整改", "按阶段推进，每阶段报一次。")
        | {
            "stages": "自查自纠 2026-03-02 至 2026-03-06\n督促检查 2026-03-06 至 2026-03-10 办公室\n"
            "整改提高 2026-03-10 至 2026-03-13"
        },
        papers="办理报告 检查记录 督办事项催办通知书 重点工作督办通知单",
    ),
)

MODES = (
    Story(
        "电话督办",
        (
            on(2, answer("phone", "已电话下达"), send("reading", opinion="当天就办。")),
            on(5, DONE, *CLOSE),
        ),
        ("registered", "tasked", "phoned", "read", "replied", *CLOSED),
        form=form("general", "出入境支队", 7, "窗口叫号机故障的处理", "尽快修好，故障期间人工叫号。", mode="电话"),
        papers="办理报告 电话督办记录",
    ),
    Story(
        "实地督办，转单位办理",
        (
            on(
                2,
                answer(
                    "visit",
                    "转承办单位办理",
                    people="田雨欣、冯立言",
                    place="洮南市北环路检查站",
                    on=TODAY,
                    findings="夜间两个岗位只有一人，登记不全。",
                ),
                *TAKE,
            ),
            on(5, DONE, *CLOSE),
        ),
        ("registered", "tasked", "visited", "dispatched", *TAKEN, "replied", *CLOSED),
        form=form("general", "洮南市局", 7, "公安检查站夜间勤务的落实", "查清缺岗原因，补齐勤务。", mode="实地")
        | {"order_by": CHIEF, "order_on": DAY, "order_text": "请办公室夜里去站上看看，不打招呼。"},
        papers="办理报告 实地督办记录",
    ),
    Story(
        "联合督办，与督察、纪委同去",
        (
            on(2, *SIGN, *TAKE),
            on(
                5,
                answer(
                    "joint_record",
                    "记录",
                    people="冯立言、康正平、闵守廉",
                    place="大安市公安局执法办案中心",
                    on=TODAY,
                    findings="涉案财物台账与实物有三处不符。",
                ),
            ),
            on(6, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "visited", "replied", *CLOSED),
        form=form("general", "大安市局", 4, "涉案财物管理的清理", "逐件核对，账实相符。", mode="联合")
        | BY_CHIEF
        | {"instruction_text": "会同督察、纪委去看，清理到件。", "partners": "督察、纪委"},
        papers="办理报告 电话通知记录 联合督办记录 领导批示督办通知单",
    ),
    Story(
        "暗访，公开后交办",
        (
            on(
                2,
                answer(
                    "visit",
                    "转承办单位办理",
                    people="田雨欣",
                    place="镇赉县公安局户政大厅",
                    on=TODAY,
                    findings="午间两个窗口无人值守。",
                    causes="排班没有考虑午间办事的群众。",
                    measures="错时排班，公示值守时间。",
                ),
                *SIGN,
                *TAKE,
            ),
            on(5, DONE, *CLOSE),
        ),
        ("registered", "tasked", "visited", "released", *SIGNED, *TAKEN, "replied", *CLOSED),
        form=form("general", "镇赉县局", 7, "户政窗口午间值守的明察暗访", "看值守是不是落实，问题写清。", mode="暗访")
        | {"consent_by": CHIEF, "consent_on": DAY, "consent_number": "白公党纪要〔2026〕2号"},
        papers="办理报告 暗访记录 重点工作督办通知单",
    ),
)
