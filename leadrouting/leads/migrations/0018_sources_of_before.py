"""Sources from what leads have held, for an installation from before sources had names."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import Count

from leadrouting.engine.values import fold

MOST = 500
SAYS_SOMETHING = RegexValidator(
    r"[^\W_]", "Write a name that has letters or figures: a blank one would never be found."
)


def folded(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def name_the_nameless(apps: Any, schema_editor: Any) -> None:
    for model in ("Source", "Campaign"):
        for row in apps.get_model("leads", model).objects.all():
            key = row.key if row.key.strip() else f"{model.lower()}-{row.pk}"
            name = row.name if row.name.strip() else key
            if (key, name) != (row.key, row.name):
                row.key, row.name = key, name
                row.save(update_fields=["key", "name"])


def seed(apps: Any, schema_editor: Any) -> None:
    """Only where nobody has named any yet. The commonest spelling is the one that counts."""
    source_model, lead_model, campaign_model = (apps.get_model("leads", name) for name in ("Source", "Lead", "Campaign"))
    if source_model.objects.exists():
        return
    told = dict(lead_model.objects.exclude(source="").order_by().values_list("source").annotate(number=Count("pk")))
    for source in campaign_model.objects.exclude(source="").values_list("source", flat=True):
        told.setdefault(source, 0)
    spelt: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for source, number in sorted(told.items(), key=lambda one: (-one[1], one[0])):
        if name := folded(source):
            spelt.setdefault(name, source)
            numbers[name] = numbers.get(name, 0) + number
    names = sorted(spelt, key=lambda name: (-numbers[name], name))[:MOST]
    source_model.objects.bulk_create(source_model(key=spelt[name], name=spelt[name]) for name in names)


class Migration(migrations.Migration):
    dependencies = [("leads", "0017_sources_and_mending")]

    operations = [
        migrations.AlterField(
            model_name="source",
            name="key",
            field=models.CharField(
                help_text="What leads, rules and figures call it, e.g. google.",
                max_length=60,
                unique=True,
                validators=[SAYS_SOMETHING],
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="name",
            field=models.CharField(
                help_text="For people, e.g. Google Ads.", max_length=80, validators=[SAYS_SOMETHING]
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="key",
            field=models.SlugField(
                help_text="Short name used in rules, forms and links.",
                max_length=60,
                unique=True,
                validators=[SAYS_SOMETHING],
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="name",
            field=models.CharField(max_length=120, validators=[SAYS_SOMETHING]),
        ),
        migrations.RunPython(name_the_nameless, migrations.RunPython.noop),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
