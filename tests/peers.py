"""Real servers that our messages reach."""

from __future__ import annotations

import json
import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class HttpPeer:
    """A real server. `answer(call)` gives status and headers; calls are (headers, body)."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[dict[str, str], bytes], tuple[int, dict[str, str]]] = lambda headers, body: (
            200,
            {},
        )
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                told = {name.lower(): value for name, value in self.headers.items()}
                peer.calls.append((told, body))
                status, headers = peer.answer(told, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"thanks")

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"

    def kinds(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.calls]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class PushPeer(HttpPeer):
    """Where the maker of a browser takes push messages, and the browser that alone can read them."""

    SECRET = b"0123456789abcdef"

    def __init__(self) -> None:
        super().__init__()
        self.key = ec.generate_private_key(ec.SECP256R1())

    def subscription(self, path: str = "/hook") -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"http://127.0.0.1:{self.server.server_port}{path}",
            "p256dh": urlsafe_b64encode(point).rstrip(b"=").decode(),
            "auth": urlsafe_b64encode(self.SECRET).rstrip(b"=").decode(),
        }

    def read(self, body: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            http_ece.decrypt(body, private_key=self.key, auth_secret=self.SECRET)
        )
        return found


class SmtpPeer:
    """A real mail server. `asked(address)` is called before it says that the mail may come, `got(address, mail)` before
    it says that it has taken it."""

    def __init__(
        self,
        got: Callable[[str, EmailMessage], None] = lambda address, mail: None,
        asked: Callable[[str], None] = lambda address: None,
    ) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.got, self.asked = got, asked
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        self.asked(address)
        envelope.rcpt_tos.append(address)
        return "250 Go on"

    async def handle_DATA(  # noqa: N802  its name for it
        self, server: object, session: object, envelope: Any
    ) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        for address in envelope.rcpt_tos:
            self.mails.append((address, mail))
            self.got(address, mail)
        return "250 Taken"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.controller.stop()
