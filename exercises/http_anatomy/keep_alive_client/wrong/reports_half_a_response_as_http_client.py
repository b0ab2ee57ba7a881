# caught by: reports_half_a_response
# says: the connection ends after the status line
"""Several paths from one server, over one connection."""

from http.client import BadStatusLine, HTTPConnection, IncompleteRead


def fetch_all(host: str, port: int, paths: list[str]) -> list[tuple[int, bytes]]:
    """Return status and body for each path."""
    connection = HTTPConnection(host, port)
    pairs = []
    try:
        for path in paths:
            connection.request("GET", path)
            response = connection.getresponse()
            pairs.append((response.status, response.read()))
    except (IncompleteRead, BadStatusLine) as error:
        raise ConnectionError("half a response") from error
    finally:
        connection.close()
    return pairs
