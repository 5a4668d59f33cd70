"""The tree of places in the admin: what people type, the list, overlaps and gaps, and what follows a new owner."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments import handover
from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Decision
from leadrouting.assignments.ownership import respond
from leadrouting.assignments.services import route
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Territory, TerritoryOwner
from tests import world
from tests.admin.forms import posted

pytestmark = pytest.mark.django_db
LIST, OVERLAPS = "admin:teams_territory_changelist", "admin:teams_territory_overlaps"


def add(client: Client, **values: object) -> object:
    page = reverse("admin:teams_territory_add")
    return client.post(page, posted(client.get(page), "territory_form", name="South", code="south", **values))


def errors(answer: object) -> dict[str, list[str]]:
    return answer.context["adminform"].form.errors


def test_places_are_understood_as_people_write_them(as_ops: Client) -> None:
    answer = add(
        as_ops,
        countries="Deutschland, U.K.; AT",
        regions="Bayern, Salzburg, California",
        postal_areas="DE 80, 81, 85000–86999\nGB: SW1, M2-M20",
        industries="Software, Retail",
        accounts="https://www.acme.com/about, jane@other.org",
        size_from="10",
        size_to="50",
    )
    assert answer.status_code == 302
    south = Territory.objects.get()
    assert south.countries == ["AT", "DE", "GB"]
    assert south.regions == ["AT-5", "DE-BY", "US-CA"]
    assert south.postal_areas == ["DE:80", "DE:81", "DE:85000:86999", "GB:SW01", "GB:M02:M20"]
    assert south.industries == ["retail", "software"] and south.accounts == ["acme.com", "other.org"]
    page = as_ops.get(reverse("admin:teams_territory_change", args=[south.pk]))
    shown = page.context["adminform"].form
    assert shown["postal_areas"].value() == "DE 80, 81, 85000–86999\nGB SW1, M2–M20"
    again = posted(page, "territory_form")
    assert as_ops.post(page.request["PATH_INFO"], again).status_code == 302
    stored = Territory.objects.get()
    assert stored.postal_areas == south.postal_areas and stored.regions == south.regions


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("countries", "Atlantis", "“Atlantis” is no country that we know"),
        ("regions", "Middle Earth", "Write its code with the country"),
        ("postal_areas", "80331", "write the country first, e.g. DE 80331"),
        ("postal_areas", "DE 8-86999", "differ in length"),
        ("accounts", "Acme Inc", "is no domain"),
        ("size_to", "5", "ends before it begins"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(as_ops: Client, field: str, value: str, said: str) -> None:
    answer = add(as_ops, **{"size_from": "10", field: value})
    assert any(said in one for found in errors(answer).values() for one in found), errors(answer)
    assert not Territory.objects.exists()


def test_two_owners_at_a_time_are_refused_in_words(as_ops: Client) -> None:
    lena, south = world.rep(), Territory.objects.create(code="south", name="South")
    page = reverse("admin:teams_territory_change", args=[south.pk])
    form = posted(as_ops.get(page), "territory_form")
    for number, day in enumerate(("2026-03-01", "2026-03-05")):
        row = f"terms-{number}-"
        form |= {f"{row}rep": lena.pk, f"{row}valid_from_0": day, f"{row}valid_from_1": "09:00"}
        form |= {
            f"{row}valid_until_0": "",
            f"{row}valid_until_1": "",
            f"{row}id": "",
            f"{row}territory": south.pk,
        }
    answer = as_ops.post(page, form | {"terms-TOTAL_FORMS": "2"})
    assert answer.status_code == 200 and b"Two owners at the same time" in answer.content
    assert not TerritoryOwner.objects.exists()


def test_a_pool_can_be_the_owner_instead_of_a_rep(as_ops: Client) -> None:
    lena, team = world.rep("Lena"), world.pool(world.rep(), name="Southerners")
    answer = add(as_ops, pool=team.pk, owner=lena.pk)
    assert "not both" in errors(answer)["pool"][0]
    answer = add(as_ops, pool=team.pk, backup=lena.pk)
    assert "A pool needs no backup" in errors(answer)["backup"][0]
    assert add(as_ops, pool=team.pk).status_code == 302
    south = Territory.objects.get()
    assert south.pool == team and "Pool Southerners" in as_ops.get(reverse(LIST)).content.decode()
    page = reverse("admin:teams_territory_change", args=[south.pk])
    row = {
        "terms-0-valid_from_0": "2026-03-01",
        "terms-0-valid_from_1": "09:00",
        "terms-0-territory": south.pk,
    }
    blank = {
        "terms-0-valid_until_0": "",
        "terms-0-valid_until_1": "",
        "terms-0-id": "",
        "terms-TOTAL_FORMS": "1",
    }
    form = posted(as_ops.get(page), "territory_form") | row | blank
    answer = as_ops.post(page, form | {"terms-0-rep": "", "terms-0-pool": ""})
    assert b"one of the two" in answer.content
    assert as_ops.post(page, form | {"terms-0-rep": "", "terms-0-pool": team.pk}).status_code == 302
    assert TerritoryOwner.objects.get().pool == team


def test_the_list_is_a_tree_and_costs_the_same_for_many(
    as_ops: Client, django_assert_max_num_queries: object
) -> None:
    lena = world.rep("Lena Brandt")
    south = Territory.objects.create(code="south", name="South", countries=["DE"], owner=lena)
    for number in range(12):
        child = Territory.objects.create(code=f"c{number}", name=f"Child {number:02}", parent=south)
        TerritoryOwner.objects.create(territory=child, rep=lena, valid_from=world.NOON)
    Territory.objects.create(code="a", name="Another")
    world.live(StepKind.TERRITORY_OWNER)
    route(world.lead(country="DE").pk, now=timezone.now())
    as_ops.get(reverse(LIST))
    with django_assert_max_num_queries(20):
        page = as_ops.get(reverse(LIST))
    text = page.content.decode()
    assert (
        text.index("Another") < text.index(">South<") < text.index("\u2003Child 00") < text.index("Child 11")
    )
    row = next(row for row in page.context["cl"].result_list if row.code == "south")
    assert (row.open_leads, row.recent_leads) == (1, 1)


def test_overlaps_and_gaps_with_a_lead_each(as_ops: Client) -> None:
    assert "no territories yet" in as_ops.get(reverse(OVERLAPS)).content.decode()
    south = Territory.objects.create(code="south", name="South", postal_areas=["DE:80:86"])
    Territory.objects.create(code="munich", name="Munich", postal_areas=["DE:80"])
    Territory.objects.create(code="berlin", name="Berlin", parent=south, postal_areas=["DE:10"])
    world.lead(name="From Munich", country="DE", postal_code="80331")
    world.lead(name="From Hamburg", country="DE", postal_code="20095")
    world.lead(name="From Japan", country="JP")
    text = as_ops.get(reverse(OVERLAPS)).content.decode()
    for said in ("From Munich", "DE 20", "From Hamburg", "JP", "From Japan", "DE 10"):
        assert said in text
    assert "made up" not in text


@pytest.mark.parametrize("url", ["overlaps", "leads"])
def test_only_sales_ops_see_them(client: Client, url: str) -> None:
    south = Territory.objects.create(code="south", name="South")
    client.force_login(world.rep().user)
    args = [south.pk] if url == "leads" else []
    assert client.get(reverse(f"admin:teams_territory_{url}", args=args)).status_code in (302, 403)


@pytest.fixture
def changed() -> tuple[Territory, Lead, Lead]:
    """Two leads of a territory that has another owner now; the rule asks for its owner."""
    lena, ben = world.rep("Lena Brandt"), world.rep("Ben Okafor")
    south = Territory.objects.create(code="south", name="South", countries=["DE"], owner=lena)
    world.live(StepKind.TERRITORY_OWNER)
    leads = [world.lead(country="DE"), world.lead(country="DE")]
    for lead in leads:
        route(lead.pk, now=world.NOON)
        lead.refresh_from_db()
        assert lead.owner == lena
    south.owner = ben
    south.save()
    return south, *leads


def owner(lead: Lead) -> str:
    return str(Lead.objects.get(pk=lead.pk).owner)


def test_a_new_owner_gets_the_next_lead_and_the_open_ones_stay(changed: tuple[Territory, Lead, Lead]) -> None:
    _, one, two = changed
    new = world.lead(country="DE")
    route(new.pk, now=world.NOON)
    assert (owner(new), owner(one), owner(two)) == ("Ben Okafor", "Lena Brandt", "Lena Brandt")


def test_open_leads_move_as_chosen_and_back(as_ops: Client, changed: tuple[Territory, Lead, Lead]) -> None:
    south, one, two = changed
    page = reverse("admin:teams_territory_leads", args=[south.pk])
    text = as_ops.get(page).content.decode()
    assert "2 open leads would now go to somebody else" in text and "Ben Okafor" in text
    answer = as_ops.post(page, {"lead": [one.pk]}, follow=True)
    assert (owner(one), owner(two)) == ("Ben Okafor", "Lena Brandt")
    assert "1 lead moved" in answer.content.decode()
    assert Decision.objects.filter(lead=one).order_by("-pk")[0].reason == "The territory has another owner"
    token = answer.context["undo"]
    answer = as_ops.post(page, {"undo": token}, follow=True)
    assert "1 lead went back" in answer.content.decode()
    assert owner(one) == "Lena Brandt"
    answer = as_ops.post(page, {"undo": token}, follow=True)
    assert "has moved on" in answer.content.decode() and owner(one) == "Lena Brandt"


def test_nothing_moves_when_nothing_is_chosen(as_ops: Client, changed: tuple[Territory, Lead, Lead]) -> None:
    south, one, _ = changed
    page = reverse("admin:teams_territory_leads", args=[south.pk])
    assert "Tick those" in as_ops.post(page, {}, follow=True).content.decode()
    assert owner(one) == "Lena Brandt"


def test_what_is_answered_stays_when_the_move_is_undone(changed: tuple[Territory, Lead, Lead]) -> None:
    _, one, two = changed
    ops, soon = world.user(role="ops"), world.NOON + timedelta(minutes=1)
    moved = handover.hand_over("south", {one.pk, two.pk}, by=ops, now=soon)
    assert moved.leads == 2
    respond(lead_id=one.pk, by=Lead.objects.get(pk=one.pk).owner.user, now=soon)
    back = handover.undo(moved.undo, by=ops, now=soon + timedelta(minutes=1))
    assert back.leads == 1 and len(back.refused) == 1
    assert (owner(one), owner(two)) == ("Ben Okafor", "Lena Brandt")
    with pytest.raises(Refused, match="for a day only"):
        handover.undo("made up", by=ops, now=soon)


def test_leads_whose_rule_sends_them_elsewhere_are_not_offered() -> None:
    lena = world.rep()
    Territory.objects.create(code="south", name="South", countries=["DE"], owner=lena)
    world.live(world.rep(), StepKind.TERRITORY_OWNER)
    route(world.lead(country="DE").pk, now=world.NOON)
    assert handover.moves("south", world.NOON) == []


def test_saving_a_territory_tells_of_its_open_leads(
    as_ops: Client, changed: tuple[Territory, Lead, Lead]
) -> None:
    south = changed[0]
    page = reverse("admin:teams_territory_change", args=[south.pk])
    answer = as_ops.post(page, posted(as_ops.get(page), "territory_form"), follow=True)
    assert "They stay where they are" in answer.content.decode()
