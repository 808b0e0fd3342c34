"""A server of files on this machine that can be told to misbehave."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Site", "serving"]


class Site(BaseHTTPRequestHandler):
    """Answers with the files of `files`; class attributes say how."""

    files: dict = {}  # noqa: RUF012  (set anew by each test)
    ranges = True
    tag = '"one"'
    cuts: list = []  # noqa: RUF012  (bytes after which each answer is cut)
    encoding = None
    kind = "application/octet-stream"
    asked: list = []  # noqa: RUF012

    def do_GET(self):
        site = type(self)
        site.asked.append((self.path, self.headers.get("Range")))
        content = site.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = self._start(content)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("Content-Type", site.kind)
        if site.tag:
            self.send_header("ETag", site.tag)
        if site.encoding:
            self.send_header("Content-Encoding", site.encoding)
        self.end_headers()
        rest = content[start:]
        self.wfile.write(rest[: site.cuts.pop(0)] if site.cuts else rest)
        self.close_connection = True

    def _start(self, content):
        said, site = self.headers.get("Range"), type(self)
        if not said or not site.ranges or self.headers.get("If-Range") != site.tag:
            return 0
        start = int(said.removeprefix("bytes=").removesuffix("-"))
        return start if start < len(content) else 0

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    """Run a site; give its handler, whose `url` is its address."""
    handler = type("Handler", (Site,), {"files": {}, "cuts": [], "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
