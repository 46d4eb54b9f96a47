"""Pictures of what saved queries answer: what is drawn, how, and what it says in words.

    rows of an answer --composing--> Scene (data, title, description) --rendering--> SVG, PNG

A scene is made of plain Python (`ladder`, `timeline`, `network`, `strength`) and says in words what
the picture shows, so the words are there also where nothing can be drawn. Drawing is done by Vega
from the specifications in `specs/`, in a process of its own where a server asks (`process`,
`drawing`). What comes from outside reaches a specification as data only, never as its text.
"""
