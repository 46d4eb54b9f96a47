"""In which order a page tells facts: by theme, the most important first."""

from collections.abc import Set as AbstractSet
from typing import Final

from kg.vocab import DIP

OTHER: Final = "Other"

_CLASSES: Final = (
    ("Representation", ("Representation", "LevelChange", "AmbassadorDesignation")),
    ("Representation", ("NonDesignation", "AccreditationStep", "MissionStatus")),
    ("Recognition", ("RecognitionStatus",)),
    ("Offices", ("Tenure",)),
    ("Contacts", ("Contact", "Attendance")),
    ("Announcements, statements and demands", ("Statement", "Demand")),
    ("Treaties, frameworks and cooperation", ("TreatyAction", "FrameworkExtension", "Cooperation")),
    ("Mediation", ("Mediation",)),
    ("Conflicts, disputes and control", ("ArmedConflict", "Attack", "Dispute", "Rivalry")),
    ("Conflicts, disputes and control", ("Takeover", "EffectiveControl", "Allegiance")),
    ("Conflicts, disputes and control", ("Restraint", "Resolution")),
    ("Terrorist lists", ("Listing", "Delisting")),
    ("Relations and attitudes", ("RelationsTrend", "Stance")),
    ("People on the move and other figures", ("Expulsion", "QuantityObservation")),
    ("Order and firsts", ("OrdinalStatement", "FirstSince")),
)

THEMES: Final = (*dict.fromkeys(heading for heading, _ in _CLASSES), OTHER)

_THEME_OF: Final = {DIP + name: heading for heading, names in _CLASSES for name in names}

_EVENTS: Final = frozenset(
    {
        DIP + "AccreditationStep",
        DIP + "AmbassadorDesignation",
        DIP + "Attack",
        DIP + "Contact",
        DIP + "Delisting",
        DIP + "LevelChange",
        DIP + "Listing",
        DIP + "Recognition",
        DIP + "Statement",
        DIP + "Takeover",
        DIP + "TreatyAction",
    }
)


def theme_of(types: AbstractSet[str]) -> str:
    """Return the heading under which a situation of these classes stands."""
    found = {_THEME_OF[each] for each in types if each in _THEME_OF}
    return min(found, key=THEMES.index, default=OTHER)


def is_event(types: AbstractSet[str]) -> bool:
    """Whether a situation of these classes happens at a time, and is no state of affairs."""
    return not _EVENTS.isdisjoint(types)
