"""Pages about what a rule set would do: check, coverage, comparison, and the count of matches as one types."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import URLPattern, path

from leadrouting.assignments.admin.insight.check import check_in_short, check_page
from leadrouting.assignments.admin.insight.compare import compare_file, compare_owners, compare_page
from leadrouting.assignments.admin.insight.coverage import coverage_page
from leadrouting.assignments.admin.insight.preview import preview_matches
from leadrouting.common.console import OpsAdmin


def pages(admin: OpsAdmin) -> list[URLPattern]:
    """For `get_urls`. Each is for those who may enter the admin: sales ops."""

    def page(route: str, view: Callable[..., Any], name: str) -> URLPattern:
        return path(route, admin.admin_site.admin_view(partial(view, admin)), name=f"assignments_{name}")

    return [
        page("matches/", preview_matches, "preview_matches"),
        page("rules/<int:key>/check/", check_page, "check"),
        page("rules/<int:key>/check/in-short/", check_in_short, "check_in_short"),
        page("rules/<int:key>/coverage/", coverage_page, "coverage"),
        page("rules/<int:key>/compare/", compare_page, "compare"),
        page("rules/<int:key>/compare/owners/", compare_owners, "compare_owners"),
        page("rules/<int:key>/compare.csv", compare_file, "compare_file"),
    ]
