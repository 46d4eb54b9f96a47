"""The shapes of bodies in JSON, as the OpenAPI document tells them (JSON Schema)."""

from typing import Any, Final

Json = dict[str, Any]

TEXT: Final[Json] = {"type": "string"}
NUMBER: Final[Json] = {"type": "integer"}
_TRUTH: Final[Json] = {"type": "boolean"}
_OBJECT: Final[Json] = {"type": "object"}


def schemas() -> Json:
    """Return the schemas by name."""
    file = _object(title=TEXT, url=TEXT, mediaType=TEXT)
    running = _object(id=TEXT, query=TEXT, since=TEXT, client=TEXT, lane=TEXT)
    return {
        "Problem": {
            "description": "What is wrong (RFC 9457); of a syntax error also `line` and `column`.",
            **_object(type=TEXT, title=TEXT, status=NUMBER, detail=TEXT, code=TEXT),
        },
        "Results": {
            "description": "SPARQL 1.1 Query Results JSON Format: `results` or `boolean`.",
            **_object(head=_OBJECT),
        },
        "Listing": _object(queries=_list(_saved_query())),
        "Found": _found(),
        "Suggestions": {
            "description": "OpenSearch suggestions: the text; names; what each is; where each is.",
            **_list({"anyOf": [TEXT, _list(TEXT)]}, 4),
        },
        "Completions": {
            "description": "A prefixed name, its label, and what kind of term it is.",
            **_list(_list(TEXT, 3)),
        },
        "Downloads": _object(build=TEXT, note=TEXT, files=_list(file), older=_list(file)),
        "Health": {
            "description": "ok, busy (a query would wait for its turn), or failing with `problem`.",
            **_object(status={**TEXT, "enum": ["ok", "busy", "failing"]}),
        },
        "Status": _object(version=TEXT, build=TEXT, engine=TEXT, now=_OBJECT, settings=_OBJECT),
        "Interface": _object(openapi=TEXT, paths=_OBJECT),
        "Running": _object(queries=_list(running)),
    }


def _object(**members: Json) -> Json:
    """Return the schema of an object that has all of these, and perhaps others."""
    return {"type": "object", "properties": members, "required": list(members)}


def _list(items: Json, size: int | None = None) -> Json:
    """Return the schema of a list, of so many items where that is known."""
    return {
        "type": "array",
        "items": items,
        **({"minItems": size, "maxItems": size} if size else {}),
    }


def _saved_query() -> Json:
    parameter = _object(name=TEXT, type=TEXT, label=TEXT, example=TEXT, required=_TRUTH)
    return _object(name=TEXT, title=TEXT, description=TEXT, url=TEXT, parameters=_list(parameter))


def _found() -> Json:
    names = ("label", "name", "kind", "group", "standing", "iri", "url")
    about = _object(
        query=TEXT,
        total=NUMBER,
        totals={"type": "object", "additionalProperties": NUMBER},
        isWhole=_TRUTH,
        isCut=_TRUTH,
        spelling=TEXT,
        page=NUMBER,
        pages=NUMBER,
        results=_list(_object(**dict.fromkeys(names, TEXT))),
    )
    told = (
        "`isWhole` is false where nothing has all the words, `isCut` true where the build has more "
        "names than are searched; `totals` counts by group."
    )
    return {"description": told, **about}
