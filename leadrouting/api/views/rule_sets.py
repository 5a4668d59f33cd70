"""Rule sets: read, import and export their drafts; publish, roll back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadrouting.api.idempotency import once
from leadrouting.api.paging import ByKey, LatestPublishedFirst, check_parameters
from leadrouting.api.permissions import OpsOnly
from leadrouting.api.problems import MEDIA_TYPE, Problem
from leadrouting.api.selectors import rule_sets, versions
from leadrouting.api.serializers.rule_sets import (
    DRAFT,
    CannotGoLive,
    FileProblem,
    ImportDocument,
    ImportOptions,
    PublishInput,
    RollbackInput,
    RuleSetDocument,
    VersionDocument,
)
from leadrouting.api.strict import StrictParser, validated
from leadrouting.api.yaml_body import MEDIA_TYPE as YAML
from leadrouting.api.yaml_body import YamlParser, YamlRenderer, YamlText
from leadrouting.rules.files import (
    Imported,
    Outdated,
    WrongFile,
    exported,
    exported_yaml,
    import_json,
    import_yaml,
)
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.services import (
    LONG_ENOUGH,
    AlreadyLive,
    CannotPublish,
    FailedTests,
    publish,
    roll_back,
)
from leadrouting.teams.auth import caller

REFUSED = {(409, MEDIA_TYPE): OpenApiResponse(CannotGoLive, "It cannot go live; `problems` says why.")}


@extend_schema_view(
    list=extend_schema(summary="Rule sets", description="Drafts, and which one has the version that routes."),
    retrieve=extend_schema(summary="One rule set"),
)
class RuleSets(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[RuleSet]):
    """For sales ops."""

    queryset = rule_sets()
    serializer_class = RuleSetDocument
    permission_classes = (OpsOnly,)
    pagination_class = ByKey
    filter_backends = ()
    lookup_value_converter = "int"

    def get_parsers(self) -> list[Any]:
        is_import = getattr(self, "action_map", {}).get("post") == "create"
        return [StrictParser(), YamlParser()] if is_import else [StrictParser()]

    @extend_schema(
        summary="Import a draft",
        description="Makes the draft of the rule set of this name say what the document says, or makes the rule "
        "set. All of it, or nothing when anything is wrong. A rule keeps its id as long as it keeps its name. "
        "Nothing goes live.",
        parameters=[ImportOptions],
        request={"application/json": DRAFT, YAML: DRAFT},
        responses={
            200: ImportDocument,
            201: OpenApiResponse(ImportDocument, "The rule set is new."),
            (400, MEDIA_TYPE): OpenApiResponse(FileProblem, "See `errors`. Nothing was written."),
        },
    )
    def create(self, request: Request) -> Response:
        check_parameters(request, {"dry_run", "force"})
        how = validated(ImportOptions, request.query_params.dict())

        def do() -> dict[str, Any]:
            return taken(request, **how)

        def tell(answer: dict[str, Any]) -> tuple[int, Any]:
            return 201 if answer["created"] and not answer["dry_run"] else 200, answer

        return once(request, do, tell)

    @extend_schema(
        summary="Export the draft",
        description="As JSON (`?format=json`), or with `Accept: application/yaml` or `?format=yaml` as a file "
        "for people.",
        responses={(200, "application/json"): DRAFT, (200, YAML): DRAFT},
    )
    @action(detail=True, renderer_classes=[JSONRenderer, YamlRenderer])
    def export(self, request: Request, pk: int) -> Response:
        rule_set = self.get_object()
        as_yaml = request.accepted_renderer.format == "yaml"
        return Response(exported_yaml(rule_set) if as_yaml else exported(rule_set))

    @extend_schema(
        summary="Make the draft live",
        request=PublishInput,
        responses={201: VersionDocument, **REFUSED},
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        """It becomes a new version, which routes from now on. Failing test leads stop it unless overridden."""
        rule_set = self.get_object()

        def do() -> dict[str, Any]:
            said = validated(PublishInput, request.data)
            return live(lambda **who: publish(rule_set=rule_set, **said, **who), request)

        return once(request, do, lambda made: (201, VersionDocument(versions().get(pk=made["version"])).data))

    @extend_schema(
        summary="Go back to an earlier version",
        request=RollbackInput,
        responses={201: VersionDocument, **REFUSED},
    )
    @action(detail=True, methods=["post"])
    def rollback(self, request: Request, pk: int) -> Response:
        """What it says is live again at once, as a new version. The draft stays as it is."""
        rule_set = self.get_object()

        def do() -> dict[str, Any]:
            said = validated(RollbackInput, request.data)
            version = Version.objects.filter(rule_set=rule_set, number=said["version"]).first()
            if version is None:
                raise ValidationError({"version": [f"“{rule_set}” has no version {said['version']}."]})
            return live(lambda **who: roll_back(version=version, reason=said["reason"], **who), request)

        return once(request, do, lambda made: (201, VersionDocument(versions().get(pk=made["version"])).data))

    @extend_schema(summary="Its versions, newest first", responses=VersionDocument(many=True))
    @action(detail=True, pagination_class=LatestPublishedFirst)
    def versions(self, request: Request, pk: int) -> Response:
        pages = LatestPublishedFirst()
        page = pages.paginate_queryset(versions().filter(rule_set=self.get_object()), request, view=self)
        return pages.get_paginated_response(VersionDocument(page, many=True).data)


def taken(request: Request, *, dry_run: bool, force: bool) -> dict[str, Any]:
    """Import the body. Raises Problem 400 with every error, 409 when it would undo what others changed."""
    body = request.data
    take = import_yaml if isinstance(body, YamlText) else import_json
    try:
        done = take(body, by=caller(request), now=timezone.now(), dry_run=dry_run, force=force)
    except WrongFile as wrong:
        errors = [problem.document() for problem in wrong.problems]
        said = str(wrong.problems[0]) if len(errors) == 1 else f"{len(errors)} problems. See errors."
        raise Problem(400, "invalid", f"{said} Nothing was written.", errors=errors) from None
    except Outdated as outdated:
        said = f"{outdated} Export again and merge, or send it with ?force=true."
        raise Problem(409, "outdated", said) from None
    return told(done, dry_run)


def told(done: Imported, dry_run: bool) -> dict[str, Any]:
    plan = done.plan
    found = {
        "rule_set": done.rule_set,
        "created": plan.is_new,
        "dry_run": dry_run,
        "summary": plan.summary,
        "changes": plan.changes,
        "unchanged": plan.unchanged,
        "outdated": plan.outdated,
    }
    return dict(ImportDocument(found).data)


def live(act: Any, request: Request) -> dict[str, Any]:
    """Publish or roll back. Raises Problem 409 with what is in the way."""
    try:
        return {"version": act(by=caller(request), now=timezone.now()).pk}
    except FailedTests as failed:
        said = (
            "Test leads would not go where they should. Mend the rules, or say in override why it does not "
            f"matter, in {LONG_ENOUGH} letters or more."
        )
        raise Problem(409, "failed_tests", said, problems=failed.problems) from None
    except AlreadyLive as same:
        raise Problem(409, "already_live", str(same), problems=same.problems) from None
    except CannotPublish as cannot:
        raise Problem(409, "cannot_publish", str(cannot), problems=cannot.problems) from None
