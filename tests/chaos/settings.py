"""The product's settings. With CHAOS_WITHOUT_CLAIM, workers forget that somebody else may be at the same clock; with
CHAOS_HURRIED, what a dead worker had taken is free soon."""

import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

if os.environ.get("CHAOS_WITHOUT_CLAIM"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.unclaimed"]
if os.environ.get("CHAOS_HURRIED"):
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.hurried"]
