"""Files of leads or accounts that were imported, or are about to be: the file, the mapping, and what became of each row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Account, Lead


class ImportSource(models.Model):
    """A mapping that is kept under a name, and offered again for files with the same headings."""

    name = models.CharField(max_length=80, unique=True)
    headings = models.CharField(max_length=64, db_index=True, editable=False)
    mapping = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]
        verbose_name = "kept mapping"

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file. `cursor` is the number of rows that are done, in the order in which they are worked off."""

    class State(models.TextChoices):
        DRAFT = "draft", "Not started"
        CHECKING = "checking", "Dry run"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    file_name = models.CharField("file", max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    columns = models.JSONField(default=list)
    sheet = models.CharField(max_length=100, blank=True, default="")
    sheets = models.JSONField(default=list)
    described = models.CharField(max_length=200, blank=True, default="")
    mapping = models.JSONField(default=dict)
    source = models.ForeignKey(ImportSource, models.SET_NULL, null=True, blank=True, related_name="runs")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    problem = models.TextField(blank=True, default="")
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True, help_text="When a worker last finished a batch.")
    ended_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    checked = models.JSONField(default=dict, help_text="What the last dry run counted, by the same names.")

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = "import"
        indexes = [
            models.Index(
                fields=["touched_at"],
                condition=Q(state__in=["running", "checking"]),
                name="import_unfinished",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def holds(self) -> str:
        """Leads or accounts."""
        return str(self.mapping.get("holds", "leads"))


class ImportPart(models.Model):
    """A piece of the file, for all web machines and workers share the database and nothing else."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}, part {self.number}"


class ImportRow(models.Model):
    """What became of a row. `cells` are kept of those that were rejected."""

    class State(models.TextChoices):
        IMPORTED = "imported", "Imported"
        JOINED = "joined", "Joined an earlier lead"
        UPDATED = "updated", "Updated"
        KNOWN = "known", "Was here already"
        REJECTED = "rejected", "Rejected"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    lead = models.ForeignKey(Lead, models.SET_NULL, null=True, related_name="import_rows")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    problem = models.TextField(blank=True, default="")
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["run", "state", "line"], name="import_row_by_state")]

    def __str__(self) -> str:
        return f"Line {self.line}: {self.get_state_display()}"


class ImportJoined(models.Model):
    """A row that joined a lead with another id of its own: so that the same file again joins nothing."""

    key = models.CharField(max_length=120, unique=True)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.key
