"""Texts with placeholders."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadrouting.notifications.prospects.languages import WORDS
from leadrouting.notifications.prospects.words import PLACEHOLDERS, fill, one_line, problems, safe_name


@pytest.mark.parametrize("language", WORDS)
def test_what_ships_is_good(language):
    words = WORDS[language]
    assert problems(words.subject) == [] == problems(words.body)
    assert "{expected}" in words.body and len(words.days) == 7
    for said in (words.today, words.tomorrow, words.on):
        assert "{time}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {nmae}", "There is no {nmae}"),
        ("Hello {name", "A brace is open"),
        ("Hello <b>you</b>", "This is text, not HTML"),
        ("Write to ann.archer@our.example", "no address belongs"),
        ("Your score is high", "“score” is an internal word"),
        ("The Queue is long", "“queue” is an internal word"),
        ("By our round-robin", "“round robin” is an internal word"),
        ("Ask Team North about it", "“team north” is an internal word"),
    ],
)
def test_what_must_not_be_sent_is_refused_by_name(text, said):
    (found,) = problems(text, own=["Team North"])
    assert said in found


def test_everyday_words_are_no_matter():
    assert problems(
        "We score goals at underscore level; our rules, misleading pools.", own=["Team North"]
    ) == ["“score” is an internal word: say it in the prospect’s words."]
    assert problems("Hello {name}, thank you! We will call {expected}.") == []


@given(st.text(max_size=300))
@example("{{name}}")
@example("{" * 50)
@example("<" * 50 + "a")
def test_no_text_makes_it_raise(text):
    problems(text)
    fill(text, {})


@given(st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=80)))
def test_no_hole_is_left_and_values_are_not_read_as_holes(values):
    kept = {name: value.replace("{", "").replace("}", "") for name, value in values.items()}
    for words in WORDS.values():
        assert "{" not in fill(words.body, kept)
    assert fill("{name}", {"name": "{company}", "company": "x"}) == "{company}"


@given(st.text(max_size=200))
def test_a_subject_is_one_line(text):
    assert len(one_line(text).splitlines()) <= 1
    assert not set("\r\n\x00") & set(one_line(text))


def test_nothing_known_reads_well():
    assert fill("Hello {first_name},\n\n{our_name}\n{phone}", {}) == "Hello,"


@pytest.mark.parametrize(
    "name", ["Jane Doe", "Jürgen Müller", "अनीता शर्मा", "O’Brien-Smith", "Dr. No", "李雷"]
)
def test_names_are_names(name):
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "win at http://evil.example",
        "evil.com click",
        "<b>Jane</b>",
        "jane@x.example",
        "Call 0900123456",
        "x" * 61,
        "www.evil",
        "{name}",
    ],
)
def test_what_is_no_name_is_left_out(name):
    assert safe_name(name) == ""


def test_line_breaks_in_a_name_do_no_harm():
    assert safe_name("Jane\r\nBcc: x") == "Jane Bcc: x"
