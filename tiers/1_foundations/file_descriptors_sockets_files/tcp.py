"""What Linux says about TCP connections: /proc/net/tcp, see proc_net_tcp in its documentation."""

import time
from pathlib import Path

STATES = {1: "ESTABLISHED", 4: "FIN_WAIT1", 5: "FIN_WAIT2", 6: "TIME_WAIT", 8: "CLOSE_WAIT", 9: "LAST_ACK"}


PASSING = ("FIN_WAIT1", "LAST_ACK")  # until the other end's system has answered: RFC 9293, section 3.3.2


def states(client: int, server: int) -> dict[str, str]:
    """Return the states of the two ends of the connection between these two ports, without an end that is gone.

    An end that waits for an answer which no program has to give is looked at again, for a second at most.
    """
    for _ in range(100):
        found = _now({(client, server): "client", (server, client): "server"})
        if not set(found.values()) & set(PASSING):
            break
        time.sleep(0.01)
    return found


def _now(names: dict[tuple[int, ...], str]) -> dict[str, str]:
    found = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, here, there, state, *_ = line.split()
        ports = tuple(int(end.rpartition(":")[2], 16) for end in (here, there))
        if ports in names and int(state, 16) in STATES:
            found[names[ports]] = STATES[int(state, 16)]
    return found
