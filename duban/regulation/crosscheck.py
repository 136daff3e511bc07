"""What only shows when a regulation is seen as a whole: rules that refer to, or contradict, each other."""

from collections.abc import Iterator, Mapping

from duban.clerk_yaml import Fault
from duban.regulation import vocabulary
from duban.regulation.law import Regulation

Lines = Mapping[tuple[str, ...], int]

_INSIDE = frozenset({"office", "director", "chief", "deputy", "leader", "party"})
_SIDES = ("before", "on", "after")
_NEEDED_BY_TYPE = (
    ("staged", "阶段反馈", "每一阶段交什么"),
    ("decomposed", "分解", "牵头和配合怎么称呼、各负什么责任"),
)


def crosscheck(law: Regulation, lines: Lines) -> Iterator[Fault]:
    """Yield every fault between the rules of `law`; `lines` says where each rule was laid down."""
    for check in (_notices, _scores, _desks, _types, _modes, _ways_up, _urging, _rest):
        yield from check(law, lines)


def _notices(law: Regulation, lines: Lines) -> Iterator[Fault]:
    users: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (("来源", str(number)), rule.notices) for number, rule in law.sources.items()
    ]
    users += [(("电话通知",), law.phone_notice.notices), (("领收",), law.receipt.notices)]
    for place, kinds in users:
        for kind in kinds:
            if kind not in law.notices:
                yield Fault(lines.get(place, 1), "这里用到的通知单没有在“通知单”里规定文书名称")
    for number, rule in law.sources.items():
        if not rule.notices:
            yield Fault(lines[("来源", str(number))], f"来源第{number}项没有写用哪种“通知单”")


def _desks(law: Regulation, lines: Lines) -> Iterator[Fault]:
    # A paper waits at these desks inside the bureau; a post of a unit has nobody there who could answer.
    extension, proposal = law.extension.desks or (), law.registration.proposal_desks or ()
    chains = {"送审签发": law.sign_chain.desks, "办结": law.close_chain.desks, "延期": extension, "立项": proposal}
    chains |= {"考核": law.scoring.desks or (), "通报": law.bulletin.desks or ()}
    chains |= {"批示件汇总": law.digest.desks or (), "进展报送": law.cadence.desks or ()}
    for key, desks in chains.items():
        for desk in desks:
            if desk.post not in _INSIDE:
                yield Fault(lines[(key,)], f"“{key}”里的岗位要在局机关内，{_word(desk.post)}不是")
    if bool(law.registration.proposal) != bool(proposal):
        yield Fault(lines[("立项",)], "“呈批文书”和“呈批”要一起写：用什么表、经过谁")


def _types(law: Regulation, lines: Lines) -> Iterator[Fault]:
    for kind, rule in law.types.items():
        line, cadence = lines[("事项类型", kind)], rule.cadence
        if cadence is not None and cadence.every != "irregular" and cadence.weekday is None and cadence.day is None:
            yield Fault(line, f"{rule.name}的“报送”没有写哪一天：每周的写“星期”，每月的写“日期”")
    for kind, key, why in _NEEDED_BY_TYPE:
        if kind in law.types and not law.laid_down(key):
            yield Fault(lines[("事项类型", kind)], f"有“{law.types[kind].name}”就要写规则“{key}”：{why}")
    if law.laid_down("分解") and "decomposed" not in law.types:
        yield Fault(lines[("分解",)], "写了“分解”，“事项类型”里却没有“分解”一类")
    for number, source in law.sources.items():
        if source.stages and "staged" not in law.types:
            yield Fault(lines[("来源", str(number))], "写了“可分阶段”，“事项类型”里却没有“分阶段”一类")


def _modes(law: Regulation, lines: Lines) -> Iterator[Fault]:
    covert, joint = law.modes.get("covert"), law.modes.get("joint")
    if covert is not None and covert.requires is None:
        yield Fault(lines[("督办方式", "covert")], "暗访要写“前提”，例如“前提: 局党委同意”，没有人同意不得暗访")
    if covert is not None and covert.signed:
        yield Fault(lines[("督办方式", "covert")], "暗访不能写“须签发”：通知单一签发，被督办的单位就知道了")
    if joint is not None and not joint.partners:
        yield Fault(lines[("督办方式", "joint")], "联合督办要写“参加部门”，例如“参加部门: [督察, 纪委]”")


def _ways_up(law: Regulation, lines: Lines) -> Iterator[Fault]:
    for number, source in law.sources.items():
        for case in {source.upward, source.upward_to_leader} - {None}:
            if case not in law.upward:
                word = next(word for word, known in vocabulary.UPWARD_CASES.items() if known == case)
                yield Fault(lines[("来源", str(number))], f"来源第{number}项要上报，但“上报”规则里没有“{word}”这一种")
    for case, rule in law.upward.items():
        if case != "from_unit" and rule.signer is not None and rule.signer not in _INSIDE:
            yield Fault(lines[("上报", case)], f"以本局名义上报的文件要由局机关的人签发，{_word(rule.signer)}不是")


def _urging(law: Regulation, lines: Lines) -> Iterator[Fault]:
    urge, line = law.urge, lines.get(("催办",), 1)
    if urge.discretionary and urge.issue is not None:
        yield Fault(line, "“必要时发”和“发出”不能并写：到期后自动发，还是由办公室决定，请选一样")
    if "account" in urge.then and urge.grace is None:
        yield Fault(line, "催办之后要书面情况说明的，要写“宽限”：催办以后等多久")
    if "account" in urge.then and not urge.account_to:
        yield Fault(line, "催办之后要书面情况说明的，要写“说明报送”给谁")
    if "instructing_leader" in urge.account_to and urge.without_leader is None:
        yield Fault(line, "说明要报批示领导的，还要写“无批示领导时”报给谁")
    if urge.document is not None and urge.forms and "document" not in urge.forms:
        yield Fault(line, "写了催办“文书”，“形式”里却没有“文书”")
    if urge.warnings and all(rule.limit is None and not rule.stated for rule in law.types.values()):
        yield Fault(line, "写了“分级”，却没有一类事项有到期日，分级催办无从起算")
    names = [step.name for step in urge.warnings]
    if len(set(names)) < len(names):
        yield Fault(line, "“分级”里有两级同名，请改成不同的名称")
    sides = [_SIDES.index(step.when.side) for step in urge.warnings]
    if sides != sorted(sides):
        yield Fault(line, "“分级”要按先后写：到期前的在前，到期当日的居中，到期后的在后")


def _rest(law: Regulation, lines: Lines) -> Iterator[Fault]:
    if law.bulletin.limit_times is not None and (law.bulletin.counted is None or law.bulletin.period is None):
        yield Fault(lines[("通报",)], "写了“问责次数”，还要写“计入”哪些通报、“计数期间”多长")
    if law.scoring.co_handler is not None and "decomposed" not in law.types:
        yield Fault(lines[("考核",)], "写了“协办折算”，“事项类型”里却没有“分解”一类，没有协办单位可以折算")
    digest = law.digest
    if digest.every in ("week", "month") and digest.weekday is None and digest.day is None:
        yield Fault(lines[("批示件汇总",)], "“批示件汇总”没有写哪一天：每周的写“星期”，每月的写“日期”")


def _word(post: str) -> str:
    return next(word for word, known in vocabulary.POSTS.items() if known == post)


def _scores(law: Regulation, lines: Lines) -> Iterator[Fault]:
    picks: dict[str, str | None] = {}
    for event, item in law.score_items.items():
        line = lines[("计分", event)]
        if item.pick is not None and item.group is None:
            yield Fault(line, "写了“合并取”，还要写“合并”：和哪些情形合并，例如“合并: 表扬”")
        if item.group is not None and item.pick is None:
            yield Fault(line, "写了“合并”，还要写“合并取”：只算“一次”还是取“最高”")
        if item.group is not None and picks.setdefault(item.group, item.pick) != item.pick:
            yield Fault(line, f"“合并: {item.group}”的各项“合并取”不一致，请写成一样")
        if law.scoring.method not in ("points", "qualitative"):
            yield Fault(line, "写了“计分”，但“考核”没有规定办法是“计分”还是“定性”")
        elif law.scoring.method == "points" and item.points is None:
            yield Fault(line, "考核办法是“计分”，这一项缺少“分值”，例如“-0.5分”")
        elif law.scoring.method == "qualitative" and item.points is not None:
            yield Fault(line, "考核办法是“定性”，这一项不应写“分值”")
        for other in item.stands_with:
            if other not in law.score_items:
                yield Fault(line, "“可与并计”里的情形没有规定分值")
        if set(item.reasons) - set(law.returns.reasons):
            yield Fault(line, "“限于理由”里有“退回”规则没有列出的理由")
    for rate in law.rates:
        if law.scoring.method != "points":
            yield Fault(lines[("按率计分", rate)], "写了“按率计分”，但“考核”的办法不是“计分”")
    floor, cap = law.scoring.floor_shown, law.scoring.cap
    if floor is not None and cap is not None and floor >= cap:
        yield Fault(lines[("考核",)], "“显示下限”不比“上限”低，请核对")
    if law.scoring.method == "none" and (law.scoring.objection or law.scoring.desks or law.scoring.document):
        yield Fault(lines[("考核",)], "办法是“不考核”，不用写“异议期”“审批”“文书”")
    if law.scoring.method == "points" and law.scoring.base is None:
        yield Fault(lines[("考核",)], "考核办法是“计分”，缺少“基础分”，例如“80分”")
