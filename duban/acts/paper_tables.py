"""Which part of which event says what on a paper: the tables that `paper_events` reads."""

from duban.regulation import vocabulary

REASON_WORDS = {code: words for words, code in vocabulary.RETURN_REASONS.items()}
#: Why a case was opened where an act gives a code and no sentence.
CASE_WORDS = {"urged_reply_lapsed": "催办后{grace}内没有报送结果或者进展情况"}
VERDICTS = {"pass": "同意", "refuse": "不同意", "agree": "同意"}

_CALL = {"callee": "callee", "callee_post": "callee_post", "call_text": "text", "caller": "caller"}
_VISIT = {"visit_people": "people", "visit_on": "on", "visit_place": "place", "findings": "findings"}
_EXTENSION = {
    "extension_reason": "reason",
    "extension_done": "done",
    "extension_plan": "plan",
    "extension_until": "stated",
    "extension_signer": "signed_by",
}
#: kind of event -> value -> the part of the event's data that it says.
PARTS: dict[str, dict[str, str]] = {
    "proposed": {"proposal_reason": "reason"},
    "received": {"received_by": "by"},
    "called": _CALL,
    "phoned": _CALL,
    "visited": _VISIT | {"causes": "causes", "measures": "measures", "partners": "partners"},
    "own_result": _VISIT | {"reply_summary": "summary", "findings": "summary", "conclusion": "conclusion"},
    "declined": {"declined_reason": "reason"},
    "reassigned": {"reassign_reason": "reason"},
    "urged": {"urge_due_on": "due_on", "urge_reference": "reference"},
    "urged_by_hand": {"urge_text": "text", "urge_reference": "reference", "urge_due_on": "wanted_on"},
    "warned": {"urge_level": "name"},
    "extension_requested": _EXTENSION,
    "extended": _EXTENSION,
    "period_reported": {
        "node": "node_name",
        "period": "period",
        "progress": "progress",
        "obstacle": "obstacle",
        "remedy": "remedy",
        "next_plan": "next_plan",
    },
    "checked": {"check_findings": "findings", "node": "node_name"},
    "inspected": {"check_people": "people", "check_on": "on", "check_findings": "findings"},
    "coordinated": {"coordination_ruling": "ruling", "coordinated_by": "by", "coordinated_on": "on"},
    "returned": {
        "return_reason": "reason",
        "return_requirement": "requirement",
        "return_due_on": "due_on",
        "return_by": "by",
        "return_level": "level_text",
    },
    "further_work": {"further_reason": "reason", "further_requirement": "requirement"},
    "demanded": {"account_to": "to"},
    "replied": {"reply_signer": "signed_by", "upward_reference": "reference", "reply_summary": "text"},
    "accepted": {"office_opinion": "opinion", "conclusion": "conclusion", "reply_summary": "summary"},
    "instructed": {"new_requirement": "requirement"},
    "followed_up": {"party": "party", "follow_on": "on", "follow_how": "how", "follow_opinion": "opinion"},
    "criticised": {"bulletin_above": "bulletin", "bulletin_reason": "reason"},
    "accountability_opened": {"accountability_id": "case", "accountable_person": "head"},
    "accountability_closed": {"accountability_outcome": "outcome"},
}
#: kind of event -> the value that says when it happened (with the hour for calls).
MOMENTS = {
    "proposed": "proposed_on",
    "received": "received_on",
    "called": "called_on",
    "phoned": "called_on",
    "reassigned": "reassigned_on",
    "extension_requested": "extension_on",
    "extended": "extension_on",
    "period_reported": "period_reported_on",
    "checked": "check_on",
    "returned": "return_on",
    "replied": "reply_on",
}
HOURS = {"called_on"}
#: Values that tell what a state secret is about; with its mark they stand on paper only.
CONTENT = (
    *("return_requirement", "further_requirement", "new_requirement", "reply_summary", "conclusion", "office_opinion"),
    *("call_text", "findings", "causes", "measures", "declined_reason", "reassign_reason", "proposal_reason"),
    *("coordination_ruling", "urge_text", "extension_reason", "extension_done", "extension_plan"),
    *(
        "progress",
        "obstacle",
        "remedy",
        "next_plan",
        "check_findings",
        "follow_opinion",
        "upward_text",
        "bulletin_reason",
    ),
)
