"""What a text of opening hours was understood to say."""

from dataclasses import dataclass

from ctg_geo import labels
from ctg_geo.contracts import ESTIMATED, NOT_AVAILABLE, OBSERVED

__all__ = ["Hours", "estimated", "observed", "unknown"]


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours open in a mean week, what they are worth, and why they are no more than that."""

    hours_per_week: float | None  # None exactly where the status is not_available
    status: str  # observed, estimated, not_available
    said: str = ""  # a key of the labels [hours], "" where nothing needs saying
    piece: str = ""  # the words the remark is about

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say in words why the hours are estimated or unknown; "" where they are as read."""
        return labels.text(f"hours.{self.said}", lang, piece=self.piece) if self.said else ""


def observed(minutes: float, said: str = "") -> Hours:
    """Return hours that the text states."""
    return Hours(minutes / 60, OBSERVED, said)


def estimated(minutes: float, said: str, piece: str = "") -> Hours:
    """Return hours that hold an assumption, and say which."""
    return Hours(minutes / 60, ESTIMATED, said, piece)


def unknown(said: str, piece: str = "") -> Hours:
    """Return that the text gives no hours, and why."""
    return Hours(None, NOT_AVAILABLE, said, piece)
