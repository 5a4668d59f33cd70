"""Where mail goes to files, sales ops read it: safely, whatever is in it, however many there are."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

from config import mailfiles
from tests import world

pytestmark = pytest.mark.django_db

LIST = "/admin/mailbox/"


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = mailfiles.BACKEND, str(tmp_path / "mail")
    return tmp_path / "mail"


def post(subject: str = "Hello", to: str = "jane@x.example", text: str = "Hi", markup: str = "") -> str:
    mail = EmailMultiAlternatives(subject, text, "us@our.example", [to], headers={"X-Own": "yes"})
    if markup:
        mail.attach_alternative(markup, "text/html")
    mail.connection = get_connection()
    mail.send()
    return mailfiles.newest(1)[0]


def page_of(client: Client, path: str = LIST, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_each_mail_is_a_file_and_the_newest_comes_first(as_ops: Client, folder: Path) -> None:
    assert "No mail yet" in page_of(as_ops)
    for number in range(3):
        post(f"Mail {number}", to=f"to{number}@x.example")
    assert len(list(folder.iterdir())) == 3
    page = page_of(as_ops)
    assert page.index("Mail 2") < page.index("Mail 1") < page.index("Mail 0")
    assert "to1@x.example" in page


def test_it_opens_with_headers_text_html_and_attachments(as_ops: Client, folder: Path) -> None:
    mail = EmailMultiAlternatives(
        "Größe ✓", "See https://x.example/a", "us@our.example", ["jane@x.example"], headers={"X-Own": "yes"}
    )
    mail.attach_alternative("<p>See <b>this</b></p>", "text/html")
    mail.attach("plan.pdf", b"x" * 2048, "application/pdf")
    mail.connection = get_connection()
    mail.send()
    page = page_of(as_ops, f"{LIST}{mailfiles.newest(1)[0]}/")
    for said in ("Größe ✓", "X-Own", "us@our.example", "plan.pdf", "2.0\xa0KB", 'href="https://x.example/a"'):
        assert said in page


def test_what_is_in_a_mail_never_runs_here(as_ops: Client, folder: Path) -> None:
    evil = '"><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)></iframe>'
    name = post(subject=evil, text=evil, markup=f"<p>{evil}</p>")
    for page in (page_of(as_ops, f"{LIST}{name}/"), page_of(as_ops)):
        assert "<script>alert" not in page and "<img src=//evil" not in page
    page = page_of(as_ops, f"{LIST}{name}/")
    frame = re.search(r"<iframe([^>]*)>", page)
    assert frame and "allow-scripts" not in frame[1] and "allow-same-origin" not in frame[1]
    told = html.unescape(re.search(r'srcdoc="([^"]*)"', frame[1])[1])
    assert told.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';')
    assert "alert(1)" in told


@pytest.mark.parametrize(
    "name",
    [
        *("..", "../x", "%2e%2e%2fx.eml", "..%2f..%2fsettings.py", "x.eml", ".hidden", "a%00b"),
        "20260101T000000000000-00000000.eml/../x",
        "20260101T000000000000-00000000.eml",
    ],
)
def test_no_name_leads_out_of_the_folder(as_ops: Client, folder: Path, name: str) -> None:
    post()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nx")
    (folder / "20260101T000000000000-00000000.eml").symlink_to(folder.parent / "secret.eml")
    assert mailfiles.opened(name) is None
    answer = as_ops.get(f"{LIST}{name}/", follow=True)
    assert b"secret" not in answer.content and answer.status_code in (200, 404)
    assert "secret" not in page_of(as_ops)


def test_the_search_finds_by_address_subject_and_text(as_ops: Client, folder: Path) -> None:
    post("First", to="jane@x.example", text="about pipes")
    post("Second", to="max@x.example", text="about wires")
    for words, there, gone in (
        ("JANE", "First", "Second"),
        ("second", "Second", "First"),
        ("wires max", "Second", "First"),
    ):
        page = page_of(as_ops, q=words)
        assert f'dir="auto">{there}<' in page and f'dir="auto">{gone}<' not in page
    assert "No mail says “nobody”" in page_of(as_ops, q="nobody")


def test_a_large_folder_shows_the_newest(as_ops: Client, folder: Path) -> None:
    folder.mkdir()
    for number in range(mailfiles.SHOWN + 50):
        (folder / f"20260101T{number:012d}-00000000.eml").write_text(f"Subject: Mail {number}\n\nx")
    (folder / "20200101-120000-1.log").write_text("Subject: of another program\n\nx")
    page = page_of(as_ops)
    assert page.count("<time") == mailfiles.SHOWN
    assert "Mail 249<" in page and "Mail 49<" not in page


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?utf-8?b?///?=\nTo: \xff\nContent-Type: text/html; charset=no-such\n\n<b>x",
        b"Content-Type: multipart/mixed\n\n--",
        b"Date: nonsense\nTo: <<<>>>\n\nx",
    ],
)
def test_broken_mails_break_nothing(as_ops: Client, folder: Path, raw: bytes) -> None:
    folder.mkdir()
    name = "20260101T000000000001-00000000.eml"
    (folder / name).write_bytes(raw)
    page_of(as_ops)
    page_of(as_ops, q="x")
    page_of(as_ops, f"{LIST}{name}/")


def test_sales_ops_alone_and_only_where_mail_goes_to_files(
    client: Client, as_ops: Client, folder: Path, settings
) -> None:
    name = post()
    for role in ("rep", "manager", "service"):
        other = Client()
        other.force_login(world.user(role=role))
        for path in (LIST, f"{LIST}{name}/"):
            assert other.get(path, follow=True).status_code == 403
    assert Client().get(LIST).status_code == 302
    assert LIST in page_of(as_ops, reverse("admin:index"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert as_ops.get(LIST).status_code == 404 and as_ops.get(f"{LIST}{name}/").status_code == 404
    assert LIST not in page_of(as_ops, reverse("admin:index"))
