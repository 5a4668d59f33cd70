"""The test leads of a rule set: a page of them with how they do, and one for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import URLPattern, path

from leadrouting.assignments.admin.expecting.change import add_page, change_page, delete_test
from leadrouting.assignments.admin.expecting.keeping import keep
from leadrouting.assignments.admin.expecting.table import tests_page
from leadrouting.common.console import OpsAdmin
from leadrouting.rules.models import RuleSet

__all__ = ["keep", "pages"]


def pages(admin: OpsAdmin) -> list[URLPattern]:
    """For `get_urls` of any admin: they are pages of rule sets, for those who may change these."""

    def page(route: str, view: Callable[..., Any], name: str) -> URLPattern:
        def shown(request: Any, **found: Any) -> Any:
            return view(admin.admin_site.get_model_admin(RuleSet), request, **found)

        return path(route, admin.admin_site.admin_view(partial(shown)), name=f"rules_ruleset_{name}")

    return [
        page("rules/<int:key>/tests/", tests_page, "tests"),
        page("rules/<int:key>/tests/add/", add_page, "test_add"),
        page("rules/<int:key>/tests/<int:number>/", change_page, "test"),
        page("rules/<int:key>/tests/<int:number>/delete/", delete_test, "test_delete"),
    ]
