"""The settings of the processes that these tests start: one more kind of due work, easy to watch."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sla.bells"]
