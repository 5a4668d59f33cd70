"""Tasks: what is to be done for a lead, and by when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from leadrouting.api.filters import TaskFilter
from leadrouting.api.idempotency import once
from leadrouting.api.paging import NewestKeyFirst
from leadrouting.api.selectors import tasks_for, with_people
from leadrouting.api.serializers.tasks import TaskDocument, TaskInput, TaskMove, Ticked
from leadrouting.api.strict import validated
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Task
from leadrouting.notifications.todo import making
from leadrouting.teams.auth import caller


@extend_schema_view(list=extend_schema(summary="Tasks of the leads that you may see, newest first"))
class Tasks(mixins.ListModelMixin, GenericViewSet[Task]):
    """A rep's own leads, a manager's teams, for sales ops and services all."""

    queryset = Task.objects.all()
    serializer_class = TaskDocument
    pagination_class = NewestKeyFirst
    filterset_class = TaskFilter
    known_parameters = tuple(TaskFilter.base_filters)
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Task]:
        return tasks_for(caller(self.request))

    @extend_schema(summary="Write a task down", request=TaskInput, responses={201: TaskDocument})
    def create(self, request: Request) -> Response:
        """For the lead's owner, who is told when it is due; by the owner, the team's manager or sales ops."""

        def do() -> dict[str, Any]:
            said = validated(TaskInput, request.data)
            get_object_or_404(Lead.objects.visible_to(caller(request)), pk=said["lead"])
            made = making.add(lead_id=said.pop("lead"), by=caller(request), now=timezone.now(), **said)
            return {"task": made.pk}

        return once(request, do, lambda made: (201, shown(made["task"])))

    @extend_schema(summary="Tick a task off", request=Ticked, responses=TaskDocument)
    @action(detail=True, methods=["post"], filterset_class=None, known_parameters=())
    def done(self, request: Request, pk: int) -> Response:
        """By the owner, the team's manager or sales ops. A second time changes nothing."""
        return self.act(request, pk, Ticked, making.tick)

    @extend_schema(summary="A task is to be done again", request=Ticked, responses=TaskDocument)
    @action(detail=True, methods=["post"], filterset_class=None, known_parameters=())
    def undo(self, request: Request, pk: int) -> Response:
        """By the owner, the team's manager or sales ops. A second time changes nothing."""
        return self.act(request, pk, Ticked, making.untick)

    @extend_schema(summary="Put a task off", request=TaskMove, responses=TaskDocument)
    @action(detail=True, methods=["post"], filterset_class=None, known_parameters=(), url_path="put-off")
    def put_off(self, request: Request, pk: int) -> Response:
        """To another time, when its owner is told again."""
        return self.act(request, pk, TaskMove, making.put_off)

    def act(
        self, request: Request, pk: int, said: type[BaseSerializer[Any]], change: Callable[..., Task]
    ) -> Response:
        def do() -> dict[str, Any]:
            task = get_object_or_404(tasks_for(caller(request)), pk=pk)
            given = validated(said, request.data)
            change(lead_id=task.lead_id, task_id=pk, by=caller(request), now=timezone.now(), **given)
            return {"task": pk}

        return once(request, do, lambda made: (200, shown(made["task"])))


def shown(pk: int) -> Any:
    return TaskDocument(with_people(Task.objects.all()).get(pk=pk)).data
