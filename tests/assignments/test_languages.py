"""Pools that give a lead only to members who speak its language."""

import pytest

from leadrouting.assignments.explaining import explanation, sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Order
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.supposing import supposed_lead
from leadrouting.common.languages import code_of
from leadrouting.leads.models import Lead
from leadrouting.teams.models import INTAKE, Pool, RepSkill, Skill
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON


@pytest.fixture(autouse=True)
def what_is_stored_decides_the_same_again():
    yield
    assert list(differences(Decision.objects.all())) == []


@pytest.fixture
def pool():
    """Ann speaks Spanish well, Ben a little, Cy not at all; Dee speaks only German."""
    ann, ben, _, dee = people = [world.rep(name) for name in ("Ann", "Ben", "Cy", "Dee")]
    spanish = Skill.objects.create(name="Spanish", kind="language")
    RepSkill.objects.create(rep=ann, skill=spanish, level=4)
    RepSkill.objects.create(rep=ben, skill=spanish, level=1)
    german = Skill.objects.create(name="Deutsch", kind="language")
    RepSkill.objects.create(rep=dee, skill=german, level=5)
    Skill.objects.create(name="Finnish", kind="product")
    return world.pool(*people, language=1, name="Southerners")


def route(language: str, **values) -> Decision:
    """As a dry run said."""
    values = {"name": "L", "queue_id": INTAKE, "created_at": NOON, "language": language, **values}
    (lead,) = Lead.objects.bulk_create([Lead(**values)])
    dry = rehearse(supposed_lead(Lead.objects.get(pk=lead.pk), now=NOON), now=NOON)
    route_many([Order(lead.pk)], NOON)
    decision = Decision.objects.get(lead=lead)
    assert (dry.verdict.rep, dry.sentence) == (decision.rep_id, said(decision))
    return decision


def said(decision: Decision) -> str:
    return sentences([decision])[decision.pk]


def test_only_those_who_speak_it_take_turns_and_it_says_who_does_not(pool):
    world.live(pool, name="South")
    decisions = [route(language) for language in ("es", "es-mx", "spanish", "es")]
    assert [str(one.rep) for one in decisions] == ["Ann", "Ben", "Ann", "Ben"]
    assert (
        said(decisions[0])
        == "Ann, by rule “South”: round robin in Southerners; 2 others do not speak Spanish well enough."
    )
    assert "Cy and Dee do not speak Spanish well enough." in explanation(decisions[0])
    assert str(route("de").rep) == "Dee"


def test_the_level_counts(pool):
    Pool.objects.filter(pk=pool.pk).update(language=3)
    world.live(pool)
    decision = route("es")
    assert str(decision.rep) == "Ann" and "Ben, Cy and Dee do not speak Spanish well enough" in " ".join(
        explanation(decision)
    )


@pytest.mark.parametrize("language", ["", "fi", "xx", "klingon"])
def test_a_language_that_is_unknown_or_nobodys_skill_asks_for_nothing(pool, language):
    world.live(pool)
    assert [str(route(language).rep) for _ in range(4)] == ["Ann", "Ben", "Cy", "Dee"]


def test_a_step_that_drops_the_skills_drops_the_language(pool):
    RepSkill.objects.all().delete()
    world.live(pool, (pool, {"drop_skills": True}), name="South")
    decision = route("es")
    assert decision.step == 1 and str(decision.rep) == "Ann"
    assert "once skills no longer counted" in said(decision)
    assert "Ann, Ben, Cy and Dee do not speak Spanish well enough." in explanation(decision)


def test_a_pool_that_does_not_ask_takes_all_also_beside_one_that_does(pool):
    RepSkill.objects.all().delete()
    anybody = world.pool(world.rep("Eve"), name="Anybody")
    world.live(pool, anybody)
    assert str(route("es").rep) == "Eve"


def test_two_pools_that_ask_for_different_levels(pool):
    Pool.objects.filter(pk=pool.pk).update(language=5)
    second = world.pool(*[one.rep for one in pool.memberships.all()], language=3, name="Second")
    world.live(pool, second)
    decision = route("es")
    assert str(decision.rep) == "Ann" and decision.step == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Spanish", "es"), ("Español", "es"), ("ES", "es"), ("es-MX", "es"), ("pt_BR", "pt"), ("Deutsch", "de"),
        ("German", "de"), ("zh-hans", "zh"), ("Mandarin", "zh"), ("Brazilian Portuguese", "pt"), ("nb", "no"),
        ("Norwegian", "no"), ("gd", "gd"), ("Klingon", "klingon"),
    ],
)  # fmt: skip
def test_names_and_codes_of_languages(text, code):
    assert code_of(text) == code


def test_a_skill_that_becomes_a_language_counts_with_the_next_lead(pool):
    world.live(pool)
    assert str(route("fi").rep) == "Ann"
    Skill.objects.filter(name="Finnish").update(kind="language")
    decision = route("fi")
    assert decision.rep is None and "Ann, Ben, Cy and Dee do not speak Finnish well enough." in explanation(
        decision
    )
