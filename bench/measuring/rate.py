"""Requests a second of one address: by wrk where it is installed, else by a client of our own (the note says so)."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS, THREADS = 32, 2
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.+)")


class Failed(RuntimeError):
    """Some answers were no 200; the rate would be a rate of refusals."""


def client() -> str:
    return "wrk" if shutil.which("wrk") else "a client of our own"


def requests_a_second(url: str, seconds: float, headers: dict[str, str] | None = None) -> float:
    """With ``CONNECTIONS`` kept connections. A certificate of the stack's own making is taken as it is."""
    if wrk := shutil.which("wrk"):
        return _wrk(wrk, url, seconds, headers or {})
    return _own(url, seconds, headers or {})


def _wrk(program: str, url: str, seconds: float, headers: dict[str, str]) -> float:
    given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = [program, f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *given, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if bad := _BAD.search(told):
        raise Failed(bad[0])
    found = _RATE.search(told)
    if found is None:
        raise Failed(told)
    return float(found[1])


def _own(url: str, seconds: float, headers: dict[str, str]) -> float:
    parts = urlsplit(url)
    asked = f"GET {parts.path} HTTP/1.1\r\nHost: {headers.pop('Host', parts.netloc)}\r\n"
    request = (asked + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode()
    end, counts = time.monotonic() + seconds, [0] * CONNECTIONS

    def ask(place: int) -> None:
        with _connected(parts.hostname or "", parts.port or 443, parts.scheme == "https") as one:
            while time.monotonic() < end:
                one.sendall(request)
                _read_one(one)
                counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / seconds


def _connected(host: str, port: int, secure: bool) -> socket.socket:
    one = socket.create_connection((host, port), timeout=30)
    if not secure:
        return one
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(one, server_hostname=host)


def _read_one(one: socket.socket) -> None:
    head, _end, body = _until(one, b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise Failed(head[:100].decode("latin1"))
    length = re.search(rb"content-length: (\d+)", head, re.I)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= len(one.recv(65_536))


def _until(one: socket.socket, words: bytes) -> tuple[bytes, bytes, bytes]:
    got = b""
    while words not in got:
        got += one.recv(65_536)
    return got.partition(words)


def plain_nginx(program: str, folder: Path, port: int, certificates: Path) -> list[str]:
    """The command of an nginx that serves ``folder`` as files and nothing else, with the same certificate."""
    home = folder.parent / "plain-nginx"
    home.mkdir(exist_ok=True)
    written = home / "nginx.conf"
    temporary = "".join(
        f"{name}_temp_path {home}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    written.write_text(
        f"""
        worker_processes auto; pid {home}/pid; daemon off; error_log stderr;
        events {{ worker_connections 1024; }}
        http {{
            {temporary} access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
            types {{ text/html html; }}
            server {{
                listen 127.0.0.1:{port} ssl; server_name localhost; root {folder};
                ssl_certificate {certificates}/fullchain.pem; ssl_certificate_key {certificates}/privkey.pem;
            }}
        }}
        """
    )
    return [program, "-c", str(written), "-p", str(home)]
