"""A page's form as a browser would post it: every field with the value that it shows."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class Fields(HTMLParser):
    """Reads inputs, selects and text areas of the form with this id."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside = form, False
        self.values: dict[str, str] = {}
        self.select = self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = has.get("id") == self.form
        if not self.inside:
            return
        name = has.get("name", "")
        if tag == "input" and name and has.get("type") not in ("submit", "button"):
            ticked = has.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in has:
                self.values[name] = has.get("value", "on" if ticked else "")
        elif tag == "select":
            self.select = name
            self.values[name] = ""
        elif tag == "option" and self.select and "selected" in has:
            self.values[self.select] = has.get("value", "")
        elif tag == "textarea":
            self.text = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.text = ""

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text] += data


def posted(page: HttpResponse, form: str, **changes: Any) -> dict[str, Any]:
    """What the form sends after `changes`; None takes a field out."""
    reader = Fields(form)
    reader.feed(page.content.decode())
    assert reader.values, f"the page has no form {form}"
    values = {name: value for name, value in reader.values.items() if "__prefix__" not in name}
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def row(values: dict[str, Any], prefix: str, **columns: Any) -> dict[str, Any]:
    """One more row in the table `prefix`."""
    number = int(values[f"{prefix}-TOTAL_FORMS"])
    new = {f"{prefix}-{number}-{name}": value for name, value in columns.items()}
    return {**values, **new, f"{prefix}-TOTAL_FORMS": str(number + 1)}


def texts(page: HttpResponse) -> list[str]:
    """The messages of the page that was reached."""
    return [str(message) for message in page.context["messages"]]
