"""The few pages that the server itself writes. Pure functions; every value is escaped."""

import html
from http.client import responses

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 12vh auto; padding: 0 1.25rem; }}
code {{ font-family: ui-monospace, monospace; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def refused(token_given: bool) -> str:
    """Return the page for a reader who is not signed in; `token_given`: the address carried a token."""
    if token_given:
        title = "This address is no longer valid"
        why = "It carries the token of an earlier start, or only a part of a token."
    else:
        title = "This browser is not signed in"
        why = "The address carries no token, or the course was started anew since you signed in."
    return _page(
        title,
        f"{why} The course runs on your own machine and opens only for the person who started it, "
        "so each start makes a new address.",
        "Look at the terminal in which the course was started and open the address printed there.",
        "Is it no longer running? Start it in the folder of the course: "
        "<code>python3 noxfile.py -s serve</code>",
    )


def not_found(start: str) -> str:
    """Return the page for an address that leads nowhere; `start` is the address of the first page."""
    return _page("There is no page at this address",
                 "It may have been renamed, or the address was not copied whole.", _back(start))


def failed(start: str, status: int) -> str:
    """Return the page for any other `status` (an HTTP status code)."""
    reason = html.escape(responses.get(status, "unknown error"))
    return _page(f"This page cannot be shown ({status}, {reason})", _back(start))


def _back(start: str) -> str:
    return f'<a href="{html.escape(start)}">Go to the start page of the course</a>'


def _page(title: str, *paragraphs: str) -> str:
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _PAGE.format(title=title, body=body)
