"""docs/coverage.md: each rule of the source texts, its tests and its step.

    python tests/rule_coverage.py            write the page
    python tests/rule_coverage.py --check    say what is wrong with it (exit status 1), write nothing

The rules stand in tests/regulations/rules.yaml; which test proves which is said by the tests: `@pytest.mark.rule(...)`.
"""

import contextlib
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RULES = ROOT / "tests" / "regulations" / "rules.yaml"
PAGE = ROOT / "docs" / "coverage.md"
COMMAND = "python tests/rule_coverage.py"
#: Tests that read a regulation or count with its numbers and let nobody act: what they prove is that the rule is there.
DATA = re.compile(
    r"tests/(test_(deadlines|workdays|organization|citations|templates)"
    r"|regulations/test_(baicheng_2020|bureau_2019|lanzhou|lanzhou_layouts|jiangcheng|versions"
    r"|crosscheck|regulation_faults|writing_a_regulation))\.py"
)
BEHAVIOUR, READ = "行为", "数据"


@dataclass(frozen=True)
class Rule:
    """One rule; `step` is file:name, `reason` says why it has no test."""

    id: str
    chapter: str
    rule: str
    step: str
    reason: str = ""


@dataclass
class Marks:
    """Plugin of pytest that notes the rules of each test as it is collected."""

    of: dict[str, set[str]] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            name = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("rule"):
                for rule in (one for said in mark.args for one in spread(said)):
                    self.of.setdefault(rule, set()).add(name)


def spread(said: str) -> list[str]:
    """`LZ-1.1–1.9` -> LZ-1.1, LZ-1.2 … LZ-1.9; any other id is itself."""
    if not (span := re.fullmatch(r"(.+\.)(\d+)–(?:[\d.]+\.)?(\d+)", said)):
        return [said]
    return [f"{span[1]}{n}" for n in range(int(span[2]), int(span[3]) + 1)]


def rules() -> list[Rule]:
    """Every rule, in the order of the file."""
    chapters = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [Rule(number, chapter, **said) for chapter, known in chapters.items() for number, said in known.items()]


def marks() -> dict[str, set[str]]:
    """Rule id -> the tests that carry its mark. Collects every test; SystemExit if some cannot be collected."""
    found, said = Marks(), io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", str(ROOT / "tests")], plugins=[found])
    if status != pytest.ExitCode.OK:
        sys.exit(f"the tests cannot be collected:\n{said.getvalue()[-3000:]}")
    return found.of


def faults(known: list[Rule], tests: dict[str, set[str]]) -> Iterator[str]:
    """What is wrong with the list, the marks or the page."""
    ids = {rule.id for rule in known}
    for unknown in sorted(tests.keys() - ids):
        yield f"no rule {unknown}, but {', '.join(sorted(tests[unknown]))} carry its mark"
    for rule in known:
        if not tests.get(rule.id) and not rule.reason:
            yield f"{rule.id} has neither a test nor a reason"
        if not _is_there(rule.step):
            yield f"{rule.id}: its step {rule.step} is not there"
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page(known, tests):
        yield f"docs/coverage.md is stale: {COMMAND}"


def proof(tests: set[str]) -> str:
    """Whether some test lets people or the clock act by the rule, or all of them only read it; empty for no test."""
    acted = any(not DATA.fullmatch(name.partition("::")[0]) for name in tests)
    return (BEHAVIOUR if acted else READ) if tests else ""


def _is_there(step: str) -> bool:
    path, _colon, name = step.partition(":")
    file = ROOT / path
    return file.exists() and (not name or name in file.read_text(encoding="utf-8"))


def page(known: list[Rule], tests: dict[str, set[str]]) -> str:
    """The page as it should be."""
    by = Counter(proof(tests.get(rule.id, set())) for rule in known)
    lines = [
        "# 规则、测试、步骤",
        "",
        f"本页由 `{COMMAND}` 从测试生成，不要手改。规则的编号见 `tests/regulations/rules.yaml`；"
        "“步骤”是照着办的地方，条款所在的制度文件见 `include/regulations/`。",
        "",
        f"共{len(known)}条，{by[BEHAVIOUR] + by[READ]}条有测试。没有测试的写明原因。",
        "",
        f"“证明”一栏：{BEHAVIOUR}（{by[BEHAVIOUR]}条），有测试照着条款办了事，或者让时间走过；"
        f"{READ}（{by[READ]}条），测试只核对了制度文件里写的内容和按它算出的日期。",
    ]
    chapter = ""
    for rule in known:
        if rule.chapter != chapter:
            chapter = rule.chapter
            lines += ["", f"## {chapter}", "", "| 编号 | 规则 | 证明 | 测试 | 步骤 |", "|---|---|---|---|---|"]
        proofs = "<br>".join(_link(name) for name in sorted(tests.get(rule.id, ()))) or f"（{rule.reason or '无'}）"
        how = proof(tests.get(rule.id, set()))
        lines.append(f"| {rule.id} | {rule.rule} | {how} | {proofs} | {_step(rule.step)} |")
    return "\n".join(lines) + "\n"


def _link(nodeid: str) -> str:
    file, _colons, name = nodeid.partition("::")
    return f"[{name}](../{file})"


def _step(step: str) -> str:
    path, _colon, name = step.partition(":")
    return f"[{name or path}](../{path})"


def main() -> None:
    """Write the page, or check it."""
    known, tests = rules(), marks()
    if "--check" not in sys.argv:
        PAGE.write_text(page(known, tests), encoding="utf-8")
    found = list(faults(known, tests))
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
