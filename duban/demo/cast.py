"""Which bureau plays, and the matters of its stories, registered as the office registers them."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from duban import registration, regulation
from duban.acts import OPERATOR, register_all
from duban.demo import baicheng, baicheng_turns, baicheng_types, bureau, lanzhou
from duban.demo.play import Part, Stage
from duban.demo.stories import START, Story
from duban.embedded import places
from duban.errors import Refusal

EXAMPLES = places.CHECKOUT / "examples"

#: Organization id -> the stories that are played there.
STORIES: dict[str, tuple[Story, ...]] = {
    "baicheng": (*baicheng.GENERAL, *baicheng_types.TYPES, *baicheng_types.MODES, *baicheng_turns.TURNS),
    "bureau": bureau.STORIES,
    "lanzhou": lanzhou.STORIES,
}


def choose(organization: str, on: date = START.date()) -> tuple[Story, ...]:
    """Let this bureau play: its organization and the regulation in force that day become the chosen ones; its stories.

    Raises Refusal for a bureau that has no stories, naming those that have.
    """
    if organization not in STORIES:
        raise Refusal(f"没有为“{organization}”准备演练，可用：{'、'.join(STORIES)}。")
    laws = [name for name in regulation.available() if regulation.load(name).organization == organization]
    if not laws:
        raise Refusal(f"include/regulations 里没有“{organization}”的制度文件，请先补上再演练。")
    os.environ |= {"DUBAN_ORGANIZATION": organization, "DUBAN_REGULATION": laws[0]}
    os.environ["DUBAN_REGULATION"] = regulation.current(on).id
    return STORIES[organization]


def enter(stage: Stage, stories: Sequence[Story], start: Callable[[Iterable[str]], object]) -> tuple[Part, ...]:
    """Register the matters: those without a form of their own from the spreadsheet, the others by Airflow's forms.

    `start` starts the runs of the former; the forms of Airflow do it by themselves.
    """
    from_sheet = [story for story in stories if not story.form]
    cast: list[Part] = []
    if from_sheet:
        forms = [{"type": "general", **form} for form in registration.read_forms(EXAMPLES / "matters.xlsx")]
        numbers = [state.number for state in register_all(forms, OPERATOR, "demo")]
        start(numbers)
        cast += parts(numbers, from_sheet)
    for story in stories:
        if story.form:
            said = {name: value for name, value in story.form.items() if name != "type"}
            cast.append(Part(stage.register(said, f"{story.form['type']}_item"), story))
    return tuple(cast)


def parts(numbers: Sequence[str], stories: Sequence[Story] = baicheng.GENERAL) -> tuple[Part, ...]:
    """Each matter of the spreadsheet with its story and the replies that its unit will send, by its place there."""
    return tuple(
        Part(number, story, tuple(sorted((EXAMPLES / "replies").glob(f"{place:02d} *.docx"))))
        for place, (number, story) in enumerate(zip(numbers, stories, strict=True), start=1)
    )
