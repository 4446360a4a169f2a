"""Loopback stand-ins for the services that alerts go to: they keep what they were sent and can be down."""

import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLACK_TOKEN = "xoxb-1234567890-abcdefghij"
WEBHOOK_PATH = "/services/T0000/B0000/XXXXXXXXSECRETXXXXXXXX"
SMTP_USER, SMTP_PASSWORD = "alerts@example.com", "a-mail-password"


class SlackStandIn:
    """Takes `chat.postMessage` and incoming webhooks as Slack does."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.attempts = 0
        self.down = False
        """Answers 503 while set."""
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                stand_in.attempts += 1
                if stand_in.down:
                    return self._answer(503, "down")
                if self.path == WEBHOOK_PATH:
                    stand_in.messages.append(json.loads(body)["text"])
                    return self._answer(200, "ok")
                if self.path == "/api/chat.postMessage":
                    if self.headers.get("Authorization") != f"Bearer {SLACK_TOKEN}":
                        return self._answer(200, json.dumps({"ok": False, "error": "invalid_auth"}))
                    is_json = "json" in self.headers.get("Content-Type", "")
                    fields = json.loads(body) if is_json else {key: values[0] for key, values in parse_qs(body).items()}
                    if fields.get("channel") != "#alerts":
                        return self._answer(200, json.dumps({"ok": False, "error": "channel_not_found"}))
                    stand_in.messages.append(fields["text"])
                    return self._answer(200, json.dumps({"ok": True, "ts": "1.0"}))
                return self._answer(404, "no_service")

            def _answer(self, status: int, body: str) -> None:
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json" if body.startswith("{") else "text/plain")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def bot_env(self) -> dict[str, str]:
        return {"SLACK_BOT_TOKEN": SLACK_TOKEN, "SLACK_CHANNEL": "#alerts", "SLACK_API_URL": f"{self.url}/api"}

    @property
    def webhook_env(self) -> dict[str, str]:
        return {"SLACK_WEBHOOK_URL": self.url + WEBHOOK_PATH}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class MailStandIn:
    """An SMTP server that takes mail only over STARTTLS and after a sign-in."""

    def __init__(self, folder: Path) -> None:
        self.mails: list[str] = []
        self.down = False
        """Answers 451 while set."""
        self.ca_file = folder / "mail-ca.pem"
        context = _certificate(self.ca_file, folder / "mail-key.pem")
        stand_in = self

        class Handler:
            async def handle_DATA(self, server, session, envelope) -> str:
                if stand_in.down:
                    return "451 try again later"
                stand_in.mails.append(envelope.content.decode())
                return "250 taken"

        def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
            known = data.login == SMTP_USER.encode() and data.password == SMTP_PASSWORD.encode()
            return AuthResult(success=known, handled=False)

        class TlsController(Controller):
            def factory(self) -> SMTP:
                return SMTP(
                    self.handler,
                    hostname="127.0.0.1",
                    tls_context=context,
                    require_starttls=True,
                    authenticator=authenticate,
                    auth_required=True,
                    enable_SMTPUTF8=True,
                )

        # Port 0 would be read as "the default port" when the controller checks that it is up.
        self._controller = TlsController(Handler(), hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port = self._controller.port

    @property
    def env(self) -> dict[str, str]:
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_USER": SMTP_USER,
            "SMTP_PASSWORD": SMTP_PASSWORD,
            "SMTP_CA_FILE": str(self.ca_file),
            "ALERT_EMAIL_TO": "finance@example.com, data@example.com",
        }

    def stop(self) -> None:
        self._controller.stop()


def free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _certificate(cert_file: Path, key_file: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert_file, key_file)
    return context
