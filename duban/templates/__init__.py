"""Care of the templates that staff edit in Word: what is wrong with one, and its text for reading changes in git."""

from duban.templates.checking import BY_HAND, Checked, check, check_all
from duban.templates.plain import text

__all__ = ["BY_HAND", "Checked", "check", "check_all", "text"]
