"""The papers that are written in sentences: urges, demands for an account, reports, the pattern of a reply."""

from tools.first_templates.forms import GRID, Row, basis_row, form_rows, heading, letter, red_head, rounds_table, text
from tools.first_templates.ooxml import END, KEEP, OFF, p, table, when
from tools.first_templates.records import MATTER


def urge_letter(title: str, demand: str, *, reference: str = "{{ 催办文号 }}", colour: str = "") -> str:
    return letter(
        title,
        "{{ 承办单位 }}",
        text(
            "{{ 标题 }}（{{ 督办文号 }}）由你单位承办，"
            "{{ 交办日期 }}交办，办理时限为{{ 办理时限 }}。"
            "{% if 逾期天数 %}时限已过{{ 逾期天数 }}日，至今未收到办结报告，也没有未办结情况备案。"
            "{% endif %}{% if 催办次数 %}现作第{{ 催办次数 }}次催办。{% endif %}"
        ),
        when("催办内容", text("{{ 催办内容 }}")),
        text(demand),
        when(
            "逾期后果",
            text("{{ 逾期后果 }}"),
            otherwise=text("催办依据：{% if 制度名称 %}《{{ 制度名称 }}》{% endif %}{{ 条款 }}。"),
        ),
        reference=reference,
        colour=colour,
    )


def account_demand(title: str) -> str:
    return letter(
        title,
        "{{ 承办单位 }}",
        text(
            "{{ 标题 }}（{{ 督办文号 }}）由你单位承办，办理时限为{{ 办理时限 }}。"
            "{% if 催办文号 %}经{{ 催办文号 }}催办，{% endif %}"
            "到{% if 催办期限 %}{{ 催办期限 }}{% else %}催办期限{% endif %}仍未报送办理结果或者进展情况。"
        ),
        text(
            "请你单位主要领导{% if 说明期限 %}于{{ 说明期限 }}前（含当日）{% else %}立即{% endif %}"
            "向{{ 说明报送对象 }}书面说明情况。"
            "说明应写明未按时报送的原因、责任人和改正措施，由主要领导签字。同时继续办理，不得停止。"
        ),
        when("条款", text("办理依据：{% if 制度名称 %}《{{ 制度名称 }}》{% endif %}{{ 条款 }}。")),
    )


def account_to_party(title: str) -> str:
    return letter(
        title,
        "{{ 说明单位 }}",
        text(
            "{{ 标题 }}（{{ 督办文号 }}）由{{ 承办单位 }}承办。"
            "{% if 上级通报 %}{{ 上级通报 }}就此事通报了{{ 机关名称 }}。"
            "{% endif %}{% if 通报原因 %}通报指出：{{ 通报原因 }}{% endif %}"
        ),
        text(
            "请{{ 说明单位 }}的主要领导{% if 说明期限 %}于{{ 说明期限 }}前（含当日）{% else %}立即{% endif %}"
            "向{{ 党委名称 }}书面说明情况，写明事情经过、原因和责任、整改措施，由主要领导签字，交{{ 办公室名称 }}转呈。"
        ),
        when("条款", text("办理依据：{% if 制度名称 %}《{{ 制度名称 }}》{% endif %}{{ 条款 }}。")),
    )


def closing_report(title: str, signatures: tuple[Row, ...], office: str = "办公室意见") -> str:
    """办理报告 / 督办报告: what the office writes from a reply that it has accepted."""
    rows = (
        *MATTER,
        Row("交办日期", "{{ 交办日期 }}", "办理时限", "{{ 办理时限 }}"),
        Row("回复日期", "{{ 回复日期 }}", "回复签发", "{{ 回复签发人 }}"),
    )
    gap = p("a", ppr=f'{KEEP}{OFF}<w:spacing w:line="200" w:lineRule="exact"/>')
    return (
        red_head("{{ 办公室名称 }}", "{{ 督办文号 }}")
        + p("Title", title)
        + table(GRID, form_rows(rows))
        + gap
        + heading("一、批示和要求")
        + when("批示内容", text("{{ 批示领导 }}{{ 批示日期 }}批示：{{ 批示内容 }}"))
        + text("{{ 办理要求 }}")
        + heading("二、办理经过")
        + rounds_table()
        + heading("三、办理情况")
        + text("{{ 办理情况 }}")
        + heading("四、结论")
        + text("{{ 结论 }}")
        + heading(f"五、{office}")
        + text("{{ 办公室意见 }}")
        + p("Signature", "{{ 办公室名称 }}", '<w:spacing w:before="579"/>')
        + p("Signature", "{% if 报告日期 %}{{ 报告日期 }}{% else %}　　年　　月　　日{% endif %}")
        + gap
        + table(GRID, form_rows(signatures) + basis_row(keep=True))
        + END
    )


def reply_pattern(title: str, head: str) -> str:
    """回复参考模式: the skeleton that a unit fills in; its sections are those that this matter has to have."""
    return (
        p("Title", title)
        + p("Addressee", "{{ 办公室名称 }}：")
        + text("{{ 标题 }}（{{ 督办文号 }}）收悉。现将办理情况报告如下：")
        + p("a", "{%p for 节 in 报告内容 %}")
        + heading("{{ 节.序号 }}、{{ 节.名称 }}")
        + text("{{ 节.提示 }}")
        + p("a", "{%p endfor %}")
        + p("Signature", f"{head}签字：　　　　　", '<w:spacing w:before="579"/>')
        + p("Signature", "{{ 承办单位 }}")
        + p("Signature", "（单位印章）")
        + p("Signature", "　　年　　月　　日")
        + p("Note", "（联系人：{{ 联络员 }}，联系电话：{{ 联络员电话 }}）", '<w:keepNext w:val="0"/>')
    )
