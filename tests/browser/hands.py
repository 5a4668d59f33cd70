"""Somebody who has a keyboard and nothing else, and looks where the focus is."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

FOCUSED = """() => {
    if (document.activeElement === document.body) return null;
    const it = document.activeElement, drawn = it.matches(":focus-visible") ? it.closest("label") ?? it : it;
    const marked = [it, drawn, it.closest(".lead"), it.nextElementSibling].filter(Boolean).some(one => {
        const style = getComputedStyle(one);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    const {top, bottom, left, right} = it.getBoundingClientRect();
    return {
        name: it.tagName + " " + (it.getAttribute("aria-label") ?? it.name ?? it.textContent).trim().slice(0, 60),
        marked: marked || !it.matches(":focus"),  // else a part of a date's field, which the browser marks itself
        seen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    };
}"""
MOST = 120  # stops on the way


class Hands:
    """Each stop on the way must be marked and within the window: who only has keys is lost otherwise."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(self, target: Locator, by: str = "Tab") -> None:
        """Tab until the focus is there."""
        target.wait_for(state="attached")
        on_the_way = []
        for _ in range(MOST):
            self.page.keyboard.press(by)
            at = self.page.evaluate(FOCUSED)
            if at is None:  # past the end, where the browser's own buttons are
                continue
            assert at["seen"], f"The focus is out of sight: {at['name']}"
            assert at["marked"], f"Nothing shows that the focus is here: {at['name']}"
            if target.evaluate("it => it === document.activeElement"):
                return
            on_the_way.append(at["name"])
        raise AssertionError(f"No way there in {MOST} stops: {on_the_way}")

    def choose(self, role: str, name: str) -> None:
        """Tab to the link, button or the like, and press it."""
        self.to(self.page.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first)  # type: ignore[arg-type]
        self.press("Enter")

    def fill(self, label: str, text: str) -> None:
        self.to(self.page.get_by_label(label, exact=True).first)
        self.type(text)
