"""The points of the check report (see `checking`): what a file shows beside what the regulation and the ledger say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from duban.intake import FORMATS, Received
from duban.intake import wording as w
from duban.ledger.standing import State
from duban.organization import Organization
from duban.regulation import Regulation

#: Formats that are an electronic manuscript (电子文稿) and not a picture of the paper.
_MANUSCRIPTS = ("docx", "doc", "wps")
#: A heading with fewer characters under it says nothing.
_EMPTY = 4


@dataclass(frozen=True)
class Point:
    """One thing that was looked at: its name, the clause it stands on, ok, fault or unseen, and one sentence."""

    name: str
    clause: str
    verdict: str
    sentence: str


def _quoted(words: str, most: int = 40) -> str:
    return f"“{words[:most]}{'…' if len(words) > most else ''}”"


def _scored(law: Regulation, item: str) -> str:
    """The clause under which a fault scores; where the regulation scores nothing, the clause on replies."""
    scored = law.score_items.get(item)
    return (scored or law.reply).basis.clause


def copy(received: Received, law: Regulation) -> Point:
    """电子文稿: whether the file is one where the regulation wants one; a scan is kept all the same."""
    name, clause = "电子文稿", law.reply.basis.clause
    what = FORMATS[received.format] + (f"，{received.pages}页" if received.pages else "")
    if law.reply.copies in ("both", "electronic") and received.format not in _MANUSCRIPTS:
        return Point(name, clause, "fault", f"收到{what}，不是可以编辑的电子文稿；已作为凭证保存，请决定是否要求补送。")
    return Point(name, clause, "ok", f"收到{what}。")


def unread(received: Received, state: State, law: Regulation) -> Iterator[Point]:
    """Every point of a file that no machine reads: unseen, and which clause the person who reads it looks for."""
    what = f"系统不读{FORMATS[received.format]}的内容，"
    names = {
        "格式": _scored(law, "format_fault"),
        "督办文号": law.reply.basis.clause,
        "主送": law.reply.basis.clause,
        "署名": _scored(law, "wrong_subject"),
        "签字": law.reply.basis.clause,
    } | ({"印章": law.reply.basis.clause} if law.reply.seal else {})
    for name, clause in names.items():
        yield Point(name, clause, "unseen", f"{what}没有看到{name}，请打开文件核对。")
    for name, section in law.reply_sections.items():
        if _wanted(section.when, state):
            yield Point(name, section.basis.clause, "unseen", f"{what}没有看到有无“{name}”，请打开文件核对。")


def form(received: Received, law: Regulation) -> Point:
    """格式 (A9): the skeleton that every report has and the ways of writing that GB/T 9704 fixes."""
    found, facts = received.found, received.facts
    faults = []
    if not found["title"]:
        faults.append("没有见到“关于……的报告”样式的标题")
    if not received.sections:
        faults.append("没有见到分段的小标题（一、二、三……）")
    for reference in found["reference"][:3]:
        match = w.REFERENCE.search(reference)
        if match and ("〔" not in reference or "〕" not in reference):
            faults.append(f"文号{_quoted(reference)}的年份应用六角括号〔〕")
        elif match and (match[3] or match[4].startswith("0")):
            faults.append(f"文号{_quoted(reference)}不加“第”、不编虚位")
    if not found["date"]:
        faults.append("没有见到成文日期")
    elif not w.PLAIN_DATE.fullmatch(found["date"][0]):
        faults.append(f"日期{_quoted(found['date'][0])}应写成2026年3月5日的样子")
    faults += [
        sentence
        for fact, sentence in (
            ("revised", "留有没有处理的修订痕迹"),
            ("commented", "留有批注"),
            ("other_paper", "纸型不是A4"),
        )
        if facts[fact]
    ]
    clause = _scored(law, "format_fault")
    if faults:
        return Point("格式", clause, "fault", "；".join(faults) + "。")
    return Point("格式", clause, "ok", "标题、分段、文号和日期的写法符合要求。")


def number(received: Received, state: State, law: Regulation) -> Point:
    """督办文号: the report answers this matter and no other."""
    name, clause, found = "督办文号", law.reply.basis.clause, received.found["reference"]
    if any(_same_number(one, state.reference) for one in found):
        return Point(name, clause, "ok", f"与本件文号{_quoted(state.reference)}一致。")
    if found:
        return Point(
            name,
            clause,
            "fault",
            f"写的是{'、'.join(_quoted(one) for one in found[:3])}，本件是{_quoted(state.reference)}。",
        )
    return Point(name, clause, "fault", f"没有见到督办文号，本件是{_quoted(state.reference)}。")


def _same_number(written: str, reference: str) -> bool:
    """Whether a number as people write it (brackets, 第, zeros, words before it) is this one."""
    one, other = w.REFERENCE.search(written), w.REFERENCE.search(reference)
    if one is None or other is None:
        return re.sub(r"\s", "", reference) in written
    same = (int(one[2]), int(one[4])) == (int(other[2]), int(other[4]))
    return same and one[1].endswith(other[1])


def addressee(received: Received, law: Regulation, org: Organization) -> Point:
    """主送: the office that supervises, by its full name or as the bureau's people say it."""
    clause, found = law.reply.basis.clause, "".join(received.found["addressee"])
    if not found:
        return Point("主送", clause, "fault", f"没有见到主送机关，应主送{org.office}。")
    short = org.office.removeprefix(org.name)
    if org.office in found or (short and found.endswith(short)):
        return Point("主送", clause, "ok", f"主送{_quoted(found)}。")
    return Point("主送", clause, "fault", f"主送的是{_quoted(found)}，应为{_quoted(org.office)}。")


def subject(received: Received, state: State, law: Regulation, org: Organization) -> Point:
    """署名: the unit that carried the matter out reports on it, and not one of its departments (BC-7.1.2)."""
    unit, clause = org.unit(state.unit), _scored(law, "wrong_subject")
    found = "".join(received.found["subject"])
    if not found:
        return Point("署名", clause, "fault", f"没有见到署名，承办单位是{_quoted(unit.name)}。")
    others = {name for code in state.cohandlers for name in (org.unit(code).name, org.unit(code).short)}
    signed = {part for part in re.split(r"[、，,；;]", found) if part}
    if signed & {unit.name, unit.short}:
        more = sorted(signed - {unit.name, unit.short} - others)
        with_others = f"，另有{'、'.join(_quoted(one) for one in more)}" if more else ""
        return Point("署名", clause, "ok", f"署名{_quoted(found)}，是承办单位{with_others}。")
    return Point("署名", clause, "fault", f"署名是{_quoted(found)}，承办单位是{_quoted(unit.name)}。")


def signature(received: Received, state: State, law: Regulation, org: Organization) -> Point:
    """签字: that of whom the regulation wants, as far as a typed name tells."""
    clause, found = law.reply.basis.clause, "".join(received.found["signer"])
    posts = "、".join(org.title(post) for post in law.reply.signers)
    if received.facts["signer"] is None:
        return Point("签字", clause, "unseen", f"签字处是图片，系统认不出是谁签的，应由{posts}签字，请核对。")
    if not found:
        return Point(
            "签字", clause, "fault", f"电子文稿里没有见到签字，应由{posts}审核签字；纸质件已签的请核对纸质件。"
        )
    expected = _signers(law, state, org)
    if found in expected:
        return Point("签字", clause, "ok", f"{found}（{posts}）签字，笔迹请看纸质件。")
    if expected:
        return Point(
            "签字", clause, "fault", f"签字的是{_quoted(found)}，机构文件登记的{posts}是{'、'.join(expected)}，请核对。"
        )
    return Point("签字", clause, "unseen", f"签字的是{_quoted(found)}，机构文件没有登记{posts}，请核对职务。")


def _signers(law: Regulation, state: State, org: Organization) -> tuple[str, ...]:
    """The names of whom the regulation wants to sign: of the unit, or of the leadership in charge of it."""
    own = org.unit_posts(state.unit)
    names: list[str] = []
    for post in law.reply.signers:
        if post in own:
            names.append(own[post].name)
        else:
            names += [holder.name for holder in org.holders(post, state.unit)]
    return tuple(names)


def seal(received: Received, law: Regulation) -> Iterator[Point]:
    """印章: a file shows at most a word for it; where the regulation wants one, a person looks at the paper."""
    if not law.reply.seal:
        return
    clause = law.reply.basis.clause
    if received.facts["seal"]:
        yield Point("印章", clause, "ok", f"电子文稿注有{_quoted(received.found['seal'][0])}，印章本身请看纸质件。")
    else:
        yield Point("印章", clause, "unseen", "系统看不见印章（盖在纸上，或者是图片），请核对纸质件。")


def _wanted(when: str, state: State) -> bool:
    """Whether this matter calls for a section of the regulation's list.

    处理意见 and 整改措施 belong to matters about breaches of discipline (BC-8.2); whether what was reported is true,
    and whether something is to be put right, is the report's to say and a person's to judge.
    """
    if when == "visit_required":
        return bool(state.form.get("revisit"))
    return when == "always" or bool(state.form.get("violation"))


def sections(received: Received, state: State, law: Regulation) -> Iterator[Point]:
    """The sections that the regulation requires of this matter, by any of the headings under which units put them."""
    for name, section in law.reply_sections.items():
        if not _wanted(section.when, state):
            continue
        clause, words = section.basis.clause, w.words_for(name)
        under = [(heading, length) for heading, length in received.sections if any(one in heading for one in words)]
        full = [heading for heading, length in under if length > _EMPTY]
        if full:
            yield Point(name, clause, "ok", f"见{_quoted(full[0])}。")
        elif under:
            yield Point(name, clause, "fault", f"{_quoted(under[0][0])}下面没有内容。")
        else:
            yield _absent(name, section.when, clause, received)


def _absent(name: str, when: str, clause: str, received: Received) -> Point:
    if when == "substantiated" and received.facts["substantiated"] is False:
        return Point(
            name, clause, "unseen", f"报告称反映的问题不属实，没有{_quoted(name)}；经核实属实的必须写明，请判断。"
        )
    if when == "needs_rectification":
        return Point(name, clause, "unseen", f"没有见到{_quoted(name)}；需要整改的必须写明，请判断。")
    fact = next((key for key, words in w.SECTIONS.items() if any(word in name for word in words)), "")
    if fact and received.facts[fact] is None:
        return Point(name, clause, "unseen", f"没有{_quoted(name)}这一段，正文里提到了有关内容，请判断是否写清。")
    return Point(name, clause, "fault", f"没有见到{_quoted(name)}。")


def unfinished(received: Received, law: Regulation) -> Iterator[Point]:
    """落实、原因、办法 (SK-1.2): a report that is not done says why and what comes next."""
    if not received.facts["unfinished"]:
        return
    missing = [name for name, fact in (("原因", "obstacle"), ("解决办法", "remedy")) if not received.facts[fact]]
    if missing:
        sentence = f"报告称事项还没有办完，没有见到分段写明的{'和'.join(missing)}，请判断。"
        yield Point("落实情况", law.reply.basis.clause, "unseen", sentence)
    else:
        yield Point("落实情况", law.reply.basis.clause, "ok", "报告称事项还没有办完，写明了原因和解决办法。")
