"""INSERT statements for unsaved model rows, for use in a pipeline. The SQL is built once per model and size."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from leadrouting.common.pipeline import Pipe


def insert(pipe: Pipe, rows: Iterable[Model]) -> None:
    """Send one INSERT for each run of rows of the same model, in the order given.

    Rows get no primary key back: one that others refer to is given before. `pre_save` of fields runs
    (`auto_now`), signals do not.
    """
    for model, group in groupby(rows, key=type):
        same = list(group)
        fields = columns(model, keyed=same[0].pk is not None)
        values = [prepared(field, row) for row in same for field in fields]
        pipe.send(statement(model, len(fields), keyed=same[0].pk is not None, count=len(same)), values)


def prepared(field: Field[Any, Any], row: Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


@cache
def columns(model: type[Model], *, keyed: bool) -> tuple[Field[Any, Any], ...]:
    return tuple(f for f in model._meta.concrete_fields if not f.generated and (keyed or not f.primary_key))


@cache
def statement(model: type[Model], width: int, *, keyed: bool, count: int) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in columns(model, keyed=keyed) if field.column)
    row = "(" + ", ".join(["%s"] * width) + ")"
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([row] * count)}"  # noqa: S608 names come from models
