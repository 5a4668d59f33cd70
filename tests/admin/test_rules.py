"""Drafts: order, forms, and the way to a published version."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leadrouting.rules.models import Rule, RuleSet, Version
from leadrouting.teams.models import Territory, User
from tests import world
from tests.admin.forms import posted, row, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules() -> RuleSet:
    rules = world.rule_set("Inbound")
    pool = world.pool(*world.reps(2), name="Closers")
    world.rule(rules, pool, name="Germany", when=[("country", "is", "DE"), ("score", ">=", "50")])
    world.rule(rules, pool, name="France", when=[("country", "is", "FR")])
    world.rule(rules, pool, name="All others")
    return rules


def page(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_change", args=[rules.pk])


def rule_page(name: str) -> str:
    return reverse("admin:rules_rule_change", args=[Rule.objects.get(name=name).pk])


def order(rules: RuleSet) -> list[str]:
    return list(rules.rules.values_list("name", flat=True))


def test_a_rule_is_shown_as_a_sentence(as_ops: Client, rules: RuleSet) -> None:
    shown = as_ops.get(page(rules)).content.decode()
    assert "When country is Germany and score is at least 50 points, give to Closers." in shown
    assert "For every lead, give to Closers." in shown


def test_conditions_are_reordered_and_new_ones_come_last(as_ops: Client, rules: RuleSet) -> None:
    path = rule_page("Germany")
    form = posted(as_ops.get(path), "rule_form")
    form |= {"conditions-0-position": "1", "conditions-1-position": "0"}
    form = row(form, "conditions", fact="tier", operator="is", value="vip", position="0")
    answer = as_ops.post(path, form, follow=True)
    rule = Rule.objects.get(name="Germany")
    assert answer.redirect_chain[-1][0] == f"{page(rules)}#rule-{rule.pk}"
    assert texts(answer) == ["“Germany” is saved in the draft. Leads follow it once you publish."]
    said = [str(condition) for condition in Rule.objects.get(name="Germany").conditions.all()]
    assert said == ["score >= 50", "country is DE", "tier is vip"]


@pytest.mark.parametrize(
    ("logic", "message"),
    [
        ("1 AND (2", "This “(” is never closed (column 7)."),
        ("1 AND 2)", "This “)” closes nothing (column 8)."),
        ("1 OR 3", "There is no condition 3: there are 2 (column 6)."),
        ("1", "Condition 2 is not used (column 2)."),
    ],
)
def test_bad_filter_logic_points_at_the_column(
    as_ops: Client, rules: RuleSet, logic: str, message: str
) -> None:
    path = rule_page("Germany")
    answer = as_ops.post(path, posted(as_ops.get(path), "rule_form", logic=logic))
    assert answer.context["adminform"].form.errors["logic"] == [message]
    assert "data-column=" in answer.content.decode()
    assert Rule.objects.get(name="Germany").logic == ""


def test_logic_counts_the_conditions_that_are_posted(as_ops: Client, rules: RuleSet) -> None:
    path = rule_page("Germany")
    form = posted(as_ops.get(path), "rule_form", logic="1 OR NOT 2")
    form |= {"conditions-1-DELETE": "on"}
    form = row(form, "conditions", fact="tier", operator="is", value="vip", position="")
    assert as_ops.post(path, form).status_code == 302


@pytest.mark.parametrize(
    ("columns", "field", "message"),
    [
        ({"fact": "score", "operator": "contains", "value": "5"}, "operator", "does not allow"),
        ({"fact": "score", "operator": ">=", "value": "much"}, "value", "“much” is not a number"),
        ({"fact": "score", "operator": "between", "value": "9"}, "value", "needs two values"),
        ({"fact": "city", "operator": "matches", "value": "(("}, "value", "the pattern cannot be used"),
        (
            {"fact": "territory", "operator": "within", "value": "mars"},
            "value",
            "There is no territory “mars”",
        ),
    ],
)
def test_a_condition_that_cannot_work_is_refused_at_its_field(
    as_ops: Client, rules: RuleSet, columns: dict[str, str], field: str, message: str
) -> None:
    Territory.objects.create(code="dach", name="DACH")
    path = rule_page("All others")
    form = row(posted(as_ops.get(path), "rule_form"), "conditions", position="", **columns)
    answer = as_ops.post(path, form)
    errors = answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert message in errors[field][0]


def test_a_target_is_one_pool_rep_or_queue(as_ops: Client, rules: RuleSet) -> None:
    rep, queue = world.rep("Rita"), world.queue("Triage")
    path = rule_page("All others")
    form = posted(as_ops.get(path), "rule_form")
    form = row(form, "targets", goes_to=f"rep:{rep.pk}", position="")
    form = row(form, "targets", goes_to=f"queue:{queue.pk}", position="", ignore_hours="on")
    assert as_ops.post(path, form).status_code == 302
    targets = Rule.objects.get(name="All others").targets.all()
    assert [str(target) for target in targets] == ["Closers", "Rita", "Triage"]
    assert [target.kind for target in targets] == ["pool", "rep", "queue"]


def test_a_new_rule_comes_last(as_ops: Client, rules: RuleSet) -> None:
    path = f"{reverse('admin:rules_rule_add')}?rule_set={rules.pk}"
    form = posted(as_ops.get(path), "rule_form", name="Austria")
    form = row(form, "targets", goes_to=f"pool:{world.pool().pk}", position="")
    as_ops.post(path, form)
    assert order(rules)[-1] == "Austria"


def publish_page(rules: RuleSet) -> str:
    return reverse("admin:rules_ruleset_publish", args=[rules.pk])


def seen(client: Client, rules: RuleSet) -> str:
    return client.get(publish_page(rules)).context["form"]["seen"].value()


def test_publishing_asks_first_and_says_what_happened(as_ops: Client, ops: User, rules: RuleSet) -> None:
    assert "No rule set routes leads yet" in as_ops.get(publish_page(rules)).content.decode()
    assert not Version.objects.exists()
    answer = as_ops.post(
        publish_page(rules), {"summary": "The start", "seen": seen(as_ops, rules)}, follow=True
    )
    version = Version.objects.get()
    assert (version.is_live, version.published_by, version.summary) == (True, ops, "The start")
    assert texts(answer) == ["Inbound v1 is live: from now on its 3 rules decide where leads go."]


def test_publishing_shows_what_changes(as_ops: Client, rules: RuleSet) -> None:
    as_ops.post(publish_page(rules), {"seen": seen(as_ops, rules)})
    Rule.objects.filter(name="France").update(is_active=False)
    Rule.objects.filter(name="All others").update(precedence=0)
    world.rule(rules, world.rep("Rita"), name="Spain", when=[("country", "is", "ES")])
    found = as_ops.get(publish_page(rules)).context["changes"]
    assert {(change.what, change.name) for change in found} == {
        ("moved", "All others"),
        ("new", "Spain"),
        ("gone", "France"),
    }


def test_publishing_twice_makes_one_version(as_ops: Client, rules: RuleSet) -> None:
    sent = {"seen": seen(as_ops, rules)}
    as_ops.post(publish_page(rules), sent)
    answer = as_ops.post(publish_page(rules), sent, follow=True)
    assert texts(answer)[-1] == "Inbound v1 is live already and says the same. Nothing was published."
    assert Version.objects.count() == 1


def test_what_was_not_seen_is_not_published(as_ops: Client, rules: RuleSet) -> None:
    sent = {"seen": seen(as_ops, rules)}
    world.rule(rules, world.rep(), name="Somebody else’s")
    answer = as_ops.post(publish_page(rules), sent)
    assert "Nothing is published; here is what it says now." in texts(answer)[0]
    assert not Version.objects.exists()


def test_a_pool_without_members_keeps_a_draft_from_going_live(as_ops: Client, rules: RuleSet) -> None:
    world.rule(rules, world.pool(name="Empty"), name="Nowhere")
    answer = as_ops.get(publish_page(rules))
    problem = "Rule “Nowhere” points at the pool “Empty”, which has no members"
    assert problem in answer.content.decode()
    answer = as_ops.post(publish_page(rules), {"seen": seen(as_ops, rules)}, follow=True)
    assert problem in texts(answer)[0]
    assert not Version.objects.exists()


def test_a_published_rule_set_stays(as_ops: Client, rules: RuleSet) -> None:
    as_ops.post(publish_page(rules), {"seen": seen(as_ops, rules)})
    path = reverse("admin:rules_ruleset_delete", args=[rules.pk])
    for answer in (as_ops.get(path, follow=True), as_ops.post(path, {"post": "yes"}, follow=True)):
        assert "cannot be deleted: Versions still refer to it" in texts(answer)[-1]
    assert RuleSet.objects.filter(pk=rules.pk).exists()


def test_a_rule_that_belongs_nowhere_yet_is_asked_where(as_ops: Client, rules: RuleSet) -> None:
    world.rule_set("Another")
    path = reverse("admin:rules_rule_add")
    form = as_ops.get(path).context["adminform"].form
    assert not form.fields["rule_set"].widget.is_hidden
    answer = as_ops.post(path, posted(as_ops.get(path), "rule_form", name="Where?"))
    assert "rule_set" in answer.context["adminform"].form.errors
