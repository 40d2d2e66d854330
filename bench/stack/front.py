"""nginx by deploy/nginx.conf.template, with a certificate of its own making."""

from __future__ import annotations

import re
import shutil
import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.stack.compose import ROOT, Service
from bench.stack.parts import Part

TEMPLATE = ROOT / "deploy" / "nginx.conf.template"


def program() -> str | None:
    """nginx, where it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def part(
    nginx: str, service: Service, folder: Path, ports: dict[str, int], *, webs: list[int], lives: list[int]
) -> Part:
    home = folder / "tmp" / "front"
    home.mkdir(parents=True, exist_ok=True)
    values = {
        **service.environment,
        "FRONT_HTTP": f"127.0.0.1:{ports['front_http']}",
        "FRONT_HTTPS": f"127.0.0.1:{ports['front']}",
        "FRONT_NAME": "localhost",
        "FRONT_HOST": f"localhost:{ports['front']}",
        "FRONT_CERTIFICATES": str(folder / "certificates"),
        "FRONT_WEB": _servers(webs),
        "FRONT_LIVE": _servers(lives),
        "FRONT_PUBLIC_ROOT": str(folder / "data" / "public"),
        "FRONT_STATIC_ROOT": str(folder / "data" / "static"),
        "FRONT_TMP": str(home),
    }
    rendered = render(TEMPLATE.read_text(), values)
    configuration = home / "nginx.conf"
    configuration.write_text(rendered)
    return Part(
        "front",
        [nginx, "-c", str(configuration), "-p", str(home), "-e", "stderr", *service.command[3:]],
        environment={"PATH": "/usr/sbin:/usr/bin:/bin"},
        folder=folder,
        ready=lambda: _listens(ports["front"]),
        cwd=home,
    )


def render(template: str, values: dict[str, str]) -> str:
    """As the image's entry script does it: ``${NAME}`` of what is given, nginx's own variables stay."""
    return re.sub(r"\$\{(FRONT_\w+)\}", lambda match: values[match[1]], template)


def make_certificate(folder: Path) -> None:
    """For localhost and 127.0.0.1, good for a day, trusted by who is given it."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(names, False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").touch(mode=0o600)
    (folder / "privkey.pem").write_bytes(private)


def _servers(ports: list[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port};" for port in ports)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
