"""What is wrong with a value that somebody gives, names of things among them."""

from kg.errors.root import KgError


class ParameterError(KgError):
    """A value given for a parameter does not fit its type; `suggestions` are values that do."""

    code = "bad_parameter"

    def __init__(self, problem: str, suggestions: tuple[str, ...] = ()) -> None:
        """Say what is wrong, and what may have been meant."""
        hint = f"; did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else ""
        super().__init__(problem + hint)
        self.suggestions = suggestions


class BadEncoding(ParameterError):  # noqa: N818 - reads better where it is caught
    """A value is not UTF-8."""

    code = "bad_encoding"


class DuplicateParameter(ParameterError):  # noqa: N818 - reads better where it is caught
    """A parameter that has one value is given several times."""

    code = "duplicate_parameter"


class MissingQuery(ParameterError):  # noqa: N818 - reads better where it is caught
    """A request to the endpoint holds no query."""

    code = "missing_query"


class OtherBuild(ParameterError):  # noqa: N818 - reads better where it is caught
    """An address names the build to ask, and another one is served."""

    code = "other_build"


class EntityError(ParameterError):
    """A name does not lead to exactly one thing."""


class EntityNotFound(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to nothing in the graph; `suggestions` are near names."""

    code = "entity_not_found"

    def __init__(self, name: str, kinds: str, suggestions: tuple[str, ...]) -> None:
        """Name what was asked for, among which kinds, and what is near."""
        super().__init__(f"no {kinds} named {name!r}", suggestions)
        self.name = name


class EntityAmbiguous(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to several things; `candidates` are (label, IRI) pairs."""

    code = "entity_ambiguous"

    def __init__(self, name: str, candidates: tuple[tuple[str, str], ...]) -> None:
        """Name what was asked for and list what it could be."""
        listed = "".join(f"\n  {label}  <{iri}>" for label, iri in candidates)
        super().__init__(f"{name!r} can be several things; give the label or the IRI:{listed}")
        self.name = name
        self.candidates = candidates


class EntityOfOtherKind(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads only to something that is not in the classes asked for.

    `suggestions` are names of what is in them and has to do with it.
    """

    code = "entity_of_other_kind"

    def __init__(self, name: str, found: str, wanted: str, suggestions: tuple[str, ...]) -> None:
        """Name what was asked for, the class of what it is, and the classes it should be in."""
        problem = f"{name!r} is in the graph, but as {found}, not as {wanted}"
        super().__init__(problem, suggestions)
        self.name = name
