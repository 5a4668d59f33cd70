"""Reps, pools, places: what ops type, and what they are told when it cannot work."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from leadrouting.teams.models import Pool, PresenceChange, Rep, RepSkill, Skill, Territory, User
from tests import world
from tests.admin.forms import posted, row, texts

pytestmark = pytest.mark.django_db


def table_errors(answer: object) -> list[str]:
    return [
        str(one)
        for table in answer.context["inline_admin_formsets"]
        for one in table.formset.non_form_errors()
    ]


def rep_form(client: Client, **changes: object) -> object:
    path = reverse("admin:teams_rep_add")
    team = world.team("Closers")
    form = posted(client.get(path), "rep_form", team=team.pk, time_zone="Europe/Paris", **changes)
    return client.post(path, form, follow=True)


def test_a_rep_is_made_with_a_log_in(as_ops: Client) -> None:
    answer = rep_form(as_ops, name="Rita Moreau", email="rita@example.com")
    rep = Rep.objects.get()
    assert (rep.user.name, rep.user.username, rep.user.role) == (
        "Rita Moreau",
        "rita@example.com",
        User.Role.REP,
    )
    assert (rep.time_zone, rep.user.time_zone) == ("Europe/Paris", "Europe/Paris")
    assert not rep.user.has_usable_password()
    assert any("cannot log in yet" in text for text in texts(answer))


def test_a_rep_is_made_of_somebody_who_has_a_log_in(as_ops: Client) -> None:
    user = world.user("Rita Moreau")
    rep_form(as_ops, existing=user.pk)
    assert Rep.objects.get().user == user
    assert Rep.objects.get().user.name == "Rita Moreau"


def test_a_log_in_is_taken_once(as_ops: Client) -> None:
    taken = world.user("Rita")
    answer = rep_form(as_ops, name="Rita", email="r@example.com", username=taken.username)
    assert "is taken" in answer.context["adminform"].form.errors["username"][0]


def test_a_new_rep_needs_a_name(as_ops: Client) -> None:
    answer = rep_form(as_ops)
    assert set(answer.context["adminform"].form.errors) == {"name", "email"}


def test_two_new_absences_that_overlap_are_refused(as_ops: Client) -> None:
    path = reverse("admin:teams_rep_change", args=[world.rep().pk])
    form = posted(as_ops.get(path), "rep_form")
    form = row(form, "absences", first_day="2026-08-01", last_day="2026-08-10", reason="")
    form = row(form, "absences", first_day="2026-08-10", last_day="2026-08-12", reason="")
    assert "Two absences overlap on 10 Aug 2026" in table_errors(as_ops.post(path, form))[0]


def test_a_rep_with_a_history_stays(as_ops: Client) -> None:
    rep = world.rep()
    world.pool(rep)
    answer = as_ops.post(reverse("admin:teams_rep_delete", args=[rep.pk]), {"post": "yes"}, follow=True)
    assert (
        "cannot be deleted: Memberships still refer to it. Choose “Rep leaves or comes back” instead"
        in texts(answer)[0]
    )
    answer = as_ops.post(
        reverse("admin:teams_rep_changelist"),
        {"action": "delete_selected", "_selected_action": [rep.pk], "post": "yes"},
    )
    assert answer.status_code == 200
    assert Rep.objects.filter(pk=rep.pk).exists()


def test_a_pool_without_members_is_saved_with_a_warning(as_ops: Client) -> None:
    path = reverse("admin:teams_pool_add")
    answer = as_ops.post(path, posted(as_ops.get(path), "pool_form", name="Empty"), follow=True)
    assert any("The pool “Empty” has no members" in text for text in texts(answer))
    assert "No members" in as_ops.get(reverse("admin:teams_pool_changelist")).content.decode()


def test_a_rep_is_in_a_pool_once(as_ops: Client) -> None:
    rep = world.rep()
    pool = world.pool(rep)
    path = reverse("admin:teams_pool_change", args=[pool.pk])
    form = row(posted(as_ops.get(path), "pool_form"), "memberships", rep=rep.pk, weight="1")
    assert as_ops.post(path, form).status_code == 200
    assert Pool.objects.ordinary().get().memberships.count() == 1


def test_shares_are_shown(as_ops: Client) -> None:
    pool = world.pool(*world.reps(2), weights=[3, 1])
    shown = as_ops.get(reverse("admin:teams_pool_change", args=[pool.pk])).content.decode()
    assert "75.0%" in shown
    assert "25.0%" in shown


def test_a_territory_cannot_lie_in_itself(as_ops: Client) -> None:
    top = Territory.objects.create(code="top", name="Top")
    low = Territory.objects.create(code="low", name="Low", parent=top)
    path = reverse("admin:teams_territory_change", args=[top.pk])
    answer = as_ops.post(path, posted(as_ops.get(path), "territory_form", parent=low.pk, countries="de, fr"))
    assert "lies within this territory itself" in answer.context["adminform"].form.errors["parent"][0]


def test_the_intake_queue_stays(as_ops: Client) -> None:
    answer = as_ops.post(reverse("admin:teams_queue_delete", args=[world.intake().pk]), {"post": "yes"})
    assert answer.status_code in (302, 403)
    assert world.intake()


def test_superusers_are_out_of_reach(as_ops: Client) -> None:
    root = User.objects.create_superuser("root", "root@example.com", "secret", name="Root")
    assert as_ops.post(reverse("admin:teams_user_change", args=[root.pk]), {"name": "x"}).status_code == 403
    path = reverse("admin:auth_user_password_change", args=[root.pk])
    sent = {"password1": "new-secret-1", "password2": "new-secret-1"}
    assert as_ops.post(path, sent).status_code == 403


def test_a_user_is_made_changed_and_given_a_password(as_ops: Client, client: Client) -> None:
    path = reverse("admin:teams_user_add")
    sent = {
        "name": "Mira",
        "username": "mira",
        "email": "mira@example.com",
        "role": User.Role.MANAGER,
        "usable_password": "false",
        "password1": "",
        "password2": "",
    }
    assert as_ops.post(path, posted(as_ops.get(path), "user_form", **sent)).status_code == 302
    mira = User.objects.get(username="mira")
    assert (mira.role, mira.has_usable_password()) == (User.Role.MANAGER, False)
    path = reverse("admin:teams_user_change", args=[mira.pk])
    form = posted(as_ops.get(path), "user_form", name="Mira Long", time_zone="Asia/Kolkata")
    assert as_ops.post(path, form).status_code == 302
    path = reverse("admin:auth_user_password_change", args=[mira.pk])
    assert as_ops.get(path).status_code == 200
    sent = {"password1": "correct-horse-9", "password2": "correct-horse-9", "usable_password": "true"}
    assert as_ops.post(path, sent).status_code == 302
    assert client.login(username="mira", password="correct-horse-9")
    mira.refresh_from_db()
    assert (mira.name, mira.time_zone) == ("Mira Long", "Asia/Kolkata")


def test_a_token_is_named_when_made_and_cut_short_in_the_list(as_ops: Client) -> None:
    service = world.user("Website", role=User.Role.SERVICE)
    path = reverse("admin:authtoken_tokenproxy_add")
    answer = as_ops.post(path, {"user": service.pk}, follow=True)
    key = Token.objects.get(user=service).key
    assert any(key in text for text in texts(answer))
    assert key not in as_ops.get(reverse("admin:authtoken_tokenproxy_changelist")).content.decode()


def test_presence_set_by_ops_is_written_down_and_backups_are_kept(as_ops: Client) -> None:
    rep, backup = world.rep("Rita Moreau"), world.rep("Tom Dvorak")
    path = reverse("admin:teams_rep_change", args=[rep.pk])
    form = posted(as_ops.get(path), "rep_form", presence="busy", backup=backup.pk)
    as_ops.post(path, form, follow=True)
    rep.refresh_from_db()
    change = PresenceChange.objects.get()
    assert (rep.presence, rep.backup) == ("busy", backup)
    assert (change.presence, change.cause) == ("busy", "ops") and change.by.is_ops


def test_a_team_shows_who_can_do_what(as_ops: Client) -> None:
    team = world.team("Closers")
    rep = world.rep("Rita Moreau", team=team)
    RepSkill.objects.create(rep=rep, skill=Skill.objects.create(name="Polish", kind="language"), level=4)
    page = as_ops.get(reverse("admin:teams_team_change", args=[team.pk])).content.decode()
    assert "Polish" in page and "Rita Moreau" in page and "4, strong" in page
