"""The pages of reps and managers."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from leadrouting.workspace.views import (
    absences,
    acts,
    devices,
    entering,
    hearing,
    inbox,
    installing,
    leads,
    people,
    quick,
    taking,
    tasks,
    team,
)

urlpatterns = [
    path("", people.home, name="home"),
    path("login/", people.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("presence/", people.presence, name="presence"),
    path("leads/", leads.board, name="leads"),
    path("leads/new/", entering.new_lead, name="new_lead"),
    path("leads/<int:lead_id>/", leads.lead, name="lead"),
    *(path(f"leads/<int:lead_id>/{name}/", acts.act, {"name": name}, name=name) for name in acts.ACTS),
    path("queues/<int:queue_id>/take/", taking.take, name="take"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:message_id>/", inbox.open_message, name="open_message"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.worker, name="worker"),
    path("a/<str:token>/", quick.accept, name="quick_accept"),
    path("settings/messages/", hearing.hearing, name="hearing"),
    path("settings/messages/save/", hearing.save, name="save_hearing"),
    path("settings/messages/devices/", devices.add_device, name="add_device"),
    path("settings/messages/devices/<int:pk>/remove/", devices.remove_device, name="remove_device"),
    path("settings/messages/chats/", devices.add_chat, name="add_chat"),
    path("settings/messages/chats/<int:pk>/remove/", devices.remove_chat, name="remove_chat"),
    path("settings/messages/test/", hearing.test, name="test_hearing"),
    path("team/", team.team, name="team"),
    path("team/reps/<int:rep_id>/presence/", people.presence_of, name="presence_of"),
    path("team/calendar/", absences.calendar, name="calendar"),
    path("team/calendar/away/", absences.go_away, name="go_away"),
    path("team/calendar/away/<int:absence_id>/withdraw/", absences.withdraw, name="withdraw"),
    path("team/reports/<int:report_id>/", team.report, name="report"),
    path("team/reports/<int:report_id>/pools/<int:pool_id>/", team.weigh, name="weigh"),
]
