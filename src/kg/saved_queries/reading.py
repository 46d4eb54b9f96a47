"""Read .rq files into saved queries, and refuse at once what could only fail or mislead later.

A mistake in one file does not hide the others: a folder is read to its end, and all that is wrong
is told together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.errors import ParameterError, SavedQueryError, SavedQueryErrors
from kg.pictures.kinds import Picture
from kg.placing import Term, place_terms
from kg.saved_queries.header import Header, Param, read_header
from kg.saved_queries.values import choices, to_term
from kg.sparql_tokens import Token, occurrences, tokens
from kg.vocab import minted

NAME: Final = r"[a-z0-9][a-z0-9-]{0,63}"
FORMS: Final = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


@dataclass(frozen=True)
class SavedQuery:
    """A query with a name, what it is for, and the parameters it takes.

    `text` is the SPARQL below the header; it runs as it is in any tool. `ordered` says that the
    order of the rows is part of the answer. `form` is SELECT, CONSTRUCT, ASK or DESCRIBE.
    `picture` says how the answer is drawn, where it is.
    """

    name: str
    title: str
    description: str
    params: tuple[Param, ...]
    text: str
    path: Path
    form: str = "SELECT"
    ordered: bool = False
    keywords: tuple[str, ...] = ()
    picture: Picture | None = None

    @property
    def examples(self) -> dict[str, str]:
        """An example value for each parameter that must be given."""
        return {param.name: param.example for param in self.params if param.is_required}


def read_folder(folder: Path) -> tuple[dict[str, SavedQuery], tuple[SavedQueryError, ...]]:
    """Return the saved queries of `folder` by name, sorted, and an error a file that is wrong."""
    queries, errors = {}, []
    for path in sorted(folder.glob("*.rq")):
        try:
            queries[path.stem] = read_saved_query(path)
        except SavedQueryError as error:
            errors.append(error)
    return queries, tuple(errors)


def read_saved_queries(folder: Path) -> dict[str, SavedQuery]:
    """Return the saved queries of `folder` by name, sorted.

    Raises SavedQueryErrors that lists every file that is wrong.
    """
    queries, errors = read_folder(folder)
    if errors:
        raise SavedQueryErrors(errors)
    return queries


def query_names(folder: Path) -> list[str]:
    """Return the names of the saved queries in `folder`, sorted, without reading them."""
    return sorted(path.stem for path in folder.glob("*.rq"))


def find_saved_query(folder: Path, name: str) -> SavedQuery:
    """Return the saved query `name` of `folder`, reading no other file.

    Raises ParameterError with near names where there is none, and SavedQueryError where it is
    wrong. `name` is looked up among the files, never made into a path.
    """
    known = query_names(folder)
    if name not in known:
        near = get_close_matches(name, known, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "kg queries lists them"
        raise ParameterError(f"no saved query {name!r}; {hint}")
    return read_saved_query(folder / f"{name}.rq")


def read_saved_query(path: Path) -> SavedQuery:
    """Return the saved query in the file at `path`.

    Raises SavedQueryError with the path and line of the first thing that is wrong.
    """
    whole = _read_text(path)
    _check_header_is_first(path, whole)
    header = read_header(path, whole)
    blank = len(whole) - len(_below_header(whole))
    query = SavedQuery(
        name=path.stem,
        title=header.title,
        description=header.description,
        params=header.params,
        text=whole[blank:],
        path=path,
        form=_form(whole),
        ordered=header.ordered,
        keywords=header.keywords,
        picture=header.picture,
    )
    _check(query, header, _File(path, whole))
    return query


@dataclass(frozen=True)
class _File:
    """The whole text of a file, to say on which line something stands."""

    path: Path
    text: str

    def error(self, problem: str, offset: int) -> SavedQueryError:
        """Return the error to raise about what stands at `offset`."""
        return SavedQueryError(self.path, self.text.count("\n", 0, offset) + 1, problem)


def _read_text(path: Path) -> str:
    if not re.fullmatch(NAME, path.stem):
        raise SavedQueryError(path, None, "name the file in a-z, 0-9 and -")
    try:
        return minted(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SavedQueryError(path, None, f"the file is not UTF-8: {error.reason}") from error


def _below_header(whole: str) -> str:
    """Return the text from the first line that is not a `#+` line or blank."""
    lines = whole.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if line.strip() and not line.startswith("#+"):
            return "".join(lines[index:])
    return ""


def _check_header_is_first(path: Path, whole: str) -> None:
    first = whole.count("\n") - _below_header(whole).count("\n") + 1
    for number, line in enumerate(whole.splitlines(), 1):
        if number > first and re.match(r"\s*#\+", line):
            raise SavedQueryError(path, number, "a #+ line below the header; move it to the top")


def _form(text: str) -> str:
    words = (token.name for token in tokens(text) if token.kind == "word")
    return next((word for word in words if word in FORMS), "")


def _check(query: SavedQuery, header: Header, file: _File) -> None:
    """Raise the first of what is wrong with the text, its parameters, or both together."""
    found = [token for token in tokens(file.text) if token.kind != "comment"]
    _check_style(found, query.form, file)
    for param in query.params:
        _check_param(param, header.lines[param.name], file)
    _check_syntax(file, file.text)
    _check_picture(header, file)
    samples = {param.name: _sample(param) for param in query.params}
    _check_syntax(file, place_terms(file.text, samples), "with a value for each parameter it")


def _check_style(found: list[Token], form: str, file: _File) -> None:
    for token, after in zip(found, [*found[1:], None], strict=True):
        if token.kind == "word" and token.name == "SERVICE":
            raise file.error("SERVICE is not answered here; take it out", token.start)
        opens = token.kind == "word" and token.name in ("SELECT", "DISTINCT", "REDUCED")
        if opens and after and after.text == "*":
            raise file.error("SELECT * is never used; name the variables", after.start)
    if form == "SELECT" and not any(_orders(found)):
        raise file.error("a SELECT needs ORDER BY, so that its answer can be repeated", 0)


def _check_picture(header: Header, file: _File) -> None:
    """Raise where the picture wants a column that the query does not have."""
    if header.picture is None:
        return
    answer = Store().query(file.text)
    known = [each.value for each in answer.variables] if isinstance(answer, QuerySolutions) else []
    for role, column in header.picture.columns.items():
        if column not in known:
            near = get_close_matches(column, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
            problem = f"the picture has no column ?{column} for {role}; {hint}"
            raise SavedQueryError(file.path, header.picture_lines[role], problem)


def _orders(found: list[Token]) -> Iterator[bool]:
    """Yield, for each token, whether it is the ORDER of the outermost query."""
    depth = 0
    for token in found:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        yield depth == 0 and token.kind == "word" and token.name == "ORDER"


def _check_syntax(file: _File, text: str, about: str = "the query") -> None:
    """Raise where `text` does not parse in a tool that knows none of our prefixes."""
    try:
        Store().query(text)
    except SyntaxError as error:
        where = re.search(r"at (\d+):(\d+)", str(error))
        line = int(where[1]) if where else None
        problem = re.sub(r"\s+", " ", str(error))[:200]
        raise SavedQueryError(file.path, line, f"{about} does not parse: {problem}") from error


def _check_param(param: Param, line: int, file: _File) -> None:
    spots = [spot for spot in occurrences(file.text) if spot.token.name == param.name]
    for token in tokens(file.text):
        if token.kind == "iri" and re.match(rf"<[?$]{param.name}\b", token.text):
            raise file.error("put spaces around < and >: this reads as an IRI", token.start)
    if not spots:
        raise SavedQueryError(file.path, line, f"no variable ?{param.name} in the text")
    for spot in spots:
        if spot.role in ("assigned", "inner"):
            what = {"assigned": "assigned by AS or VALUES", "inner": "an item of a sub-select"}
            problem = f"parameter ?{param.name} is {what[spot.role]}; its value cannot stand there"
            raise file.error(problem, spot.token.start)
    if param.optional and not {spot.role for spot in spots} & {"pattern", "coalesced"}:
        problem = f"optional ?{param.name} stands in no pattern: without a value no FILTER holds"
        raise SavedQueryError(file.path, line, problem)
    _check_given(param, line, file)


def _check_given(param: Param, line: int, file: _File) -> None:
    """Raise where the example, the default or the choices of `param` do not fit its own type."""
    if param.type == "enum" and len(choices(param)) < len(param.values):
        raise SavedQueryError(file.path, line, f"{param.name}: two values with the same name")
    for text in (param.example, param.default):
        if text and param.type != "entity":
            try:
                to_term(param, text)
            except ParameterError as error:
                raise SavedQueryError(file.path, line, str(error)) from error


def _sample(param: Param) -> Term:
    """Return a term as `param` gives it, to see whether the text takes one in its place."""
    if param.type == "entity" or not param.example:
        return next(iter(choices(param).values()), NamedNode("https://example.org/sample"))
    return to_term(param, param.example)
