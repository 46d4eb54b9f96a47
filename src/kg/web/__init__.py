"""The web surfaces: one blueprint each, thin over the engine. No query is evaluated here."""

from kg.web.app import create_app

__all__ = ["create_app"]
