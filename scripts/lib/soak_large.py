"""Puts and gets one large object through both faces and says what heap that took."""

import hashlib
import http.client
import random
import socket
import sys
import tempfile
import time
import urllib.request
from urllib.parse import urlsplit

from forebay_server import ForebayServer

MIB = 1024 * 1024
BLOCK = random.Random(7).randbytes(16 * MIB)
# Heap allocated per byte of payload: what is allowed for buffers' bookkeeping.
ALLOWED = 0.02


def blocks(size):
    """Content of that size whose blocks differ."""
    for at in range(0, size, len(BLOCK)):
        number = at // len(BLOCK)
        yield (number.to_bytes(8, "big") + BLOCK[8:])[: min(len(BLOCK), size - at)]


def metric(server, name):
    with urllib.request.urlopen(f"{server.control_url}/metrics", timeout=20) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
    raise RuntimeError(f"no metric {name}")


def request(url, method, path, size=0):
    """Sends a request, with the content of that size, follows a redirect, and returns SHA-256 and length of a reply."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120, blocksize=MIB)
    connection.putrequest(method, path)
    if method == "PUT":
        connection.putheader("Content-Length", str(size))
        if size > 0:
            connection.putheader("Expect", "100-continue")
    connection.endheaders()
    # The AIStore face answers with a redirect instead of asking for the body.
    if method == "PUT" and (size == 0 or connection.sock.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 100"):
        for block in blocks(size):
            connection.send(block)
    reply = connection.getresponse()
    if reply.status in (301, 307):
        target = urlsplit(reply.headers["Location"])
        connection.close()
        return request(f"http://{target.netloc}", method, f"{target.path}?{target.query}", size)
    if reply.status != 200:
        raise RuntimeError(f"{method} {path}: {reply.status} {reply.read(1000)!r}")
    digest, length = hashlib.sha256(), 0
    while chunk := reply.read(MIB):
        digest.update(chunk)
        length += len(chunk)
    connection.close()
    return digest.hexdigest(), length


def main():
    size = int(float(sys.argv[1]) * 1024) * MIB
    digest = hashlib.sha256()
    for block in blocks(size):
        digest.update(block)
    failed = False
    with tempfile.TemporaryDirectory(prefix="forebay-soak-") as folder:
        with ForebayServer(f"{folder}/data", "--storage-nodes", "2", patience=900,
                           environment={"FOREBAY_JAVA_OPTS": "-Xmx256m"}) as server:
            request(server.url, "PUT", "/soak")
            print(f"{size / 2**30:.2f} GiB with -Xmx256m\n{'':22}{'seconds':>9}{'MiB/s':>9}{'heap MiB':>10}"
                  f"{'allocated MiB':>15}{'per byte':>10}")
            for title, method, path in [
                ("PUT by S3", "PUT", "/soak/s3"), ("GET by S3", "GET", "/soak/s3"),
                ("PUT by AIStore", "PUT", "/v1/objects/soak/ais"), ("GET by AIStore", "GET", "/v1/objects/soak/ais"),
            ]:
                before, began = metric(server, "forebay_process_heap_allocated_bytes"), time.monotonic()
                got = request(server.url, method, path, size)
                seconds = time.monotonic() - began
                allocated = metric(server, "forebay_process_heap_allocated_bytes") - before
                if method == "GET" and got != (digest.hexdigest(), size):
                    print(f"NOT EQUAL: {title} gave {got[1]} bytes with SHA-256 {got[0]}")
                    failed = True
                failed |= allocated / size > ALLOWED
                print(f"{title:22}{seconds:>9.1f}{size / MIB / seconds:>9.0f}"
                      f"{metric(server, 'forebay_process_heap_used_bytes') / MIB:>10.0f}{allocated / MIB:>15.1f}"
                      f"{allocated / size:>10.5f}", flush=True)
                if method == "GET":
                    delete = "/soak/s3" if "S3" in title else "/soak/ais"
                    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
                    connection.request("DELETE", delete)
                    connection.getresponse().read()
    print("failed" if failed else f"all equal, at most {ALLOWED} bytes of heap allocated per byte")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
