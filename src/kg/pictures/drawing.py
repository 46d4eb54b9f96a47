"""The process that draws: `python -m kg.pictures.drawing`, started by kg.pictures.process.

It reads scenes from the socket that is its standard input, and answers each with a picture. It ends
when the other end of its socket is closed, and by itself where one picture takes far too long.
"""

import resource
import signal
import socket
import sys
from typing import Final

from kg.engine.channel import Reply, receive_reply, send_reply
from kg.engine.confinement import confine
from kg.pictures.limits import DRAWN, MEMORY, READY, REFUSED, SECONDS
from kg.pictures.rendering import draw
from kg.pictures.scene import Scene, read_scene

_STDIN: Final = 0
_OVERDUE: Final = 4 * int(SECONDS)
"""Seconds after which a picture ends the process, even where nobody waits for it any more."""

_ADDRESSES: Final = 1 << 40
"""Bytes of address space: as good as no limit, because V8 reserves far more than it uses."""

_FONT_FILES: Final = 64
"""Descriptors for fonts, which are opened when their letters are first needed."""

_SAMPLE: Final = Scene("network", "", "", {}, 10)


def main() -> None:
    """Draw until nobody asks any more."""
    confine(_ADDRESSES, _FONT_FILES)  # before V8 has threads: none of them can open a socket
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    channel = socket.socket(fileno=_STDIN)
    channel.setblocking(True)  # noqa: FBT003 - it has no name
    draw(_SAMPLE, "png")  # so that no picture waits for Vega and the fonts to be read
    send_reply(channel, Reply(READY))
    while _answer(channel):
        signal.alarm(0)


def _answer(channel: socket.socket) -> bool:
    """Answer the next scene with a picture; return whether there was one."""
    parts: list[bytes] = []
    try:
        form = receive_reply(channel.recv, parts.append).outcome
    except (EOFError, ConnectionError):
        return False
    signal.alarm(_OVERDUE)
    try:
        drawn = draw(read_scene(b"".join(parts)), form)
    except ValueError as error:
        sys.stderr.write(f"kg: drawing: {error}\n")
        send_reply(channel, Reply(REFUSED))
    else:
        send_reply(channel, Reply(DRAWN), drawn)
    return True


if __name__ == "__main__":
    main()
