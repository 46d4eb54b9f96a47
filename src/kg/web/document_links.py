"""What a document says of itself in the Link header (RFC 8288): of what it is, and its other forms.

Targets are paths on this host or IRIs of the graph; nothing is taken from what the client sent.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from kg.descriptions import LICENSE, Found
from kg.formats import Format
from kg.web.addresses import url_of

_MOST_TYPES: Final = 8


def links_of(found: Found, stem: str, chosen: Format, offered: Sequence[Format]) -> str:
    """Return the header of a document about an IRI, or of the redirect to it.

    `stem` is the path of the document without its ending, and `chosen` its format. It has:
    canonical (the IRI), describedby (from the IRI to this document), alternate (each other format),
    license, type (of what the IRI names), and successor-version where another IRI replaces it.
    """
    iri = url_of(found.iri.value)
    return ", ".join(
        [
            link(iri, "canonical"),
            link(f"{stem}.{chosen.extension}", "describedby", type=chosen.media_type, anchor=iri),
            *(
                link(f"{stem}.{each.extension}", "alternate", type=each.media_type)
                for each in offered
                if each != chosen
            ),
            link(LICENSE, "license"),
            *(link(url_of(each), "type", anchor=iri) for each in found.types[:_MOST_TYPES]),
            *successors_of(found),
        ]
    )


def successors_of(found: Found) -> Iterator[str]:
    """Yield a link to each IRI that replaces one."""
    for successor in found.successors:
        yield link(url_of(successor), "successor-version", anchor=url_of(found.iri.value))


def link(target: str, relation: str, **attributes: str) -> str:
    """Return one link; the target and the values hold no quotes and no angle brackets."""
    rest = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    return f'<{target}>; rel="{relation}"{rest}'
