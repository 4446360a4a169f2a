"""E-mail by SMTP, encrypted."""

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from orchestration.alerting.channel import ChannelError
from orchestration.setting import SettingError, text, whole_number, words

TIMEOUT_SECONDS = 20
SIGN_IN_REFUSED = {530, 534, 535}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class EmailChannel:
    """Sends to a list of addresses. Nothing is sent before the connection is encrypted and the server's certificate
    is checked, except to a relay on this machine with `tls="none"`."""

    def __init__(
        self,
        *,
        name: str = "email",
        host: str,
        sender: str,
        recipients: list[str],
        port: int = 0,
        tls: str = "starttls",
        user: str = "",
        password: str = "",
        ca_file: str = "",
    ) -> None:
        if tls not in DEFAULT_PORTS:
            raise SettingError("SMTP_TLS must be starttls, tls or none")
        if tls == "none" and host not in LOOPBACK:
            raise SettingError("SMTP_TLS=none is for a mail relay on this machine only; use starttls or tls")
        if not recipients or any("@" not in address for address in [sender, *recipients]):
            raise SettingError("e-mail alerts need addresses in ALERT_EMAIL_TO and SMTP_FROM")
        self.name = name
        self._host, self._port, self._tls = host, port or DEFAULT_PORTS[tls], tls
        self._user, self._password = user, password
        self._sender, self._recipients = sender, recipients
        self._ca_file = ca_file or None

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "EmailChannel | None":
        """Reads SMTP_HOST, SMTP_PORT, SMTP_TLS, SMTP_USER, SMTP_PASSWORD, SMTP_FROM, SMTP_CA_FILE and ALERT_EMAIL_TO.
        None when SMTP_HOST is not set."""
        return cls._from_env("email", "ALERT_EMAIL_TO", env) if text("SMTP_HOST", env=env) else None

    @classmethod
    def escalation_from_env(cls, env: Mapping[str, str] | None = None) -> "EmailChannel | None":
        """The same mail server with the recipients of ALERT_ESCALATION_EMAIL_TO, who are told what nobody fixes. None
        when SMTP_HOST or these are not set."""
        known = text("SMTP_HOST", env=env) and words("ALERT_ESCALATION_EMAIL_TO", env=env)
        return cls._from_env("email_escalation", "ALERT_ESCALATION_EMAIL_TO", env) if known else None

    @classmethod
    def _from_env(cls, name: str, recipients_setting: str, env: Mapping[str, str] | None) -> "EmailChannel":
        recipients = words(recipients_setting, env=env)
        user = text("SMTP_USER", env=env)
        return cls(
            name=name,
            host=text("SMTP_HOST", env=env),
            port=whole_number("SMTP_PORT", 0, maximum=65535, env=env),
            tls=text("SMTP_TLS", "starttls", env=env).lower(),
            user=user,
            password=text("SMTP_PASSWORD", env=env),
            sender=text("SMTP_FROM", user or (recipients[0] if recipients else ""), env=env),
            recipients=recipients,
            ca_file=text("SMTP_CA_FILE", env=env),
        )

    def send(self, headline: str, body: str) -> None:
        message = EmailMessage()
        message["Subject"] = headline
        message["From"] = self._sender
        message["To"] = ", ".join(self._recipients)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        # Tells mail systems not to answer it with "out of office".
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body + "\n")
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                refused = server.send_message(message)
        except smtplib.SMTPResponseException as error:
            # The server's text is left out: it may quote what was sent.
            advice = "; check SMTP_USER and SMTP_PASSWORD" if error.smtp_code in SIGN_IN_REFUSED else ""
            raise ChannelError(f"the mail server answered {error.smtp_code}{advice}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(f"the mail server could not be reached ({type(error).__name__})") from None
        if refused:
            raise ChannelError(
                f"the mail server refused {len(refused)} of {len(self._recipients)} recipients; check ALERT_EMAIL_TO"
            )

    def _connect(self) -> smtplib.SMTP:
        if self._tls == "none":
            return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        context = ssl.create_default_context(cafile=self._ca_file)
        if self._tls == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server
