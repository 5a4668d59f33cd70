"""The HTML that sales ops paste into a website of theirs."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leadrouting.intake.asking import Question, questions
from leadrouting.intake.models import Form
from leadrouting.intake.readers.submissions import TRAP, Said


def snippet(form: Form, address: str) -> str:
    """A plain form, without script, that works on any page; its look is the page's own."""
    rows = [row(question) for question in questions(form, Said([]), {})]
    if form.consent_text:
        needed = SafeString(" required") if form.consent_required else ""
        rows.append(
            format_html(
                '  <p><label><input type="checkbox" name="consent" value="yes"{}> {}</label></p>',
                needed,
                form.consent_text,
            )
        )
    return format_html(
        '<form action="{}" method="post" accept-charset="utf-8">\n{}\n'
        '  <p hidden><label>Leave this empty <input name="{}" tabindex="-1" autocomplete="off"></label></p>\n'
        '  <p><button type="submit">{}</button></p>\n</form>',
        address,
        format_html_join("\n", "{}", [(one,) for one in rows]),
        TRAP,
        form.button,
    )


def row(question: Question) -> SafeString:
    needed = SafeString(" required") if question.is_required else ""
    if question.kind == "area":
        widget = format_html('<textarea name="{}" rows="4"{}></textarea>', question.name, needed)
    elif question.kind == "select":
        options = format_html_join("", "<option>{}</option>", [(choice,) for choice in question.choices])
        widget = format_html(
            '<select name="{}"{}><option value="">Choose</option>{}</select>', question.name, needed, options
        )
    elif question.kind == "box":
        widget = format_html('<input type="checkbox" name="{}" value="yes">', question.name)
    else:
        widget = format_html(
            '<input type="{}" name="{}" autocomplete="{}"{}>',
            question.kind,
            question.name,
            question.complete,
            needed,
        )
    return format_html("  <p><label>{}<br>{}</label></p>", question.label, widget)
