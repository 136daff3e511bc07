"""YAML as a clerk writes it: every fault with its line, in Chinese, and nothing turned into something else.

Plain YAML reads 17:00 as the number 1020 and 否 or a date as it pleases. Here a scalar stays the text that
was written; the shapes (pydantic models) say what it means. Regulation files, organization files and
calendar files are read through this module, so their faults all look the same.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import AfterValidator, ValidationError

Path = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file: the line (from 1) and one Chinese sentence."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}"


@dataclass
class Marked:
    """A YAML text as plain data (dict, list, str), with the line of every key and item, and its faults."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Iterable[str | int]) -> int:
        """Return the line of the nearest thing on `path` that was written."""
        parts = tuple(path)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return self.lines.get(parts, 1)


def read(text: str, first_line: int = 1) -> Marked:
    """Read YAML `text` whose first line is line `first_line` of its file. Never raises: see `.faults`."""
    marked = Marked(lines={(): first_line})
    try:
        # An alias can refer to itself or blow up; no clerk needs one.
        for token in yaml.scan(text):
            if isinstance(token, (yaml.AliasToken, yaml.AnchorToken)):
                line = first_line + token.start_mark.line
                marked.faults.append(Fault(line, "这里不能使用 YAML 的锚点或引用（& 和 *），请把内容直接写出来"))
                return marked
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        marked.faults.append(Fault(line, "YAML 写法有误，请检查缩进、冒号（半角，后面空一格）和括号是否配对"))
        return marked
    except RecursionError:
        marked.faults.append(Fault(first_line, "YAML 嵌套过深，请简化"))
        return marked
    marked.data = None if node is None else _plain(node, (), first_line, marked)
    return marked


def _plain(node: yaml.Node, path: Path, first_line: int, marked: Marked) -> Any:
    marked.lines.setdefault(path, first_line + node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = first_line + key_node.start_mark.line
            if not isinstance(key_node, yaml.ScalarNode):
                marked.faults.append(Fault(line, "键必须是一个词"))
                continue
            key = str(key_node.value)
            if key in result:
                marked.faults.append(Fault(line, f"“{key}”在同一处写了两次，请删去一个"))
                continue
            marked.lines[(*path, key)] = line
            result[key] = _plain(value_node, (*path, key), first_line, marked)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, number), first_line, marked) for number, item in enumerate(node.value)]
    return str(node.value)


def faults(error: ValidationError, marked: Marked, at: Path = ()) -> list[Fault]:
    """Turn what pydantic found below `at` into faults with lines. Every fault is kept, not only the first."""
    return [Fault(marked.line((*at, *found["loc"])), _sentence(found)) for found in error.errors(include_url=False)]


def _sentence(found: Mapping[str, Any]) -> str:
    name = next((str(part) for part in reversed(found["loc"]) if isinstance(part, str)), "")
    value = found.get("input")
    shown = value if isinstance(value, str) else ""
    match found["type"]:
        case "missing":
            return f"缺少“{name}”"
        case "extra_forbidden":
            return f"不认识的键“{name}”，请对照说明改正或删去"
        case "value_error":
            return str(found["ctx"]["error"])
        case "model_type" | "dict_type" | "mapping_type":
            return f"“{name}”下面应写成“键: 值”的形式"
        case "tuple_type" | "list_type":
            return f"“{name}”应写成列表，例如 [甲, 乙]"
        case "string_type":
            return f"“{name}”应是一段文字"
        case _:
            return f"“{name}”的值“{shown}”写法不对"


def choose(value: object, words: Mapping[str, T], what: str) -> T:
    """Return the id of a Chinese word from a closed vocabulary; ValueError names the words allowed."""
    if isinstance(value, str) and value in words:
        return words[value]
    near = difflib.get_close_matches(str(value), words, n=2, cutoff=0.5)
    hint = f"，是不是{'或'.join(f'“{one}”' for one in near)}" if near else ""
    raise ValueError(f"{what}“{value}”不在词表里{hint}；可用：{'、'.join(words)}")


def _not_empty(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise ValueError("这里至少要写一项")
    return value


# Not pydantic's min_length: that also complains about the length when it is an item that is wrong.
NOT_EMPTY = AfterValidator(_not_empty)
