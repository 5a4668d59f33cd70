"""The demo's log-ins, in one place: `manage.py demo` sets them up and prints them; with DEMO on, the log-in page shows them.

They are meant for a machine of one's own: everybody knows this password.
"""

from typing import NamedTuple

PASSWORD = "leadrouting-demo"  # noqa: S105  public on purpose
SERVICE = "website"
"""The service account whose API token the demo prints; the token is made when it is first needed."""


class Login(NamedTuple):
    label: str
    username: str
    password: str


LOGINS = (
    Login("Sales ops", "ops", PASSWORD),
    Login("Manager, Europe", "ingrid.sommer", PASSWORD),
    Login("Rep, Berlin", "lena.brandt", PASSWORD),
    Login("Rep, New York", "marcus.johnson", PASSWORD),
    Login("Rep, Madrid", "sofia.navarro", PASSWORD),
)
