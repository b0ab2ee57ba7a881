"""What the terminal shows: warnings, and never a token."""

import logging
from collections.abc import Iterable

from tornado.web import RequestHandler

NOISE = (
    # for each request that is turned away; after a restart an old JupyterLab tab sends many
    "wrote error:", "Clearing invalid/expired login cookie", "Invalid cookie signature",
    "Couldn't authenticate", "403 GET /api/",
    # for each notebook that is opened for the first time
    "is not trusted",
    # for each kernel: jupyter-server counts in milliseconds what tornado takes for seconds
    "The websocket_ping_timeout",
)


class WithoutSecret(logging.Formatter):
    """Formats as another formatter does, then takes the secret out, tracebacks included."""

    def __init__(self, formatter: logging.Formatter, secret: str) -> None:
        super().__init__()
        self._formatter = formatter
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record` without the secret."""
        return self._formatter.format(record).replace(self._secret, "[token]")


def quiet(handlers: Iterable[logging.Handler], secret: str) -> None:
    """Let `handlers` write warnings only, without noise and without `secret`."""
    for handler in handlers:
        handler.setLevel(logging.WARNING)
        handler.addFilter(lambda record: not any(noise in record.getMessage() for noise in NOISE))
        handler.setFormatter(WithoutSecret(handler.formatter or logging.Formatter(), secret))


def request(handler: RequestHandler) -> None:
    """Write a line for a request that failed through our fault: without query and Referer, so no token."""
    if handler.get_status() >= 500:
        logging.getLogger("tornado.access").error(
            "%s %s failed with status %d", handler.request.method, handler.request.path, handler.get_status())
