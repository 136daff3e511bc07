"""What people write about a matter: cleaned and measured; of a state secret nothing but where the paper is."""

from duban.acts.act import Act
from duban.acts.form import is_secret
from duban.acts.papers import SEE_PAPER
from duban.errors import Refusal
from duban.text import optional, required

LONGEST = 5000  # characters of a reason, a plan or an opinion; a longer one belongs into an attachment
NAME = 60  # characters of a name or a post
#: What may stand for the content of a state secret.
POINTERS = ("见纸质件", "内容见纸质件", "（见纸质件）", SEE_PAPER)


def told(it: Act, value: object, label: str, most: int = LONGEST, *, wanted: bool = True) -> str:
    """A text about the matter. Raises Refusal when it is wanted and empty, too long, or content of a state secret."""
    text = required(value, label, most) if wanted else optional(value, label, most)
    if not (text and is_secret(it.state.mark)):
        return text
    if text not in POINTERS:
        raise Refusal(
            f"督办件 {it.number} 为{it.state.mark}件，“{label}”的内容不得录入本系统，请写“见纸质件”，在纸质件上办理。"
        )
    return SEE_PAPER
