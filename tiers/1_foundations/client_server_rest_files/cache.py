"""A cache that knows nothing of books: it reads the labels of the answers."""

from collections.abc import Callable

from client_server_rest_files.messages import Request, Response

App = Callable[[Request], Response]


def cached(app: App) -> App:
    """Ask `app`; give an answer with max-age again to each GET of the same path that its field Vary permits.

    A real one also counts how old an answer is, forgets a path that is written to, and knows the other words of
    Cache-Control (RFC 9111).
    """
    kept: list[tuple[Request, Response]] = []

    def ask(request: Request) -> Response:
        if request.method != "GET":
            return app(request)
        for old, response in kept:
            if old.path == request.path and asks_alike(old, request, response.fields.get("Vary", "")):
                return response
        response = app(request)
        if response.status == 200 and "max-age" in response.fields.get("Cache-Control", ""):
            kept.append((request, response))
        return response

    return ask


def asks_alike(old: Request, new: Request, vary: str) -> bool:
    """Say whether two requests hold the same in each field that `vary` names."""
    names = [name.strip() for name in vary.split(",")]
    return all(old.fields.get(name) == new.fields.get(name) for name in names)


def without_vary(app: App) -> App:
    """Return the same server, except that its answers do not say what they depend on."""

    def ask(request: Request) -> Response:
        response = app(request)
        fields = {name: text for name, text in response.fields.items() if name != "Vary"}
        return Response(response.status, fields, response.body)

    return ask
