"""Imports in the admin: step by step, in portions, with every row accounted for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.models import Assignment
from leadrouting.intake.importing import runs
from leadrouting.intake.models import ImportRun, ImportSource
from leadrouting.leads.models import Account, Lead
from leadrouting.notifications.models import Message
from leadrouting.sla.models import Clock
from leadrouting.teams.models import User
from tests import world

LEADS = (
    "Vorname,Nachname,E-Mail,Team colour\n"
    "Zoë,Müller,zoe@firm.example,red\nBo,B,no address,\nCy,C,old@firm.example,\nDi\n"
)
ADD = "admin:intake_importrun_add"


@pytest.fixture
def ops(client):
    user = world.user("Olga", role=User.Role.OPS)
    client.force_login(user)
    return user


@pytest.fixture
def pool():
    pool = world.pool(*world.reps(2), name="Takers")
    world.live(pool, name="All")
    return pool


def uploaded(client, text: str | bytes, name: str = "leads.csv", kind: str = "leads"):
    raw = text.encode() if isinstance(text, str) else text
    return client.post(reverse(ADD), {"file": SimpleUploadedFile(name, raw), "kind": kind})


def page_of(run: ImportRun) -> str:
    return reverse("admin:intake_importrun_change", args=[run.pk])


def mapped(client, run: ImportRun, **told):
    """The form as it was offered, with changes."""
    form = client.get(page_of(run)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | told
    return client.post(page_of(run), data)


def finished(run: ImportRun) -> ImportRun:
    runs.carry_on(run.pk, timezone.now)
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_a_file_is_uploaded_mapped_previewed_tried_and_imported(client, ops, pool):
    old = world.lead(email="old@firm.example", name="", external_id="crm:7")
    answer = uploaded(client, LEADS)
    run = ImportRun.objects.get()
    assert answer.url == page_of(run)
    assert run.mapping["columns"]["Team colour"] == ""

    answer = mapped(client, run, column_3="note", keep_as="Fair")
    assert answer.url == page_of(run) + "?preview=1"
    rows = client.get(answer.url).context["rows"]
    assert [(row.line, row.state) for row in rows] == [
        *((2, "imported"), (3, "rejected"), (4, "joined"), (5, "rejected"))
    ]
    assert rows[2].lead == old and Lead.objects.count() == 1

    client.post(page_of(run), {"check": "1"})
    run = finished(run)
    assert (run.state, run.checked["counts"]) == ("draft", {"imported": 1, "rejected": 2, "joined": 1})
    assert Lead.objects.count() == 1 and not run.rows.exists()

    client.post(page_of(run), {"start": "1"})
    client.post(page_of(run), {"start": "1"})
    assert "every 2s" in client.get(page_of(run)).content.decode()
    run = finished(run)
    assert (run.state, sum(run.counts.values()), run.total) == ("done", 4, 4)
    new = Lead.objects.get(email="zoe@firm.example")
    assert (new.name, new.message) == ("Zoë Müller", "Team colour: red")
    assert new.owner is not None

    page = client.get(page_of(run)).content.decode()
    assert "4 rows" in page and "every 2s" not in page
    shown = client.get(reverse("admin:leads_lead_changelist"), {"import": run.pk})
    assert [lead.pk for lead in shown.context["cl"].result_list] == [new.pk]
    bad = b"".join(client.get(reverse("admin:intake_importrun_rejected", args=[run.pk]))).decode()
    assert "3,email: “no address” is not an e-mail address" in bad and "5,1 columns where" in bad

    uploaded(client, LEADS)  # again: mapped as it was kept, and nothing new
    again = ImportRun.objects.latest("pk")
    assert again.source == ImportSource.objects.get(name="Fair")
    client.post(page_of(again), {"start": "1"})
    assert finished(again).counts == {"known": 2, "rejected": 2}
    assert old.activities.count() == 1
    assert client.get(reverse("admin:intake_importrun_changelist")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"", "is empty"),
        (b"a,b\n", "no row below"),
        (b"PK\x03\x04", "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page(client, ops, raw, said):
    assert said in uploaded(client, raw).content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_only_sales_ops_import(client):
    client.force_login(world.user("Rita"))
    assert client.get(reverse(ADD)).status_code in (302, 403)
    client.force_login(world.user("Mia", role=User.Role.MANAGER))
    assert client.get(reverse(ADD)).status_code in (302, 403)


@pytest.mark.django_db
def test_dates_that_can_be_read_both_ways_are_asked_for(client, ops):
    uploaded(client, "Name,Created\nAnn,03/04/2026\n")
    run = ImportRun.objects.get()
    assert "say which is meant" in mapped(client, run).content.decode()
    assert mapped(client, run, order="month first").status_code == 302
    run.refresh_from_db()
    assert runs.mapping_of(run).dates.order == "month first"


@pytest.mark.django_db
def test_a_worker_that_died_is_followed_by_one_that_goes_on(client, ops, pool):
    rows = "".join(f"A{n},a{n}@firm.example\n" for n in range(450))
    uploaded(client, "Name,Email\n" + rows)
    run = ImportRun.objects.get()
    client.post(page_of(run), {"start": "1"})
    runs.carry_on(run.pk, timezone.now, stretch=0)
    run.refresh_from_db()
    assert (run.cursor, run.total, Lead.objects.count()) == (200, 450, 200)
    assert runs.unfinished(timezone.now()) == []
    assert runs.unfinished(timezone.now() + timedelta(minutes=4)) == [run.pk]
    run = finished(run)
    assert (run.state, run.counts, Lead.objects.count()) == ("done", {"imported": 450}, 450)


@pytest.mark.django_db
def test_an_import_is_cancelled_between_two_batches(client, ops, pool):
    uploaded(client, "Name,Email\n" + "".join(f"A{n},a{n}@firm.example\n" for n in range(250)))
    run = ImportRun.objects.get()
    client.post(page_of(run), {"start": "1"})
    runs.carry_on(run.pk, timezone.now, stretch=0)
    client.post(page_of(run), {"cancel": "1"})
    run = finished(run)
    assert (run.state, Lead.objects.count(), run.rows.count()) == ("cancelled", 200, 200)


HISTORY = (
    "id,Name,Created,Owner,Outcome,Closed at,Revenue\n"
    '1,Ann,2024-01-05,Rita Reyes,won,2024-02-01,"1.250,50"\n'
    "2,Bo,2024-01-06,rita,lost,2024-02-02,\n"
    "3,Cy,2024-01-07,Nobody Here,,,\n"
    "4,Di,2024-01-08,,open,,\n"
)


@pytest.mark.django_db
def test_history_keeps_owners_and_outcomes_and_is_silent(client, ops, pool):
    rita = world.rep("Rita Reyes")
    User.objects.filter(pk=rita.pk).update(username="rita")
    for again in (False, True):
        uploaded(client, HISTORY, kind="history")
        run = ImportRun.objects.latest("pk")
        client.post(page_of(run), {"start": "1"})
        wanted = {"known": 3, "rejected": 1} if again else {"imported": 3, "rejected": 1}
        assert finished(run).counts == wanted
    won, lost, open_ = Lead.objects.order_by("external_id")
    assert (won.owner, won.status, won.revenue) == (rita, "won", Decimal("1250.50"))
    assert won.closed_at == datetime(2024, 2, 1, 12, tzinfo=UTC)
    assert (lost.owner, lost.status) == (rita, "lost")
    assert open_.owner in pool.members.all() and open_.is_open
    assert Assignment.objects.get(lead=won).started_at.year == 2024
    assert not Clock.objects.exists() and not Message.objects.exists()


@pytest.mark.django_db
def test_a_second_file_says_what_became_of_leads_that_are_here(client, ops, pool):
    for number in (1, 2):
        world.lead(external_id=str(number), created_at=datetime(2024, 1, number, tzinfo=UTC))
    rita = world.rep("Rita")
    told = "id,owner,outcome,closed at,revenue\n1,Rita,won,2024-02-01,99\n9,Rita,won,2024-02-01,5\n"
    for again in (False, True):
        uploaded(client, told, kind="outcomes")
        run = ImportRun.objects.latest("pk")
        client.post(page_of(run), {"start": "1"})
        assert finished(run).counts == {"known" if again else "imported": 1, "rejected": 1}
    lead = Lead.objects.get(external_id="1")
    assert (lead.owner, lead.status, lead.revenue) == (rita, "won", 99)
    assert run.rows.get(line=3).problem == "There is no lead with this id. Import the leads first."
    assert not Clock.objects.exists() and not Message.objects.exists()


ACCOUNTS = "Company;E-mail domain;Parent account;Team\nAcme Süd;acme-sued.example;Acme;x\nAcme;acme.example;;y\nBad;gmail.com;;\n"


@pytest.mark.django_db
def test_accounts_come_by_the_same_steps(client, ops, pool, django_capture_on_commit_callbacks):
    lead = world.lead(email="jane@acme.example", email_domain="acme.example", email_kind="business")
    there = client.get(reverse("admin:leads_account_import_accounts")).url
    assert 'value="accounts" selected' in client.get(there).content.decode()
    for again in (False, True):
        uploaded(client, ACCOUNTS, kind="accounts")
        run = ImportRun.objects.latest("pk")
        assert run.holds == "accounts"
        answer = mapped(client, run, keep_as="Companies")
        assert answer.url == page_of(run) + "?preview=1"
        page = client.get(answer.url)
        wanted = ["known" if again else "imported"] * 2 + ["rejected"]
        assert [row.state for row in page.context["rows"]] == wanted
        assert ("Unchanged" if again else "New account") in page.content.decode()
        client.post(page_of(run), {"check": "1"})
        counts = {wanted[0]: 2, "rejected": 1}
        assert finished(run).checked["counts"] == counts and Account.objects.count() == (2 if again else 0)
        client.post(page_of(run), {"start": "1"})
        with django_capture_on_commit_callbacks() as callbacks:
            run = finished(run)
        assert (run.state, run.counts, bool(callbacks)) == ("done", counts, True)
    page = client.get(page_of(run)).content.decode()
    assert "Unchanged" in page and "a provider where anybody has addresses" in page
    first = ImportRun.objects.earliest("pk")
    assert ImportSource.objects.get(name="Companies").mapping["holds"] == "accounts"
    shown = client.get(reverse("admin:leads_account_changelist"), {"import": first.pk})
    assert {one.name for one in shown.context["cl"].result_list} == {"Acme", "Acme Süd"}
    assert runs.link_imported(first.pk, timezone.now()) == 1
    lead.refresh_from_db()
    assert lead.account.parent is None and lead.account.name == "Acme"


@pytest.mark.django_db
def test_files_go_after_thirty_days_and_what_became_of_their_rows_stays(client, ops, pool):
    uploaded(client, LEADS)
    uploaded(client, LEADS)
    done, draft = ImportRun.objects.order_by("pk")
    client.post(page_of(done), {"start": "1"})
    done = finished(done)
    now = timezone.now()
    assert runs.forget_files(now + timedelta(days=29)) == 0
    assert runs.forget_files(now + timedelta(days=31)) == 2
    assert runs.forget_files(now + timedelta(days=31)) == 0
    page = client.get(page_of(done)).content.decode()
    assert "The file itself is deleted" in page and done.rows.count() == 4
    assert "Upload it again" in client.get(page_of(draft)).content.decode()


@pytest.mark.django_db
def test_kept_mappings_are_seen_renamed_and_forgotten(client, ops, pool):
    uploaded(client, LEADS)
    mapped(client, ImportRun.objects.get(), column_3="note", keep_as="Fair", source="fair")
    kept = ImportSource.objects.get()
    page = client.get(reverse("admin:intake_importsource_change", args=[kept.pk])).content.decode()
    assert "Vorname → first name" in page and "source = fair" in page
    assert "4 of 4" in client.get(reverse("admin:intake_importsource_changelist")).content.decode()
    client.post(reverse("admin:intake_importsource_change", args=[kept.pk]), {"name": "Trade fair"})
    kept.refresh_from_db()
    assert kept.name == "Trade fair"
    client.post(reverse("admin:intake_importsource_delete", args=[kept.pk]), {"post": "yes"})
    assert not ImportSource.objects.exists() and ImportRun.objects.get().source is None
