"""Documents of the office: values from the ledger + a template that staff edit in Word -> .docx."""

from duban.documents.catalogue import CATALOGUE, Kind, kinds
from duban.documents.checking import check_template
from duban.documents.fields import FIELDS, LISTS, PICTURES
from duban.documents.filling import DOCX, ENVIRONMENT, LONGEST, PAPER_ELSEWHERE, XLSX, compiled, render, tagged_xml
from duban.documents.pictures import Picture

__all__ = [
    "CATALOGUE",
    "DOCX",
    "ENVIRONMENT",
    "FIELDS",
    "LISTS",
    "LONGEST",
    "PAPER_ELSEWHERE",
    "PICTURES",
    "XLSX",
    "Kind",
    "Picture",
    "check_template",
    "compiled",
    "kinds",
    "render",
    "tagged_xml",
]
