"""How units write: labels, shapes of numbers and dates, and the headings under which they put what is asked for.

These are habits of writing, not rules. What a report must hold is said by the regulation (回复内容); here stand the
words under which it is found.
"""

import re

#: Han characters with the rare ones of names and places (㛃 䶮 𠮷).
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_BRACKETS = r"[〔\[［【（({]\s*(\d{4})\s*[〕\]］】）)}]"
REFERENCE = re.compile(rf"([{HAN}]{{2,12}}){_BRACKETS}(第?)(\d{{1,5}})号")
_NUMERAL = "〇○Ｏ零一二三四五六七八九十"
DATE = re.compile(
    rf"\d{{4}}年\d{{1,2}}月\d{{1,2}}日|[{_NUMERAL}]{{4}}年[{_NUMERAL}]{{1,3}}月[{_NUMERAL}]{{1,4}}日"
    r"|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
)
#: A date as GB/T 9704 has it: Arabic, nothing padded.
PLAIN_DATE = re.compile(r"[1-9]\d{3}年[1-9]\d?月[1-9]\d?日", re.ASCII)
SEAL = re.compile(r"[（(]\s*(?:印|章|公章|印章|已盖章)\s*[）)]")
#: A place for a seal, printed on a form; it says nothing of whether there is one.
SEAL_PLACE = re.compile(r"[（(]\s*(?:加?盖章|加盖公章|盖公章|单位公章|单位印章)\s*[）)]")
#: Which part in it a unit has, behind its name.
ROLE = re.compile(r"[（(](?:主办|协办|牵头|配合)[）)]")
#: A whole line in brackets that tells what to write here, as forms have it until somebody writes.
HINT = re.compile(r"[（(][^）)]{0,80}写[^）)]{0,200}[）)]")
MARK = re.compile(r"(?:密级[：:])?((?:绝密|机密|秘密)(?:★.{0,20})?)")

_SIGN = (
    r"(?:承办单位|本单位|报告单位)?(?:主要领导|主要负责人|单位负责人|负责人|分管领导|一把手|领导)"
    r"(?:审阅|审核|审签|审批)?(?:意见)?(?:[（(]?(?:签字|签名|签章)[）)]?)"
)
SIGN_LABEL = rf"(?:签发人?|审签人?|审核签字|签字人?|签名|主要领导|主要负责人|单位负责人|{_SIGN})"
SIGNER = re.compile(rf"{SIGN_LABEL}[：:]\s*([{HAN}]\s{{1,3}}[{HAN}](?![{HAN}])|[^\s：:，。；（(]{{2,20}})(?!\s*[：:])")
SIGN_PLACE = re.compile(rf"^{SIGN_LABEL}[：:]?")
#: What stands in a place for a signature without being one.
NO_NAME = re.compile(r"[年月日/_＿\-—\s]+|同意|无|签字|签名|盖章|联系人?|电话|[×xX]+|\d+")

TITLE = re.compile(r"报告$|报告[（(].{1,10}[）)]$|^关于.{2,}(情况|说明|反馈|汇报|总结|回复|复函|请示|函)$")
TITLE_LABEL = re.compile(r"^(标题|题目|事由|报告题目|文件标题)[：:]?$")
ADDRESSEE_LABEL = re.compile(r"^(主送|主送机关|主送单位|报送|报送单位|呈报|致)[：:]?$")
SUBJECT_LABEL = re.compile(
    r"^(承办单位|报告单位|报送单位|填报单位|署名|落款|单位)([（(].{0,6}[）)])?[：:]?$|^单位名称[：:]?$"
)
DATE_LABEL = re.compile(r"^(日期|时间|成文日期|报告日期|填报日期|报送日期|落款日期)[：:]?$")
REFERENCE_LABEL = re.compile(r"^(督办)?(文号|编号)[：:]?$")
#: Lines that end with a colon and are no addressee.
LABEL = re.compile(r"签|联系|电话|附件|抄送|日期|编号|文号|负责人|领导|时间|如下|情况[：:]$|报告[：:]$")
CONTACT = re.compile(r"联系人|联系电话|电话[：:]|附件|抄送|此件|印发")
ATTACHMENT = re.compile(r"^附件\s*\d*\s*[：:]\s*(?:\d{1,2}[.．、]\s*)?(.{1,120})$")
ATTACHMENT_NEXT = re.compile(r"^\d{1,2}[.．、]\s*(.{1,120})$")

#: 一、 （一） 1. （1） before a heading.
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]|[（(]\d{1,2}[）)])\s*"
)
LEVEL_ONE = re.compile(r"^[一二三四五六七八九十]{1,3}、")
HEADING = re.compile(r"[^。，；：:,;]{1,30}")

#: What is looked for under the name that facts have: the ways in which units call it.
SECTIONS: dict[str, tuple[str, ...]] = {
    "course": (
        "办理情况", "办理经过", "办理过程", "工作开展情况", "开展情况", "核查情况", "调查情况", "核查经过", "调查经过",
        "基本情况", "主要做法", "工作情况", "侦办情况", "核实情况",
    ),
    "result": (
        "办理结果", "处理结果", "核查结果", "调查结果", "查处结果", "工作成效", "落实结果", "取得成效", "工作成果",
    ),
    "conclusion": ("结论", "调查认定", "核查认定"),
    "opinion": ("处理意见", "处理决定", "处理建议", "处理情况", "责任追究", "问责情况"),
    "rectification": ("整改",),
    "revisit": ("回访",),
    "carried_out": ("落实情况", "是否落实", "落实与否"),
    "obstacle": ("未落实原因", "未落实的原因", "未办结原因", "未办结的原因", "原因分析", "存在问题", "存在的问题"),
    "remedy": ("解决办法", "解决措施", "下一步", "下步工作", "下步打算", "下步计划", "对策"),
}  # fmt: skip
NOT_SUBSTANTIATED = re.compile(r"不属实|不实|查无实据|查无此事|没有事实依据")
SUBSTANTIATED = re.compile(r"(?<![不否])属实|(?:查|核查|调查)实")
UNFINISHED = re.compile(r"未办结|尚未办结|正在办理|未能办结|未落实|没有落实|尚未完成|未完成|没有完成|仍在办理")


def words_for(section: str) -> tuple[str, ...]:
    """The words under which units put a section that a regulation names; at least that name itself."""
    for words in SECTIONS.values():
        if any(word in section for word in words):
            return (section, *words)
    return (section,)
