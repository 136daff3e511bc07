"""白城: the turns that a matter may take, one story each."""

from duban.demo.baicheng import CLOSE, CLOSED, SIGN, TAKE, TAKEN, TO_ISSUE, UP, WENT_UP
from duban.demo.baicheng_types import BY_CHIEF, DAY, DONE, SIGNED
from duban.demo.stories import TODAY, Story, answer, do, enter, form, on, send

TAKE_ONLY = (do("call"), send("receipt"))


def _proposal(title: str, **more: str) -> dict[str, str | int]:
    said = {"proposed_by": "网安支队", "proposal_reason": "日常工作中发现，需要全局统一办理。", **more}
    return form("general", "网安支队", 7, title, "逐台核对，登记造册。", **said)


TURNS = (
    Story(
        "呈批，局长同意",
        (
            on(2, answer("propose.deputy", "同意"), answer("propose.chief", "同意", opinion="请抓紧。"), *SIGN, *TAKE),
            on(5, DONE, *CLOSE),
        ),
        ("registered", "proposed", "proposal_signed", "proposal_signed", *SIGNED, *TAKEN, "replied", *CLOSED),
        form=_proposal("移动警务终端的清查"),
        papers="办理报告 督办事项呈批表 重点工作督办通知单",
    ),
    Story(
        "呈批，备案代替",
        (on(2, answer("propose.deputy", "同意"), *SIGN, *TAKE), on(5, DONE, *CLOSE)),
        ("registered", "proposed", "proposal_signed", *SIGNED, *TAKEN, "replied", *CLOSED),
        form=_proposal("互联网接入口的核对", proposal_route="备案"),
        papers="办理报告 督办事项呈批表 重点工作督办通知单",
    ),
    Story(
        "退件，改派给别的单位",
        (
            on(
                2,
                *SIGN,
                *TAKE_ONLY,
                send("decline", reason="该场所的许可和监管由治安支队负责。"),
                answer("reassign", "改派", unit="治安支队", reason="按职责分工改由治安支队办理。"),
                *SIGN,
                *TAKE,
            ),
            on(5, DONE, *CLOSE),
        ),
        (*TO_ISSUE, "received", "declined", "reassigned", *SIGNED, *TAKEN, "replied", *CLOSED),
        form=form("general", "刑侦支队", 4, "新开业歌舞娱乐场所的安全检查", "逐家检查，不合格的限期整改。")
        | BY_CHIEF
        | {"instruction_text": "开业前都要查一遍。"},
        papers="办理报告 改派通知 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "办结后用文件上报",
        (
            on(2, *SIGN, *TAKE),
            on(
                5,
                DONE,
                *CLOSE,
                *UP,
            ),
        ),
        (*TO_ISSUE, *TAKEN, "replied", *WENT_UP),
        form=form("general", "治安支队", 1, "大型商场消防通道治安检查的情况", "检查主城区商场，情况报市政府。")
        | {"instruction_by": "市政府领导", "instruction_on": DAY, "instruction_text": "请公安机关会同检查，报结果。"},
        papers="上报文件 办理报告 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "延期备案，办公室不同意",
        (
            on(2, *SIGN, *TAKE),
            on(4, send("extension", reason="人手不足", plan="抽调警力后办理", until="2026-03-18")),
            on(5, enter("extension-objection", reason="理由不充分，可以再延一天。", due_on="2026-03-10")),
            on(10, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "extended", "extension_objected", "replied", *CLOSED),
        form=form("general", "禁毒支队", 4, "易制毒化学品企业的核查", "逐家核查购销台账。")
        | BY_CHIEF
        | {"instruction_text": "核查到每一笔。"},
        papers="办理报告 未办结情况备案表 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "到期前电话催办",
        (
            on(2, *SIGN, *TAKE),
            on(4, enter("urge", how="phone", text="局长明天要看结果，请提前报。对方答复明日上午报。")),
            on(5, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "urged_by_hand", "replied", *CLOSED),
        form=form("general", "通榆县局", 4, "春季牲畜交易市场的秩序维护", "落实驻场警力，报告安排。")
        | BY_CHIEF
        | {"instruction_text": "提前部署。"},
        papers="办理报告 电话通知记录 领导批示督办通知单",
    ),
    Story(
        "办结后续办",
        (
            on(2, *SIGN, *TAKE),
            on(5, DONE, *CLOSE),
            on(10, enter("further-work", requirement="再跟踪一周，补报巩固情况。", due_on="2026-03-19")),
            on(13, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "replied", *CLOSED, "further_work", "replied", *CLOSED),
        form=form("general", "交警支队", 4, "城区环岛信号配时的优化", "测流量，调配时，报前后对比。")
        | BY_CHIEF
        | {"instruction_text": "环岛天天堵，请尽快优化。"},
        papers="办理报告 电话通知记录 续办通知 领导批示督办通知单",
    ),
    Story(
        "回访不符，分管领导批示重办",
        (
            on(2, *SIGN, *TAKE),
            on(5, DONE, *CLOSE),
            on(
                10,
                enter("follow-up", party="齐振海", on=TODAY, how="电话", opinion="夜里还是有人闹。", consistent="否"),
                enter(
                    "leader-return",
                    "deputy",
                    level="deputy",
                    reason="perfunctory",
                    requirement="重新核查，见到当事人。",
                ),
            ),
            on(11, DONE, *CLOSE),
        ),
        (*TO_ISSUE, *TAKEN, "replied", *CLOSED, "followed_up", "returned", "replied", *CLOSED),
        form=form("general", "洮北分局", 4, "新华路烧烤店扰民投诉的处理", "处理到位并回访投诉人。", revisit=True)
        | BY_CHIEF
        | {"instruction_text": "办好并回访。"},
        papers="办理报告 回访记录 电话通知记录 退办意见 领导批示督办通知单",
    ),
    Story(
        "一年里第三次被通报批评，问责",
        (
            on(2, *SIGN, *TAKE),
            on(
                5,
                DONE,
                *CLOSE,
                *(
                    enter("criticism", level="criticised", reason=why, bulletin=f"白公督通〔2026〕{n}号")
                    for n, why in enumerate(("未按督办反馈模式反馈", "未按规定时限反馈", "无正当理由未完成"), start=1)
                ),
            ),
            on(10, enter("case-outcome", case="case:bulletins:daan:2026", outcome="局党委约谈主要负责人。")),
        ),
        (
            *(*TO_ISSUE, *TAKEN, "replied", *CLOSED),
            *("criticised", "criticised", "criticised", "accountability_opened", "accountability_closed"),
        ),
        form=form("general", "大安市局", 4, "夜巡签到不实的核查", "核对轨迹，查清不实的班次。")
        | BY_CHIEF
        | {"instruction_text": "核查到人。"},
        papers="办理报告 电话通知记录 问责登记表 领导批示督办通知单",
    ),
)
