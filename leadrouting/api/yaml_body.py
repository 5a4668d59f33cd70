"""YAML as a body and as an answer. A body stays the text that it is: whoever takes it reads it with its lines."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from leadrouting.rules.files import WrongFile
from leadrouting.rules.files.reading import decoded

MEDIA_TYPE = "application/yaml"  # RFC 9512


class YamlText(str):
    """A text that came as YAML, not as a JSON string."""

    __slots__ = ()


class YamlParser(BaseParser):
    media_type = MEDIA_TYPE

    def parse(  # type: ignore[override]  # a text: what it says is read later
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> YamlText:
        try:
            return YamlText(decoded(parser_context["request"].body))
        except WrongFile as wrong:
            raise ParseError(wrong.problems[0].reason) from None


class YamlRenderer(BaseRenderer):
    media_type = MEDIA_TYPE
    format = "yaml"
    charset = "utf-8"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return str(data).encode()
