"""The web process's entrance."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if settings.SECRET_KEY == settings.INSECURE_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a long random text before serving: sessions are signed with it."
    )

application = get_wsgi_application()

from leadrouting.assignments.warming import warm_meanwhile  # noqa: E402  the apps are ready only now

warm_meanwhile(timezone.now())
