"""The API's description, its page for people, and the answer where nothing is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadrouting.api.problems import Problem


class Schema(SpectacularAPIView):
    throttle_classes = ()


class Docs(SpectacularSwaggerSplitView):
    """Script and style from files of our own: it lives with the strict Content-Security-Policy."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    throttle_classes = ()


@extend_schema(exclude=True)
class Nothing(APIView):
    """Any other path under the API: a problem document rather than a page."""

    permission_classes = ()
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        hint = "" if request.path.endswith("/") else " Paths end with a slash."
        raise Problem(404, "not_found", f"There is no call at {request.path}.{hint}")

    def get(self, request: Request, **path: Any) -> Response:
        raise NotImplementedError
