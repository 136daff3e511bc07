"""What a clerk is told when something cannot be done."""


class Refusal(ValueError):  # noqa: N818 - the field's word: the office refuses, nothing broke
    """An act that the rules or the ledger do not allow.

    The message is one Chinese sentence for a clerk: what is wrong, where, what to do. Nothing has been
    written when it is raised. Commands print it on stderr and exit with 1; pages show it as it is.
    """
