"""A server of the shape of WhatsApp's Cloud API."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN, PHONE = "EAA-secret", "1029384756"


def error(code: int, status: int = 400) -> tuple[int, bytes]:
    said = {"message": f"(#{code}) Malformed access token {TOKEN}", "type": "OAuthException", "code": code}
    return status, json.dumps({"error": said}).encode()


class Cloud:
    """`answers` are given in turn, then everything is taken. An answer of None hangs up without a word."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.answers: list[tuple[int, bytes] | None] = []
        cloud = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if (
                    self.headers["authorization"] != f"Bearer {TOKEN}"
                    or self.path != f"/v23.0/{PHONE}/messages"
                ):
                    status, body = error(190, 401)
                else:
                    cloud.got.append(asked)
                    name = f"wamid.{len(cloud.got)}"
                    taken = 200, json.dumps({"messages": [{"id": name}]}).encode()
                    answer = cloud.answers.pop(0) if cloud.answers else taken
                    if answer is None:
                        self.close_connection = True
                        return
                    status, body = answer
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v23.0"

    def set_up(self, settings: Any) -> None:
        settings.WHATSAPP_API_URL, settings.WHATSAPP_TOKEN = self.address, TOKEN
        settings.WHATSAPP_PHONE_ID = PHONE

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
