"""A server that only this machine may ask, as an internal one is: `port` is its port."""

import http.server
import threading


class Inside(http.server.BaseHTTPRequestHandler):
    """Gives a secret away to whoever can ask."""

    def do_GET(self):
        """Answer a request."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"s3cret")

    def log_message(self, *_):
        """Say nothing."""


server = http.server.HTTPServer(("127.0.0.1", 0), Inside)
port = server.server_address[1]
threading.Thread(target=server.serve_forever, daemon=True).start()
