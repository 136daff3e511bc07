"""Read a regulation file (Markdown) into its front matter, its clauses and its rule blocks, each with its line."""

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from duban import clerk_yaml
from duban.clerk_yaml import Fault, Marked
from duban.regulation.law import Clause, normal_number

BLOCK = "规则"
_DIGITS = "一二三四五六七八九"
_SUPPLEMENT = 100
"""The place of 附, the chapter of the office's own supplements: after every numbered one."""
_HEADING = re.compile(
    r"^(?P<chapter>[一二三四五六七八九十]+|附)"
    r"(?:[（(](?P<section>[一二三四五六七八九十]+)[)）])?"
    r"(?P<item>\d+)?(?P<gap>[、\s.．]*)(?P<title>.*)$"
)


@dataclass(frozen=True)
class Block:
    """A fenced block of rules below a clause."""

    clause: Clause
    content: Marked


@dataclass
class Source:
    """What a regulation file says, before anyone asks what it means."""

    front: Marked = field(default_factory=Marked)
    clauses: list[Clause] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def number_of(chinese: str) -> int:
    """Return the value of a Chinese numeral from 一 to 九十九, 100 for 附; ValueError otherwise."""
    if chinese == "附":
        return _SUPPLEMENT
    tens, ten, ones = chinese.rpartition("十")
    if ten and tens in ("", *_DIGITS) and ones in ("", *_DIGITS):
        return (_DIGITS.index(tens) + 1 if tens else 1) * 10 + (_DIGITS.index(ones) + 1 if ones else 0)
    if not ten and chinese in tuple(_DIGITS):
        return _DIGITS.index(chinese) + 1
    raise ValueError(chinese)


def front(text: str) -> Marked:
    """Return the front matter alone, which says what the file is; empty if there is none."""
    source = Source()
    _front_matter(text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), source)
    return source.front


def read(text: str) -> Source:
    """Read the text of a regulation file. Never raises: whatever is wrong is in `.faults`, each with its line."""
    source = Source()
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    body_from = _front_matter(lines, source)
    tokens = MarkdownIt("commonmark").parse("\n" * body_from + "\n".join(lines[body_from:]))
    places: list[tuple[int, ...]] = []
    prose: list[str] = []
    for number, token in enumerate(tokens):
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            _end_clause(source, prose)
            _heading(tokens[number + 1].content, line, source, places)
        elif token.type == "inline" and (number == 0 or tokens[number - 1].type != "heading_open"):
            prose.append(token.content)
        elif token.type == "fence":
            _fence(token, line, lines, source)
        elif token.type == "code_block" or (
            token.type == "html_block" and not token.content.lstrip().startswith("<!--")
        ):
            source.faults.append(Fault(line, "这一段缩进或写法不对，既不是正文也不是“规则”块，请顶格书写"))
    _end_clause(source, prose)
    source.faults += [fault for block in source.blocks for fault in block.content.faults]
    if not source.clauses:
        source.faults.append(Fault(len(lines), "文件里没有任何一条，标题应写成“## 五（五）催办”"))
    return source


def _front_matter(lines: list[str], source: Source) -> int:
    if lines[0].strip() != "---":
        source.faults.append(Fault(1, "缺少文件头：第一行应是“---”，下面写编号、名称、单位、施行日期，再以“---”结束"))
        return 0
    for end, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            source.front = clerk_yaml.read("\n".join(lines[1:end]), first_line=2)
            source.faults += source.front.faults
            return end + 1
    source.faults.append(Fault(1, "文件头没有结束，请在最后一项下面另起一行写“---”"))
    return len(lines)


def _heading(text: str, line: int, source: Source, places: list[tuple[int, ...]]) -> None:
    found = _HEADING.match(text.strip())
    try:
        place = _place(found)
    except ValueError:
        source.faults.append(
            Fault(line, f"标题“{text}”没有条号，应写成“五 督办流程”“五（五）催办”或“七（一）1 办结质量”")
        )
        return
    assert found is not None
    number = normal_number(text.strip()[: found.start("gap")])
    if places and place not in _successors(places[-1]):
        repeated = "，这个条号已经有了" if place in places else ""
        source.faults.append(Fault(line, f"“{number}”的次序不对：不能接在“{source.clauses[-1].number}”后面{repeated}"))
    elif not places and place != (1,) and place != (1, 1):
        source.faults.append(Fault(line, f"“{number}”的次序不对：第一条应是“一”"))
    places.append(place)
    source.clauses.append(Clause(number, found["title"].strip(), "", line))


def _place(found: re.Match[str] | None) -> tuple[int, ...]:
    # "五 督办流程" needs its gap: without it a title that begins with a numeral could not be told from the number.
    if found is None or not found["title"] or (not found["section"] and (found["item"] or not found["gap"])):
        raise ValueError
    if found["item"] and not found["gap"]:
        raise ValueError
    parts = [number_of(found["chapter"])]
    if found["section"]:
        parts.append(number_of(found["section"]))
    if found["item"]:
        parts.append(int(found["item"]))
    return tuple(parts)


def _successors(place: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the numbers that may follow: the first below, the next beside, the next of each level above, or 附."""
    below = [(*place, 1)] if len(place) < 3 else []
    following = [(*place[:depth], place[depth] + 1) for depth in range(len(place))]
    return [*below, *following, *([(_SUPPLEMENT,)] if place[0] < _SUPPLEMENT else [])]


def _end_clause(source: Source, prose: list[str]) -> None:
    if source.clauses and prose:
        last = source.clauses[-1]
        done = Clause(last.number, last.title, "\n".join(prose), last.line)
        source.clauses[-1] = done
        source.blocks = [Block(done, b.content) if b.clause == last else b for b in source.blocks]
    prose.clear()


def _fence(token: Token, line: int, lines: list[str], source: Source) -> None:
    if token.info.strip() != BLOCK:
        source.faults.append(Fault(line, f"代码块应标明“{BLOCK}”（```{BLOCK}），现在是“{token.info.strip()}”"))
        return
    if token.map and not lines[token.map[1] - 1].strip().startswith(token.markup):
        source.faults.append(Fault(line, "这个“规则”块没有结束，请在最后一行下面写 ```"))
        return
    if not source.clauses:
        source.faults.append(Fault(line, "“规则”块要放在一条的标题下面"))
        return
    source.blocks.append(Block(source.clauses[-1], clerk_yaml.read(token.content, first_line=line + 1)))
