"""Tasks on a lead's page, on their own page and on the team's."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from leadrouting.assignments import ownership
from leadrouting.notifications.models import Task
from tests import world
from tests.workspace.scenes import HTMX


def task(lead, hours: int = 2, **values) -> Task:
    now = timezone.now()
    due = now + timedelta(hours=hours)
    return Task.objects.create(lead=lead, title="Send the offer", due_at=due, created_at=now, **values)


def test_a_task_is_added_done_taken_back_and_put_off_on_the_leads_page(scene, as_):
    client, at = as_(scene.priya), f"/leads/{scene.lead.pk}"
    typed = {"title": "Send the offer", "due": "2090-03-01T09:00"}
    assert "within two years" in client.post(f"{at}/add-task/", typed).content.decode()
    later = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(f"{at}/add-task/", {**typed, "due": later}).status_code == 302
    made = Task.objects.get()
    assert made.title in client.get(f"{at}/").content.decode()
    for act, done in (("do-task", True), ("undo-task", False)):
        client.post(f"{at}/{act}/", {"task": made.pk})
        made.refresh_from_db()
        assert bool(made.done_at) is done
    sooner = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(f"{at}/move-task/", {"task": made.pk, "due": sooner})
    was, _ = made.due_at, made.refresh_from_db()
    assert made.due_at < was
    assert client.post(f"{at}/add-task/", {"title": "", "due": ""}).status_code == 422


def test_nobody_elses_tasks(scene, as_):
    made = task(scene.lead)
    assert as_(scene.tom).post(f"/leads/{scene.lead.pk}/do-task/", {"task": made.pk}).status_code == 404
    made.refresh_from_db()
    assert made.done_at is None
    assert made.title not in as_(scene.tom).get("/tasks/").content.decode()
    assert made.title in as_(scene.mira).get("/tasks/").content.decode()


def test_a_task_of_another_lead_is_not_done_through_ones_own(scene, as_):
    other = task(scene.routed())
    Task.objects.filter(pk=other.pk).update(lead=world.lead())
    assert as_(scene.priya).post(f"/leads/{scene.lead.pk}/do-task/", {"task": other.pk}).status_code == 409


def test_the_page_is_sorted_and_counted(scene, as_):
    client = as_(scene.priya)
    assert "Nothing to do" in client.get("/tasks/").content.decode()
    task(scene.lead, -1), task(scene.lead, 72), task(scene.lead, -2, done_at=timezone.now())
    page = client.get("/tasks/").content.decode()
    assert page.index("Overdue") < page.index("Later") < page.index('aria-label="Done"')
    assert '<span class="count">1<span class="hush">due today' in page
    assert (
        client.post(
            f"/leads/{scene.lead.pk}/do-task/", {"task": Task.objects.first().pk, "back": "tasks"}
        ).url
        == "/tasks/"
    )


def test_forty_tasks_cost_what_one_does(scene, as_, django_assert_max_num_queries):
    for _ in range(40):
        task(scene.lead)
    client = as_(scene.priya)
    with django_assert_max_num_queries(12):
        client.get("/tasks/")


def test_the_manager_sees_who_is_late(scene, as_):
    assert "Overdue tasks" not in as_(scene.mira).get("/team/").content.decode()
    task(scene.lead, -1)
    assert "Overdue tasks" in as_(scene.mira).get("/team/").content.decode()


def test_managers_choose_whose_tasks_they_see(scene, as_):
    task(scene.lead)
    mira, stranger = as_(scene.mira), world.rep("Sam Stranger")
    page = mira.get("/tasks/").content.decode()
    assert "Priya Raghunathan</option>" in page and "Sam Stranger" not in page
    assert "Send the offer" in mira.get(f"/tasks/?rep={scene.priya.pk}").content.decode()
    for wrong in (scene.tom.pk, stranger.pk):
        assert "Send the offer" not in mira.get(f"/tasks/?rep={wrong}").content.decode()
    own = as_(scene.priya).get(f"/tasks/?rep={scene.tom.pk}").content.decode()
    assert "Send the offer" in own and "Whose tasks" not in own


def test_the_page_comes_anew_when_a_task_does_and_is_asked_cheaply(scene, as_, django_assert_num_queries):
    mine = task(scene.lead)
    for person in (scene.priya, scene.mira, world.user(role="ops")):
        client = as_(person)
        stamp = client.get("/tasks/").context["stamp"]
        with django_assert_num_queries(3):  # session, user, stamp
            assert client.get("/tasks/", {"stamp": stamp}, **HTMX).status_code == 204
        added = task(scene.lead)
        assert client.get("/tasks/", {"stamp": stamp}, **HTMX).status_code == 200
        added.delete()
        Task.objects.filter(pk=mine.pk).update(due_at=timezone.now() - timedelta(hours=1))
        assert client.get("/tasks/", {"stamp": stamp}, **HTMX).status_code == 200
        Task.objects.filter(pk=mine.pk).update(due_at=mine.due_at, done_at=timezone.now())
        fragment = client.get("/tasks/", {"stamp": stamp}, **HTMX)
        assert "Done" in fragment.content.decode() and "<html" not in fragment.content.decode()
        Task.objects.filter(pk=mine.pk).update(done_at=None)
        assert client.get("/tasks/", {"stamp": stamp}, **HTMX).status_code == 204


def test_a_task_of_a_lead_that_waits_stirs_the_page_of_who_leads_the_queue(scene, as_):
    waiting = world.lead()
    ownership.route_many([ownership.Order(waiting.pk, to_catch_all=True)], scene.now)
    client, stranger = as_(scene.mira), as_(world.user(role="manager"))
    stamp, theirs = (one.get("/tasks/").context["stamp"] for one in (client, stranger))
    task(waiting)
    assert client.get("/tasks/", {"stamp": stamp}, **HTMX).status_code == 200
    assert stranger.get("/tasks/", {"stamp": theirs}, **HTMX).status_code == 204
