"""Takes the README's pictures from a running demo: python docs/take_pictures.py [http://127.0.0.1:8000] [folder]

Drives Debian's Chromium with Playwright (a development dependency). Each page wide and phone-narrow; with
--dark in the dark theme as well. It pauses a lead of Lena Brandt's. The page that recomputes clocks has something to
show when a policy was changed since they started.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config.demo import PASSWORD

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
SHOWN_FROM = {"forecast": "#coming-title", "policy": "h2:has-text('Conditions')"}
PAUSED = "They ask their lawyers about the contract"
FILLED = {"try": {"country": "IN", "tier": "vip", "company_size": "900"}}
RULES = "/admin/rules/ruleset/ #result_list a[href*='/change/']"
TABS = ["check", "coverage", "compare", "tests", "versions", "file", "publish"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def main(address: str, folder: Path, *, dark: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for scheme in ("light", "dark") if dark else ("light",):
            for size, viewport in (("wide", WIDE), ("narrow", NARROW)):
                tour(browser, address, folder, size, viewport, scheme)
        browser.close()


def tour(
    browser: Browser, address: str, folder: Path, size: str, viewport: dict[str, int], scheme: str
) -> None:
    def visit(user: str, pages: dict[str, str]) -> None:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        page.goto(f"{address}/login/")
        page.fill("[name=username]", user)
        page.fill("[name=password]", PASSWORD)
        page.locator("main [type=submit]").first.click()
        page.wait_for_load_state()
        for name, path in pages.items():
            page.goto(f"{address}{follow(page, address, path)}")
            for field, value in FILLED.get(name, {}).items():
                page.fill(f"#try-form [name={field}]", value)
            if name in FILLED:
                page.get_by_role("button", name="Where would it go?").click()
                page.locator("#answer").evaluate("answer => answer.scrollIntoView({block: 'center'})")
            if name == "paused" and page.locator("#pause").count():
                page.locator("#pause > summary").click()
                page.fill("#pause-reason", PAUSED)
                page.get_by_role("button", name="Pause the clock").click()
                page.locator(".clock.paused").wait_for()
            if name in SHOWN_FROM:
                page.locator(SHOWN_FROM[name]).evaluate(
                    "it => scrollBy(0, it.getBoundingClientRect().top - 90)"
                )
            page.wait_for_timeout(800)
            suffix = "" if scheme == "light" else "-dark"
            page.screenshot(path=folder / f"{name}-{size}{suffix}.png")
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            print(
                f"{user:15} {name:12} {size} {scheme} {page.url}"
                + (f"  OVERFLOWS by {overflow}" if overflow > 0 else "")
            )
        context.close()

    visit(
        "lena.brandt",
        {
            "my-leads": "/leads/",
            "lead": "/leads/ .lead a.name",
            "paused": "/leads/?show=to-answer .lead:nth-child(2) a.name",
            "inbox": "/inbox/",
            "tasks": "/tasks/",
            "fairness": "/fairness/",
            "reach": "/reach/",
            "hearing": "/settings/messages/",
        },
    )
    visit(
        "ingrid.sommer",
        {
            "team": "/team/",
            "forecast": "/team/",
            "calendar": "/team/calendar/",
            "board": "/team/board/",
            "coaching": "/team/ a[href^='/team/reps/'][href$='/']",
            "report": "/team/ a[href^='/team/reports/']",
        },
    )
    visit(
        "ops",
        {
            "dashboard": "/admin/",
            "rules": RULES,
            "rule": "/admin/rules/rule/ #result_list a[href*='/change/']",
            **{name: f"{RULES} >> .lr-tabs a[href$='/{name}/']" for name in TABS},
            "policies": "/admin/sla/policy/",
            "policy": "/admin/sla/policy/ :nth-match(#result_list a[href*='/change/'], 2)",
            "recompute": "/admin/sla/policy/recompute/",
            "try": "/admin/assignments/decision/try/",
            "leads": "/admin/leads/lead/",
            "decisions": "/admin/assignments/decision/",
            "decision": "/admin/assignments/decision/ #result_list a[href*='/change/']",
            "reps": "/admin/teams/rep/",
            "pool": "/admin/teams/pool/ #result_list a[href*='/change/']",
            "rep": "/admin/teams/rep/ #result_list a[href*='/change/']",
            "shares": "/admin/teams/shareplan/ #result_list a[href*='/change/']",
            "skills": "/admin/teams/skill/",
            "territories": "/admin/teams/territory/",
            "territory": "/admin/teams/territory/ #result_list a[href*='/change/']",
            "overlaps": "/admin/teams/territory/overlaps/",
            "hours": "/admin/teams/officehours/ #result_list a[href*='/change/']",
        },
    )


def follow(page: Page, address: str, path: str) -> str:
    """A path, or `path selector >> selector`: the first link that each selector finds on the page before."""
    path, _, rest = path.partition(" ")
    for selector in filter(None, rest.split(" >> ")):
        page.goto(f"{address}{path}")
        path = page.locator(selector).first.get_attribute("href") or path
    return path


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    main(
        arguments[0] if arguments else "http://127.0.0.1:8000",
        Path(arguments[1]) if len(arguments) > 1 else Path(__file__).parent / "pictures",
        dark="--dark" in sys.argv,
    )
