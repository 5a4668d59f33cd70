"""Policies with conditions, targets and ladders; clocks that carry their plan; pauses."""

import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0012_pools_hold_and_speak"),
        ("leads", "0007_attempts"),
        ("sla", "0006_one_index_each"),
        ("teams", "0016_words_of_quotas"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["-begins_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PolicyCondition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("fact", models.CharField(max_length=80)),
                (
                    "operator",
                    models.CharField(
                        choices=[
                            ("is", "is"),
                            ("is_not", "is not"),
                            ("is_any_of", "is any of"),
                            ("is_none_of", "is none of"),
                            ("is_blank", "is blank"),
                            ("is_not_blank", "is not blank"),
                            ("<", "is less than"),
                            ("<=", "is at most"),
                            (">", "is more than"),
                            (">=", "is at least"),
                            ("between", "is between"),
                            ("contains", "contains"),
                            ("starts_with", "starts with"),
                            ("ends_with", "ends with"),
                            ("matches", "matches"),
                            ("includes_any", "includes any of"),
                            ("includes_all", "includes all of"),
                            ("includes_none", "includes none of"),
                            ("within", "is within"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        help_text="Several values are separated by commas; a range is from, to.",
                        max_length=1000,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            ("respond", "First response"),
                            ("follow_up", "Follow-up"),
                        ],
                        default="respond",
                        max_length=10,
                        verbose_name="deadline",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "do",
                    models.CharField(
                        choices=[
                            ("notify", "Tell the owner and the manager"),
                            ("backup", "Move it to the owner's backup, else to the next who can take it"),
                            ("next", "Move it to the next who can take it"),
                            ("raise", "Raise it to the manager"),
                            ("queue", "Move it to the queue"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.DurationField(
                        blank=True,
                        default=datetime.timedelta(0),
                        help_text="So long after the deadline, in the same time. hh:mm:ss.",
                    ),
                ),
            ],
            options={
                "ordering": ["policy", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            ("respond", "First response"),
                            ("follow_up", "Follow-up"),
                        ],
                        default="respond",
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "within",
                    models.DurationField(help_text="hh:mm:ss, e.g. 00:15:00 for a quarter of an hour."),
                ),
                (
                    "hours",
                    models.CharField(
                        choices=[
                            ("owner", "The owner's office hours"),
                            ("team", "The office hours of the owner's team"),
                            ("office", "These office hours"),
                            ("always", "Every minute, around the clock"),
                        ],
                        default="owner",
                        max_length=10,
                        verbose_name="counts",
                    ),
                ),
                (
                    "reminders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(99),
                            ]
                        ),
                        blank=True,
                        default=list,
                        help_text="For example 50, 80: when half and when four fifths of the time are over.",
                        size=None,
                        verbose_name="reminders, % of the time",
                    ),
                ),
            ],
            options={
                "ordering": ["policy", "id"],
            },
        ),
        migrations.RemoveIndex(
            model_name="clock",
            name="clock_wake",
        ),
        migrations.AddField(
            model_name="clock",
            name="counts",
            field=models.CharField(
                default="owner", help_text="In whose time; see `sla.terms`.", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[("accept", "Accept"), ("respond", "First response"), ("follow_up", "Follow-up")],
                default="respond",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="plan",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="policy",
            name="attempts_count",
            field=models.BooleanField(
                default=False, help_text="A call that nobody answered counts as a first response."
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="ends_in",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the catch-all queue of the rules.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="teams.queue",
                verbose_name="then to the queue",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="logic",
            field=models.CharField(
                blank=True,
                default="",
                help_text="For example 1 AND (2 OR NOT 3). Empty: all conditions must hold.",
                max_length=400,
                verbose_name="filter logic",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="assignment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clocks",
                to="assignments.assignment",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="wake_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="step",
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name="policy",
            name="max_reassignments",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="So often a lead goes to another rep after a missed deadline; then to the queue below.",
                verbose_name="moves at most",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("wake_at__isnull", False)), fields=["wake_at"], name="clock_wake"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["assignment", "kind"], name="clock_of_assignment"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("assignment", "kind"),
                name="clock_one_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("kind", "accept"), _negated=True)),
                fields=("lead",),
                name="clock_one_answer_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="assignment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pauses",
                to="assignments.assignment",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pauses",
                to="leads.lead",
            ),
        ),
        migrations.AddField(
            model_name="policycondition",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="conditions", to="sla.policy"
            ),
        ),
        migrations.AddField(
            model_name="rung",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="ladder", to="sla.policy"
            ),
        ),
        migrations.AddField(
            model_name="rung",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="teams.queue",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="office_hours",
            field=models.ForeignKey(
                blank=True,
                help_text="For “these office hours”.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="teams.officehours",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="sla.policy"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_at__isnull", True)), fields=("lead",), name="pause_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", True), ("ends_at__gte", models.F("begins_at")), _connector="OR"
                ),
                name="pause_runs_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="pause_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="rung",
            constraint=models.CheckConstraint(
                condition=models.Q(("after__gte", datetime.timedelta(0))), name="rung_after_the_deadline"
            ),
        ),
        migrations.AddConstraint(
            model_name="rung",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("do", "queue"), ("queue__isnull", False)),
                    models.Q(models.Q(("do", "queue"), _negated=True), ("queue__isnull", True)),
                    _connector="OR",
                ),
                name="rung_queue",
                violation_error_message="Choose a queue if, and only if, the lead moves to a queue.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("policy", "kind"),
                name="target_once",
                violation_error_message="There is a deadline for this already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("within__gt", datetime.timedelta(0))),
                name="target_positive",
                violation_error_message="The time must be more than zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hours", "office"), ("office_hours__isnull", False)),
                    models.Q(models.Q(("hours", "office"), _negated=True), ("office_hours__isnull", True)),
                    _connector="OR",
                ),
                name="target_office_hours",
                violation_error_message="Choose office hours if, and only if, it counts in “these office hours”.",
            ),
        ),
    ]
