"""What both ends of the process that draws know: how far it may go, and what it answers."""

from typing import Final

SECONDS: Final = 5.0
"""Longest time for a picture; usually it takes a twentieth of a second."""

START_SECONDS: Final = 20.0
"""Longest wait for the process to start; usually it takes a second."""

MEMORY: Final = 3 << 29
"""Bytes of data that the process may have. V8 reserves half a GiB at once and uses a tenth of it.

Not address space: V8 reserves 32 GiB of that.
"""

MOST_PICTURES: Final = 500
"""After so many a new process takes over: Vega does not give back what it has once taken."""

MOST_ANSWER: Final = 8 << 20
"""Bytes of an answer that are read for a picture."""

READY: Final = "ready"
DRAWN: Final = "drawn"
REFUSED: Final = "refused"
"""What the process says."""
