"""Forms that two people may have open at once: the second to save is told, and overwrites only knowingly.

The page posts `edition`, the one that it showed. Where the row has another by now, nothing is saved; the page
then offers `overwrite`, the edition that would be replaced. Should there be a third one, it is asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import ModelForm


@dataclass(frozen=True, slots=True)
class Together:
    """For the page: the edition to post, and when that is no longer the present one, what is there now."""

    edition: int
    present: int = 0
    said: str = ""
    theirs: str = ""
    chosen: bool = False


class TogetherForm(ModelForm):
    conflict: Together | None = None

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        if self.instance.pk:
            self.compare()
        return clean

    def compare(self) -> None:
        """Locks the row: what is compared here stays so until it is saved."""
        current = (
            type(self.instance)._default_manager.select_for_update(of=("self",)).get(pk=self.instance.pk)
        )
        shown, chosen = self.data.get("edition", ""), self.data.get("overwrite", "")
        if str(current.edition) == shown:
            return
        agreed = str(current.edition) == chosen
        said, theirs = self.what_changed(current)
        self.conflict = Together(
            int(shown) if shown.isdecimal() else 0, current.edition, said, theirs, chosen=agreed
        )
        if not agreed:
            self.add_error(None, f"{said} Nothing is saved yet: choose above whose version stays.")

    def together(self) -> Together:
        if self.conflict is not None:
            return self.conflict
        shown = str(self.data.get("edition", "")) if self.is_bound else str(self.instance.edition)
        return Together(int(shown) if shown.isdecimal() else 0)

    def what_changed(self, current: Any) -> tuple[str, str]:
        """Who changed it and when; and what it says now."""
        raise NotImplementedError
