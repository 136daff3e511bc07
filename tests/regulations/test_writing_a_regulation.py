"""The guide for offices says what is so: its examples stand in the fourth bureau, its errors are the checker's."""

import re
from pathlib import Path

import pytest

from duban import clerk_yaml, regulation

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "writing-a-regulation.md").read_text(encoding="utf-8")
JIANGCHENG = Path(__file__).parent / "fixtures" / "jiangcheng"
LAW = (JIANGCHENG / "regulations" / "jiangcheng-2026.md").read_text(encoding="utf-8")
ORGANIZATION = (JIANGCHENG / "organizations" / "jiangcheng.yaml").read_text(encoding="utf-8")
ERRORS = re.findall(r"^\| `(.+?)` \| `(.+?)` \| (.+?) \|$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("block", re.findall(r"```规则\n(.*?)```", GUIDE, re.DOTALL))
def test_every_example_stands_in_the_file(block: str) -> None:
    assert block in LAW


def test_there_are_errors_to_learn_from() -> None:
    assert len(ERRORS) > 8


@pytest.mark.parametrize(("right", "wrong", "says"), ERRORS)
def test_an_error_is_told_as_the_guide_says(right: str, wrong: str, says: str) -> None:
    assert right in LAW
    _law, found = regulation.parse(LAW.replace(right, wrong, 1))
    assert any(says in fault.message for fault in found), found


def test_the_people_of_the_guide_are_in_the_file() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    shown, whole = clerk_yaml.read(block).data, clerk_yaml.read(ORGANIZATION).data
    assert shown["机关代字"] == whole["机关代字"]
    assert shown["承办单位"][0] == whole["承办单位"][0]
    assert shown["岗位"]["办公室主任"] == whole["岗位"]["办公室主任"]
    assert shown["岗位"]["分管领导"][0] == whole["岗位"]["分管领导"][0]
    assert shown["联合督办部门"]["审计"] == whole["联合督办部门"]["审计"]


def test_every_paper_of_the_regulation_is_listed_for_its_templates() -> None:
    law, _found = regulation.parse(LAW)
    assert law is not None
    listed = re.search(r"江城要有的：(.*?)。", GUIDE, re.DOTALL)
    assert listed is not None
    named = set(listed[1].replace("\n", "").split("、"))
    papers = set(re.findall(r"文书: ([^,}\n]+)", LAW)) | {rule.layout for rule in law.upward.values() if rule.layout}
    assert papers - {law.reply.document} == named
