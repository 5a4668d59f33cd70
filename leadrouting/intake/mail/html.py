"""The words of an HTML mail. Nothing of it is ever shown as HTML. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

UNSEEN = frozenset(["head", "script", "style", "template", "title"])
BLOCKS = frozenset("address article blockquote br div dd dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split())  # fmt: skip
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
QUOTES = ("gmail_quote", "gmail_extra", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "divrplyfwdmsg", "appendonsend")  # fmt: skip
DEPTH = 200
"""Deeper elements are read as if they were not there."""


class Words(HTMLParser):
    """Collects text; `below` counts the open elements within one that is not read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unread: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        marks = f"{told.get('class', '')} {told.get('id', '')}".lower()
        is_quote = (tag == "blockquote" and told.get("type") == "cite") or any(one in marks for one in QUOTES)
        if (self.unread or tag in UNSEEN or is_quote) and tag not in VOID:
            if len(self.unread) < DEPTH:
                self.unread.append(tag)
            return
        if tag in BLOCKS:
            self.parts.append("\n")
        if tag == "a":
            self.links.append((told.get("href", ""), len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if self.unread:
            if tag in self.unread:
                while self.unread.pop() != tag:
                    pass
            return
        if tag == "a" and self.links:
            address, since = self.links.pop()
            said = "".join(self.parts[since:]).strip()
            if address.startswith(("http://", "https://")) and address.rstrip("/") != said.rstrip("/"):
                self.parts.append(f" ({address})")
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.parts.append(re.sub(r"\s+", " ", data))


def words(markup: str) -> str:
    reader = Words()
    reader.feed(markup)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
