"""A proxy that breaks connections in the middle of replies, for what resumes them."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class BreakingProxy:
    """Passes requests to a server, follows its redirects, and cuts the bodies of the first replies to GET.

    `cuts` are how many bytes of a reply's body pass before its connection ends, one for each reply; later ones are
    whole.
    """

    def __init__(self, target, session, cuts):
        self.target = target
        self.session = session
        self.cuts = list(cuts)
        self.broken = 0
        self.ranges = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            """Answers one connection."""

            protocol_version = "HTTP/1.1"

            def _pass(self):
                proxy.answer(self)

            do_GET = do_HEAD = do_POST = do_PUT = _pass  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, handler):
        """Answers one request with what the server says."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = dict(handler.headers.items())
        for own in ("Host", "Content-Length"):
            headers.pop(own, None)
        url = self.target + handler.path
        reply = self.session.request(handler.command, url, data=body, headers=headers, timeout=20)
        content = reply.content
        handler.send_response_only(reply.status_code)
        for name, value in reply.raw.headers.items():
            if name.lower() not in ("connection", "transfer-encoding"):
                handler.send_header(name, value)
        handler.end_headers()
        read = handler.command == "GET" and "/objects/" in handler.path
        if read:
            self.ranges.append(handler.headers.get("Range", ""))
        if not read or not self.cuts:
            handler.wfile.write(content)
            return
        self.broken += 1
        handler.wfile.write(content[: self.cuts.pop(0)])
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
