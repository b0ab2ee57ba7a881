"""A listening socket on this machine only."""

import errno
import socket

HOST = "127.0.0.1"
DEFAULT = 8888
TRIES = 100


class PortError(RuntimeError):
    """No port could be had; the message says which and what to do."""


def listen(asked: int | None) -> tuple[socket.socket, str]:
    """Return a socket that listens on 127.0.0.1, and a sentence for the reader (empty when all is as expected).

    `asked` is the port the reader named: that one or none (0: any free one). None: 8888, or the next free
    one. The socket is open from here on, so nobody can take the port in between. Raises PortError.
    """
    if asked is not None:
        try:
            return _bind(asked), ""
        except OSError as error:
            raise PortError(_why(asked, error)) from error
    for port in range(DEFAULT, DEFAULT + TRIES):
        try:
            taken = _bind(port)
        except OSError:
            continue
        return taken, "" if port == DEFAULT else f"Port {DEFAULT} is taken: using {port}."
    raise PortError(f"the ports {DEFAULT} to {DEFAULT + TRIES - 1} are all taken: "
                    "stop a program that uses one, or name a free port with --port")


def _bind(port: int) -> socket.socket:
    result = socket.create_server((HOST, port))
    result.setblocking(False)  # as tornado needs it
    return result


def _why(port: int, error: OSError) -> str:
    # Windows answers with its own numbers: WSAEADDRINUSE, and WSAEACCES when another holds it exclusively.
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)):
        return f"port {port} is taken: name another with --port, or leave --port out to get the next free one"
    return f"port {port} cannot be used ({error.strerror}): name another with --port"
