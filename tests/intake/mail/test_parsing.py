"""A mail taken apart."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadrouting.intake.heard import Bounced, Mailed, Passed, Raw
from leadrouting.intake.mail.html import words
from leadrouting.intake.mail.parsing import taken_apart
from leadrouting.intake.mail.quoting import own_words
from leadrouting.intake.readers.email import read
from tests.intake.mail.conftest import mail

OURS = {"ours": ["sales@our.example", "@our.example"]}


@given(st.binary(max_size=2000))
@example(b"From: =?utf-8?q?=ff?= <a@b.example>\nSubject: =?x?b?!?=\n\n\x00\xff")
@example(b'Content-Type: text/plain; charset="no such"\n\n\xff\xfe')
@example(
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
)
@example(b"From: a@b.example, c@d.example\nDate: Mon, 99 Foo 9999999 99:99:99 +9999\n\nx")
@example(b"Content-Transfer-Encoding: base64\n\n\xff===")
@example(
    b"Content-Type: text/plain; charset*=utf-8''%ff\nContent-Disposition: attachment; filename*0*=%ff\n\nx"
)
def test_no_bytes_make_it_raise(body):
    found = taken_apart(body)
    assert "\0" not in found.text + found.subject + found.sender.name
    (found.text + found.subject + found.sender.name + found.sender.address).encode()
    read(Raw(body), {}, OURS)


HEADERS = st.sampled_from(
    ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References", "Content-Type"]
)


@given(st.lists(st.tuples(HEADERS, st.binary(max_size=60)), max_size=8), st.binary(max_size=300))
def test_no_headers_make_it_raise(headers, body):
    told = b"\n".join(name.encode() + b": " + value.replace(b"\n", b" ") for name, value in headers)
    read(Raw(told + b"\n\n" + body), {}, OURS)


@given(st.text(max_size=500))
def test_no_markup_makes_it_raise(markup):
    words(markup)
    own_words(markup)


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Ann <ann@our.example> wrote:\n> Shall we?", "Yes."),
        (
            "Yes.\n\nOn Mon, 2 Mar 2026 at 10:00, Ann Archer with a long name\n<ann@our.example> wrote:\n\n> Hm",
            "Yes.",
        ),
        ("Ja.\n\nAm 02.03.2026 um 10:00 schrieb Ann:\n> Sollen wir?", "Ja."),
        ("Oui.\n\nLe lun. 2 mars 2026 à 10:00, Ann a écrit :\n> On y va ?", "Oui."),
        ("Sí.\n\nEl lun, 2 mar 2026, Ann escribió:\n> ¿Vamos?", "Sí."),
        ("Yes.\n\n-----Original Message-----\nFrom: Ann\nSent: Monday", "Yes."),
        ("Yes.\n________________________________\nFrom: Ann <a@b.example>\nSent: Monday\nTo: Jane", "Yes."),
        ("Yes.\n\nFrom: Ann <a@b.example>\nSent: Monday\nTo: Jane\nSubject: Hm\n\nShall we?", "Yes."),
        (
            "Von: Ann\nGesendet: Montag\nAn: Jane\n\nSollen wir?",
            "Von: Ann\nGesendet: Montag\nAn: Jane\n\nSollen wir?",
        ),
        ("> first\nI agree\n> second\nand with this", "I agree\nand with this"),
        ("Call me.\n-- \nJane Doe\nAcme", "Call me."),
        ("On Monday I wrote:\nnothing", "nothing"),
        ("From: the heart, we love it", "From: the heart, we love it"),
    ],
)
def test_what_is_quoted_is_left_out(written, own):
    if written.startswith("On Monday"):
        assert own in own_words(written)
    else:
        assert own_words(written) == own


def test_html_in_words():
    markup = """<html><head><title>No</title><style>p {}</style></head><body><p>Hello &amp; good day</p>
        <script>alert(1)</script><p>See <a href="https://acme.example/x">our page</a><br>Jane</p>
        <div class="gmail_quote">On Monday Ann wrote: <blockquote>old</blockquote></div></body></html>"""
    assert words(markup) == "Hello & good day\n\nSee our page (https://acme.example/x)\nJane"


def test_html_alone_is_read_and_plain_words_come_first():
    (only,) = read(Raw(b"From: j@acme.example\nContent-Type: text/html\n\n<p>Hi <b>there</b></p>"), {}, OURS)
    assert only.values["message"] == "Hi there"
    (both,) = read(Raw(mail("plain", html="<p>html</p>")), {}, OURS)
    assert both.values["message"] == "Quote\n\nplain"


def test_names_and_charsets():
    body = (
        b"From: =?iso-8859-1?Q?J=FCrgen_M=FCller=2C_Dr=2E?= <JM@Acme.Example>\nSubject: =?utf-8?B?w4RuZGVydW5n?=\n"
        b"Content-Type: text/plain; charset=windows-1252\nMessage-ID: <a@b>\n\n"
    ) + "Preis: 5 €".encode("cp1252")
    (found,) = read(Raw(body), {}, OURS)
    assert found.values == {
        "channel": "email",
        "name": "Jürgen Müller, Dr.",
        "email": "jm@acme.example",
        "message": "Änderung\n\nPreis: 5 €",
    }


def test_attachments_are_named():
    from email import message_from_bytes, policy

    message = message_from_bytes(mail(), policy=policy.default)
    message.add_attachment(b"x" * 1000, maintype="application", subtype="pdf", filename="Plan & price.pdf")
    (found,) = read(Raw(message.as_bytes()), {}, OURS)
    assert found.values["message"].endswith("(attached: Plan & price.pdf)")


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "jane@acme.example"),
        ({"Reply_To": "Visitor <v@x.example>"}, "v@x.example"),
        ({"Reply_To": "sales@our.example"}, "jane@acme.example"),
        ({"sender": "Form <form@our.example>", "Reply_To": "v@x.example"}, "v@x.example"),
    ],
)
def test_who_is_to_be_answered(headers, address):
    (found,) = read(Raw(mail(**headers)), {}, OURS)
    assert isinstance(found, Mailed) and found.values["email"] == address and not found.is_ours


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.acme.example>"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_no_person_wrote_it(headers):
    (found,) = read(Raw(mail(**headers)), {}, OURS)
    assert isinstance(found, Passed)


def test_what_comes_back_names_what_we_sent():
    body = (
        b"From: MAILER-DAEMON@mx.example\nMessage-ID: <b@mx>\nSubject: Undelivered\n"
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\nNo such user.\n"
        b"--x\nContent-Type: message/rfc822\n\nMessage-ID: <leadrouting-7@our.example>\n\nHello\n--x--\n"
    )
    (found,) = read(Raw(body), {}, OURS)
    assert isinstance(found, Bounced) and "<leadrouting-7@our.example>" in found.named


def test_a_mail_without_a_name_has_one():
    first, again, other = (taken_apart(mail(text, key="")).key for text in ("a", "a", "b"))
    assert first == again != other and len(first) == 64
