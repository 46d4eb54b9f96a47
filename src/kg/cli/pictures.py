"""The picture of a saved query's answer, drawn in this process."""

import sys
from collections.abc import Mapping

import click

from kg.cli.answers import Wanted, write_out
from kg.engine.requests import Engine, Request
from kg.errors import KgError
from kg.formats import JSON
from kg.pictures.composing import compose, given_by_label, rows_of
from kg.saved_queries import SavedQuery


def print_picture(
    engine: Engine, query: SavedQuery, text: str, given: Mapping[str, str], wanted: Wanted
) -> None:
    """Ask, draw the answer, and write the picture where it is wanted.

    What a PNG shows is told on standard error; an SVG holds its words. Raises a QueryError where
    there is no answer, KgError where it cannot be drawn or written.
    """
    if query.picture is None:
        raise TypeError(f"{query.name} has no picture")
    if wanted.name == "png" and wanted.output is None and sys.stdout.isatty():
        raise click.UsageError("a png is no text: name a file, as in --output picture.png")
    answer = engine.answer(Request(text, rows=JSON, graph=None))
    labels = {param.name: param.label for param in query.params}
    named = given_by_label(labels, given)
    scene = compose(query.picture, query.title, rows_of(answer.body), named)
    from kg.pictures.rendering import draw  # noqa: PLC0415 - Vega only where a picture is wanted

    try:
        drawn = draw(scene, wanted.name)
    except ValueError as error:
        raise KgError(f"the picture cannot be drawn: {error}") from error
    if wanted.name == "png":
        click.echo(f"{scene.title}. {scene.description}", err=True)
    write_out(drawn, wanted.output)
