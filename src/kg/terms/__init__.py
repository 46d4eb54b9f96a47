"""The reference of the ontology: every term, what it goes with, how much it is used.

What a term is stands in the graph; what is expected of a property stands in the shapes.
"""

from kg.terms.changes import read_changes
from kg.terms.ontology import (
    Ontology,
    Term,
    ValueList,
    class_tree,
)
from kg.terms.profile import Profile, read_profile
from kg.terms.reading import read_ontology
from kg.terms.rules import Rules, read_rules
from kg.terms.trying import Trial, trial_of_value
from kg.terms.uses import Uses, read_uses_of_values

__all__ = [
    "Ontology",
    "Profile",
    "Rules",
    "Term",
    "Trial",
    "Uses",
    "ValueList",
    "class_tree",
    "read_changes",
    "read_ontology",
    "read_profile",
    "read_rules",
    "read_uses_of_values",
    "trial_of_value",
]
