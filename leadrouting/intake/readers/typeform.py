"""Typeform: one filled-in form a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from leadrouting.intake.attribution import TOLD, attributed
from leadrouting.intake.heard import Enquired, Heard, Passed, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, is_one_of, part, plain, rows, text
from leadrouting.intake.readers.signatures import in_base64
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.enums import Channel
from leadrouting.leads.services import FIELDS

BY_TYPE = {"email": "email", "phone_number": "phone"}
SCORE = "Score on Typeform"


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    signed = [f"sha256={in_base64(one, raw.body)}" for one in secrets]
    return is_one_of(raw.headers.get("typeform-signature", ""), signed)


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    form = told.get("form_response")
    key = text(part(form, "token"))
    kind = text(told.get("event_type"))
    if kind and kind != "form_response":
        return [Passed(key or text(told.get("event_id")) or kind, f"“{kind}” is no filled-in form.")]
    if not key:
        raise Unreadable("There is no “form_response” with a “token”, by which Typeform names it.")
    hidden = {str(name): text(value) for name, value in objects(part(form, "hidden")).items()}
    where = {plain(name): value for name, value in hidden.items() if plain(name) in TOLD}
    rest = [(name, value) for name, value in hidden.items() if plain(name) not in TOLD]
    answers = [*said(form, mapping), *rest, (SCORE, text(part(form, "calculated", "score")))]
    values = {**attributed(where), **answered(answers, mapping, of_questions())}
    return [Enquired(key, {"channel": Channel.WEB_FORM, **values})]


def objects(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def said(form: Any, mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Questions in words, with their answers."""
    asked = {text(one.get("id")): one for one in fields(rows(part(form, "definition", "fields")))}
    named = {plain(one) for one in mapping}
    for one in rows(part(form, "answers")):
        field = {**asked.get(text(part(one, "field", "id")), {}), **objects(one.get("field"))}
        yield question(field, text(one.get("type")), named), answer(one)


def fields(asked: Sequence[Mapping[str, Any]], depth: int = 5) -> Iterator[Mapping[str, Any]]:
    """Those of groups among them."""
    for one in asked:
        yield one
        if depth:
            yield from fields(rows(part(one, "properties", "fields")), depth - 1)


def question(field: Mapping[str, Any], kind: str, named: set[str]) -> str:
    """By what sales ops or the form's maker called it, else by what kind of answer it is, else as it was asked."""
    title, ref, key = (text(field.get(name)) for name in ("title", "ref", "id"))
    for name in (title, ref, key):
        if plain(name) in named:
            return name
    for name in (ref, title):
        if plain(name) in of_questions() or plain(name) in FIELDS:
            return name
    return BY_TYPE.get(kind) or title or ref or key or kind


def answer(one: Mapping[str, Any]) -> str:
    kind = text(one.get("type"))
    value = one.get(kind)
    if kind == "choice":
        return text(part(value, "label")) or text(part(value, "other"))
    if kind == "choices":
        labels = part(value, "labels")
        chosen = [text(label) for label in labels] if isinstance(labels, list) else []
        return ", ".join(filter(None, [*chosen, text(part(value, "other"))]))
    if kind == "payment":
        paid = " ".join(filter(None, (text(part(value, name)) for name in ("amount", "currency"))))
        return f"{paid} paid" if paid else ""
    return text(value)
