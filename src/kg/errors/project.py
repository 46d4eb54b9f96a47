"""What is wrong with a project: its files, its settings, its builds, its evidence."""

from pathlib import Path

from kg.errors.root import KgError


class SourceError(KgError):
    """A file of the project is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        """Say where (`path`, `line` counted from 1 or None) and what to do (`problem`)."""
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class SeedError(SourceError):
    """A seed or ontology file states something that cannot become a fact."""


class SavedQueryError(SourceError):
    """A saved query's header or text is wrong."""


class SavedQueryErrors(KgError):  # noqa: N818 - several of them
    """Several saved queries are wrong; `errors` holds one error a file."""

    def __init__(self, errors: tuple[SavedQueryError, ...]) -> None:
        """List all that is wrong, one a line."""
        listed = "".join(f"\n  {error}" for error in errors)
        count = "1 saved query is" if len(errors) == 1 else f"{len(errors)} saved queries are"
        super().__init__(f"{count} wrong:{listed}")
        self.errors = errors


class BuildError(KgError):
    """A build cannot be made, opened or switched to."""

    code = "build_error"


class SettingError(BuildError):
    """A variable of the environment has a value that it cannot have."""

    code = "setting_error"


class EvidenceError(KgError):
    """A document does not bear out the claims made about it."""
