"""Starts the forebay command as its own process, for the scripts that need a server."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def https_settings(folder):
    """Makes a throwaway authority, and a certificate of it for a server: the authority's file, and the server's settings."""
    script = f". '{ROOT}/scripts/lib/certificates.sh'; make_authority \"$1\"; make_certificate \"$1\" server"
    subprocess.run(["bash", "-euc", script, "certificates", folder], check=True)
    return f"{folder}/ca.pem", f"http.tls.certificate={folder}/server.pem\nhttp.tls.key={folder}/server.key\n"


class ForebayServer:
    """One `scripts/forebay server` with its data in a folder; stopped by `stop`, or as a context manager."""

    def __init__(self, data, *options, listen="127.0.0.1:0", control="127.0.0.1:0", environment=None, patience=60):
        self.data = Path(data)
        self.options = list(options)
        self.listen = listen
        self.control = control
        self.environment = environment or {}
        self.patience = patience
        self.url = self.control_url = None
        self.banner = ""
        self.process = None

    def start(self):
        """Returns when the server says that it is ready; raises RuntimeError with its words when it ends before."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        command = [
            str(ROOT / "scripts" / "forebay"), "server", "--data", str(self.data), "--listen", self.listen,
            "--control", self.control, *self.options,
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **self.environment}
        )
        errors = []
        threading.Thread(target=self._keep, args=(self.process.stderr, errors), daemon=True).start()
        watchdog = threading.Timer(self.patience, self.process.kill)
        watchdog.start()
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("ready "):
                break
        else:
            self.process.wait()
            watchdog.cancel()
            raise RuntimeError("the server did not start: " + "".join(errors[-20:]).strip())
        watchdog.cancel()
        self.banner = "".join(lines)
        self.url = lines[-1].split()[1]
        self.control_url = re.search(r"control +(http://\S+)", self.banner).group(1)
        threading.Thread(target=self._keep, args=(self.process.stdout, []), daemon=True).start()
        # A later start takes the same addresses again.
        self.listen = self.url.removeprefix("http://")
        self.control = self.control_url.removeprefix("http://")
        return self

    def stop(self, patience=60):
        """Ends the server by SIGTERM and returns its exit code; by SIGKILL when that takes too long."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def kill(self):
        """Ends the server as a crash would."""
        self.process.kill()
        self.process.wait()

    def restart(self):
        """Stops and starts the server on the same addresses and data; returns the seconds until it was ready."""
        self.stop()
        began = time.monotonic()
        self.start()
        return time.monotonic() - began

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @staticmethod
    def _keep(stream, lines):
        for line in stream:
            lines.append(line)
            del lines[:-200]
