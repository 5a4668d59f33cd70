"""What people typed in is called only where it is really outside."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from time import monotonic, sleep

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadrouting.common.outside import Guard, NoAnswer, Refused, post
from leadrouting.common.outside.reach import is_outside

INSIDE = """
    127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0.1.2.3 224.0.0.1
    239.255.255.255 240.0.0.1 255.255.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 192.88.99.1
    ::1 :: fe80::1 fc00::1 fd12:3456::1 fec0::1 ff02::1 ff0e::1 100::1 2001:db8::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 ::8.8.8.8 2002:7f00:1:: 2002:808:808::1
    64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 5f00::1
""".split()
OUTSIDE = "8.8.8.8 1.1.1.1 93.184.216.34 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808".split()


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_on_the_open_internet_is_refused(address):
    assert not is_outside(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        Guard().read(f"https://{host}/")
    with pytest.raises(Refused, match="not on the open internet"):
        Guard(resolve=lambda *_: [address]).target("https://hooks.example.com/")


@pytest.mark.parametrize("address", INSIDE)
def test_one_such_address_among_others_is_enough(address):
    with pytest.raises(Refused):
        Guard(resolve=lambda *_: ["8.8.8.8", address]).target("https://hooks.example.com/")


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_may_be_called(address):
    assert is_outside(ip_address(address))
    target = Guard(resolve=lambda *_: [address, address]).target("https://hooks.example.com/")
    assert target.addresses == (address,)


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://8.8.8.010/",
        "https://0x8.8.8.8/",
        "https://１２７.0.0.1/",
        "https://127。0。0。1/",
        "https://127.0.0.1./",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db.localhost/",
        "https://intranet/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://router.home.arpa/",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://[v1.x]/",
        "https://jane:secret@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
        "https://exa\nmple.com/",
        "https://exa\tmple.com/",
        "https://example.com/a b",
        "https://example.com:99999/",
        "https://example.com:22/",
        "https://example.com:0/",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "",
        "https://",
        "https://a..b/",
        f"https://{'a' * 64}.example/",
    ],
)
def test_odd_spellings_are_refused(url):
    with pytest.raises(Refused):
        Guard(resolve=refuse_to_look_up).target(url)


def refuse_to_look_up(host, port):
    raise AssertionError(f"{host} should not even have been looked up")


def test_names_are_read_as_browsers_read_them():
    place = Guard().read("https://BÜCHER.example./straße?q=ü#part")
    assert (place.name, place.path) == ("xn--bcher-kva.example", "/stra%C3%9Fe?q=%C3%BC")
    assert Guard(ports=frozenset({8443})).read("https://example.com:8443").name == "example.com:8443"


def test_a_name_is_looked_up_once_and_what_it_means_later_does_not_matter():
    """Rebinding: the second answer would be ourselves."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(AssertionError, match=r"connect to \('93.184.216.34', 443\)"):
        post("https://hooks.example.com/", b"{}", {}, by=Guard(resolve=resolve))
    assert asked == ["hooks.example.com"]


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(AssertionError, match=r"93\.184"):
        post("https://hooks.example.com/", b"{}", {}, by=Guard(resolve=lambda *_: ["93.184.216.34"]))


def test_a_silent_name_server_is_left_behind():
    began = monotonic()
    guard = Guard(resolve=lambda *_: sleep(7) or ["8.8.8.8"])
    with pytest.raises(NoAnswer, match="no name server knew"):
        post("https://hooks.example.com/", b"{}", {}, by=guard)
    assert monotonic() - began < 6


class Peer(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, self.headers["Host"]))
        {"/slow": self.slow, "/giant": self.giant, "/drip": self.drip, "/garbage": self.garbage}.get(
            self.path, self.fine
        )()

    def fine(self) -> None:
        self.answer(302 if self.path == "/redirect" else 200, b"fine", Location="http://127.0.0.1:1/inside")

    def slow(self) -> None:
        sleep(3)
        self.close_connection = True

    def giant(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()
        self.close_connection = True
        for _ in range(64):
            self.wfile.write(b"x" * 65536)

    def drip(self) -> None:
        """A header that never ends, one letter at a time."""
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(50):
            self.wfile.write(b"x")
            sleep(0.1)

    def garbage(self) -> None:
        self.close_connection = True
        self.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # they hung up, as they should
            self.close_connection = True

    def log_message(self, *said: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *what: object) -> None:
        """Who hangs up is expected."""


@pytest.fixture
def server() -> Iterator[Server]:
    yield from served()


def served(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Peer)
    server.heard = []
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def call(server: Server, path: str, **options):
    """By a name that only this resolver knows."""
    port = server.server_address[1]
    by = Guard(frozenset({f"receiver.example:{port}"}), resolve=lambda *_: ["127.0.0.1"])
    return post(f"http://receiver.example:{port}{path}", b"{}", {}, by=by, **options)


def test_a_trusted_host_may_be_anywhere(server):
    answer = call(server, "/fine")
    assert (answer.status, answer.body) == (200, b"fine")
    assert server.heard == [("/fine", f"receiver.example:{server.server_address[1]}")]


def test_a_redirect_is_an_answer_and_not_followed(server):
    answer = call(server, "/redirect")
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:1/inside")
    assert len(server.heard) == 1


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_patience_ends(server, path):
    began = monotonic()
    with pytest.raises(NoAnswer, match="No answer within 1 second"):
        call(server, path, patience=1)
    assert 0.9 < monotonic() - began < 2


def test_of_a_giant_answer_only_the_beginning_is_read(server):
    assert call(server, "/giant").body == b"x" * 2048


def test_what_is_no_http_is_told(server):
    with pytest.raises(NoAnswer, match="no answer in HTTP"):
        call(server, "/garbage")


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer, match="Nobody listens there"):
        post(f"http://localhost:{port}/", b"", {}, by=Guard(frozenset({"localhost"})))


def test_no_such_name():
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(NoAnswer, match="no such name"):
        post("https://nowhere.example/", b"", {}, by=Guard(resolve=resolve))


@pytest.fixture
def certificate(tmp_path):
    """Of `receiver.example`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("receiver.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secure(certificate) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    yield from served(context)


class TestTls:
    def call(self, secure: Server, name: str, trust: ssl.SSLContext | None):
        port = secure.server_address[1]
        by = Guard(frozenset({name}), resolve=lambda *_: ["127.0.0.1"])
        return post(f"https://{name}:{port}/fine", b"{}", {}, by=by, trust=trust, patience=3)

    def test_the_certificate_must_be_of_the_name_not_of_the_number(self, secure, certificate):
        trust = ssl.create_default_context(cafile=str(certificate))
        assert self.call(secure, "receiver.example", trust).status == 200
        with pytest.raises(NoAnswer, match="certificate is not to be trusted: Hostname mismatch"):
            self.call(secure, "other.example", trust)

    def test_an_unknown_one_is_not_believed(self, secure):
        with pytest.raises(NoAnswer, match="certificate is not to be trusted: self"):
            self.call(secure, "receiver.example", None)

    def test_patience_ends_while_shaking_hands(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            port = mute.getsockname()[1]
            by = Guard(frozenset({"localhost"}))
            began = monotonic()
            with pytest.raises(NoAnswer, match="No answer within"):
                post(f"https://localhost:{port}/", b"", {}, by=by, patience=0.5)
            assert monotonic() - began < 1.5
