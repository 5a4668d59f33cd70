"""The background tasks' own pages, in the admin's dress."""

from django.contrib import admin
from django_q import admin as tasks
from django_q.models import Failure, OrmQ, Schedule, Success

from leadrouting.common.console import OpsAdmin

for model in (Failure, OrmQ, Schedule, Success):
    admin.site.unregister(model)


@admin.register(Schedule)
class ScheduleAdmin(tasks.ScheduleAdmin, OpsAdmin):
    pass


@admin.register(Success)
class SuccessAdmin(tasks.TaskAdmin, OpsAdmin):
    pass


@admin.register(Failure)
class FailureAdmin(tasks.FailAdmin, OpsAdmin):
    pass


@admin.register(OrmQ)
class WaitingAdmin(tasks.QueueAdmin, OpsAdmin):
    pass
