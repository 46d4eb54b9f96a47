"""The dataset as schema.org sees it, for search engines that read the home page."""

from collections.abc import Mapping

from kg.catalogue import about
from kg.catalogue.dumps import Dump
from kg.catalogue.surfaces import Surfaces
from kg.formats import N_QUADS, TURTLE


def describe_for_search(build: str, where: Surfaces, dump: Dump | None) -> Mapping[str, object]:
    """Return a schema.org Dataset in JSON-LD; empty members are left out."""
    members = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": where.dataset,
        "name": about.TITLE,
        "description": about.DESCRIPTION,
        "url": where.home,
        "version": build,
        "license": about.LICENSE,
        "creator": {"@type": "Organization", "name": about.CREATOR},
        "keywords": list(about.KEYWORDS),
        "datePublished": about.ISSUED,
        "dateModified": dump.created if dump else "",
        "isAccessibleForFree": True,
        "distribution": _downloads(where, dump),
    }
    return {name: value for name, value in members.items() if value != ""}


def _downloads(where: Surfaces, dump: Dump | None) -> list[Mapping[str, object]]:
    default = {
        "@type": "DataDownload",
        "name": "The default graph",
        "encodingFormat": TURTLE.media_type,
        "contentUrl": where.default_graph(TURTLE.name),
    }
    if dump is None:
        return [default]
    whole = {
        "@type": "DataDownload",
        "name": "All graphs",
        "description": about.CAUTION,
        "encodingFormat": N_QUADS.media_type,
        "contentUrl": where.dump,
        "contentSize": f"{dump.size} B",
        "sha256": dump.build,
    }
    return [whole, default]
