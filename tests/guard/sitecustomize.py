"""On PYTHONPATH this keeps a Python process, and those it starts, from any network but loopback, and writes down tries.

It does so where CROSSCITY_GUARD names a file: a line a process that starts, and a line a try, which fails.
"""

import os
import sys

_LOG = os.environ.get("CROSSCITY_GUARD")
# Where the arguments hold a host, or an address whose first part is one. A server that listens for others counts too.
_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.bind": 1, "socket.getaddrinfo": 0}
_EVENTS |= {"socket.gethostbyname": 0, "socket.gethostbyaddr": 0, "socket.getnameinfo": 0}


class NetworkError(RuntimeError):
    """Something wanted to reach another machine."""


def _note(line):
    with open(_LOG, "a", encoding="utf-8") as file:  # noqa: PTH123 -- nothing is imported before the hook is in place
        file.write(f"{line}\n")


def _watch(event, arguments):
    if event not in _EVENTS:
        return
    address = arguments[_EVENTS[event]]
    host = address[0] if isinstance(address, tuple) else address
    host = os.fsdecode(host) if isinstance(host, bytes) else host
    # Sockets of files have a path, those of the system's own kinds a number; "" stands for all interfaces.
    if isinstance(address, tuple) and isinstance(host, int):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind") and not isinstance(address, tuple):
        return
    if host is None or host in ("localhost", "::1") or host.startswith("127."):
        return
    _note(f"tried {event} {address!r}")
    message = f"the network is cut off: {event} {address!r}"
    raise NetworkError(message)


if _LOG:
    _note(f"began {sys.orig_argv}")
    sys.addaudithook(_watch)
