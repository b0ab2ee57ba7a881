# caught by: passes_on
# says: more threads
"""A reading room, with a thread for each guest."""

import selectors
import socket
import threading
from selectors import EVENT_READ


def serve(listening, stop, limit=65_536):
    lock = threading.Lock()
    names = {}

    def tell(connection, data):
        try:
            connection.settimeout(1.0)
            connection.sendall(data)
        except OSError:
            names.pop(connection, None)

    def talk(connection):
        with connection:
            coming = b""
            while True:
                try:
                    connection.settimeout(None)
                    data = connection.recv(65_536)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:
                    break
                *lines, coming = (coming + data).split(b"\n")
                with lock:
                    for line in lines:
                        if connection not in names:
                            names[connection] = line
                            tell(connection, b"welcome, " + line + b"\n")
                        else:
                            for other in list(names):
                                if other is not connection:
                                    tell(other, names[connection] + b": " + line + b"\n")
            with lock:
                names.pop(connection, None)

    listening.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listening, EVENT_READ)
        selector.register(stop, EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is stop:
                    return
                try:
                    connection, _ = listening.accept()
                except BlockingIOError:
                    continue
                threading.Thread(target=talk, args=(connection,), daemon=True).start()
