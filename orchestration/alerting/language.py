"""What alerts say, in English and German."""

from dataclasses import dataclass
from typing import Literal

from orchestration.alerting.cause import Cause

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")


@dataclass(frozen=True)
class CauseText:
    """How a cause is told.

    :ivar title: what is wrong, with the place where the name of what it concerns stands
    :ivar who: who is to act
    :ivar advice: what to do
    """

    title: str
    who: str
    advice: str


_DATA_EN, _DATA_DE = "the data engineer", "Data Engineering"
_NOBODY_EN, _NOBODY_DE = "no action needed yet", "vorerst nichts"

CAUSES: dict[Language, dict[Cause, CauseText]] = {
    "en": {
        Cause.SIGN_IN_REFUSED: CauseText(
            "{subject} refuses the sign-in",
            _DATA_EN,
            "Set a new API key or key pair in .env and restart the services. Retrying will not fix it.",
        ),
        Cause.CONFIGURATION: CauseText(
            "A setting is wrong: {subject}",
            _DATA_EN,
            "Correct the setting that the message names and restart the services.",
        ),
        Cause.UNREACHABLE: CauseText(
            "{subject} cannot be reached",
            _NOBODY_EN,
            "The next run retries. If it persists, check the service's status page.",
        ),
        Cause.BAD_ANSWER: CauseText(
            "Unexpected response: {subject}",
            _DATA_EN,
            "Read the message. If the source changed its format, update the tap.",
        ),
        Cause.RECORD_REFUSED: CauseText(
            "A record cannot be loaded: {subject}",
            _DATA_EN,
            "Correct the record in the source, or set on_invalid_record to quarantine and restart the services. "
            "Nothing of its batch was loaded.",
        ),
        Cause.DATA_TEST: CauseText(
            "A data test failed: {subject}",
            "finance and the data engineer",
            "Open the run and look at the failed test. The dashboard keeps its last good figures.",
        ),
        Cause.MODEL_ERROR: CauseText(
            "A table cannot be built: {subject}",
            _DATA_EN,
            "Open the run and read the model's error. If a deploy came before it, roll back. "
            "The dashboard keeps its last good figures.",
        ),
        Cause.LOCKED: CauseText(
            "Another run is in progress: {subject}",
            _NOBODY_EN,
            "Wait for it to finish, or find out who started Meltano by hand.",
        ),
        Cause.BROKE_OFF: CauseText(
            "The run was interrupted: {subject}",
            _DATA_EN,
            "Nothing if the next run succeeds. If it happens again, check the machine's memory and system log.",
        ),
        Cause.OUTDATED: CauseText(
            "{subject} shows outdated figures",
            _DATA_EN,
            "Check whether runs are failing or not starting. If a run failed, its alert says why.",
        ),
        Cause.NOTHING_RUNS: CauseText(
            "Nothing can run: {subject}",
            _DATA_EN,
            "Check the services' logs. After a deploy, roll back: deploy/install.sh --rollback.",
        ),
        Cause.OTHER: CauseText("Failed: {subject}", _DATA_EN, "Read the run's log. The next scheduled run retries."),
    },
    "de": {
        Cause.SIGN_IN_REFUSED: CauseText(
            "{subject} lehnt die Anmeldung ab",
            _DATA_DE,
            "Einen neuen API-Schlüssel oder ein neues Schlüsselpaar in .env eintragen und die Dienste neu starten. "
            "Wiederholen hilft nicht.",
        ),
        Cause.CONFIGURATION: CauseText(
            "Falsche Einstellung: {subject}",
            _DATA_DE,
            "Die genannte Einstellung berichtigen und die Dienste neu starten.",
        ),
        Cause.UNREACHABLE: CauseText(
            "{subject} ist nicht erreichbar",
            _NOBODY_DE,
            "Der nächste Lauf versucht es erneut. Hält es an, die Statusseite des Dienstes ansehen.",
        ),
        Cause.BAD_ANSWER: CauseText(
            "Unerwartete Antwort: {subject}",
            _DATA_DE,
            "Die Meldung ansehen. Hat die Quelle ihr Format geändert, muss der Tap angepasst werden.",
        ),
        Cause.RECORD_REFUSED: CauseText(
            "Ein Datensatz lässt sich nicht laden: {subject}",
            _DATA_DE,
            "Den Datensatz in der Quelle berichtigen oder on_invalid_record auf quarantine stellen und die Dienste neu "
            "starten. Aus demselben Stapel wurde nichts geladen.",
        ),
        Cause.DATA_TEST: CauseText(
            "Datenprüfung fehlgeschlagen: {subject}",
            "Finanzen und Data Engineering",
            "Den Lauf öffnen und die Prüfung ansehen. Das Dashboard zeigt weiterhin die letzten guten Zahlen.",
        ),
        Cause.MODEL_ERROR: CauseText(
            "Eine Tabelle lässt sich nicht erstellen: {subject}",
            _DATA_DE,
            "Den Lauf öffnen und den Fehler des Modells ansehen. Ging ein Deployment voraus, zurückrollen. "
            "Das Dashboard zeigt weiterhin die letzten guten Zahlen.",
        ),
        Cause.LOCKED: CauseText(
            "Ein anderer Lauf ist aktiv: {subject}", _NOBODY_DE, "Abwarten oder klären, wer Meltano von Hand startet."
        ),
        Cause.BROKE_OFF: CauseText(
            "Der Lauf ist abgebrochen: {subject}",
            _DATA_DE,
            "Nichts, wenn der nächste Lauf gelingt. Kommt es wieder vor, Arbeitsspeicher und Protokoll des Rechners "
            "prüfen.",
        ),
        Cause.OUTDATED: CauseText(
            "{subject} zeigt veraltete Zahlen",
            _DATA_DE,
            "Prüfen, ob Läufe fehlschlagen oder gar nicht starten. "
            "Den Grund nennt die Meldung zum fehlgeschlagenen Lauf.",
        ),
        Cause.NOTHING_RUNS: CauseText(
            "Es kann kein Lauf starten: {subject}",
            _DATA_DE,
            "Die Protokolle der Dienste prüfen. Nach einem Deployment zurückrollen: deploy/install.sh --rollback.",
        ),
        Cause.OTHER: CauseText(
            "Fehlgeschlagen: {subject}",
            _DATA_DE,
            "Das Protokoll des Laufs ansehen. Der nächste geplante Lauf versucht es erneut.",
        ),
    },
}

PHRASES: dict[Language, dict[str, str]] = {
    "en": {
        "more": " and {count} more",
        "concerns": "Concerns: {assets}",
        "since": "Since: {time}",
        "age_unknown": "Data age unknown.",
        "age": "The dashboard shows data as of {time} ({age} old).",
        "action": "What to do ({who}): {advice}",
        "action_of_anyone": "What to do: {advice}",
        "link": "Details: {link}",
        "runbook": "Runbook: {link}",
        "retrying": "{what} (retrying)",
        "retry_in": "Retrying the step in {wait} (retry {number}).",
        "retry": "Retrying the step (retry {number}).",
        "run_retry": "A new run resumes where this one stopped.",
        "wait": "Nothing yet. You will get another message when it succeeds or fails for good.",
        "solved": "Resolved after {age}: {what}",
        "solved_what": "It lasted from {since} to {end}.",
        "still": "Not resolved after {age}: {what}",
        "escalated": "Still not resolved after {age}: {what}",
        "soft": "Revenue is still computed, with the latest rates available.",
        "outdated": "The figures are {age} old; the limit is {limit}.",
        "dashboard": "The revenue dashboard",
        "platform": "sevDesk data platform",
        "unknown_error": "No error message was recorded.",
        "digest": "{count} alerts, the latest: {title}",
        "digest_earlier": "({count} earlier ones omitted)",
        "digest_last": "The latest in full: {title}",
        "days": "{days} d {hours} h",
        "hours": "{hours} h {minutes} min",
        "minutes": "{minutes} min",
        "moments": "less than a minute",
    },
    "de": {
        "more": " und {count} weitere",
        "concerns": "Betrifft: {assets}",
        "since": "Seit: {time}",
        "age_unknown": "Datenstand unbekannt.",
        "age": "Das Dashboard zeigt den Stand vom {time} ({age} alt).",
        "action": "Zu tun ({who}): {advice}",
        "action_of_anyone": "Zu tun: {advice}",
        "link": "Details: {link}",
        "runbook": "Anleitung: {link}",
        "retrying": "{what} (wird wiederholt)",
        "retry_in": "Der Schritt wird in {wait} wiederholt ({number}. Wiederholung).",
        "retry": "Der Schritt wird wiederholt ({number}. Wiederholung).",
        "run_retry": "Ein neuer Lauf macht dort weiter, wo dieser aufgehört hat.",
        "wait": "Noch nichts. Es folgt eine Meldung, sobald der Schritt gelingt oder endgültig fehlschlägt.",
        "solved": "Behoben nach {age}: {what}",
        "solved_what": "Die Störung dauerte vom {since} bis zum {end}.",
        "still": "Nach {age} nicht behoben: {what}",
        "escalated": "Nach {age} immer noch nicht behoben: {what}",
        "soft": "Die Umsätze werden weiter berechnet, mit den neuesten vorhandenen Kursen.",
        "outdated": "Die Zahlen sind {age} alt; erlaubt sind {limit}.",
        "dashboard": "Das Umsatz-Dashboard",
        "platform": "sevDesk-Datenplattform",
        "unknown_error": "Es liegt keine Meldung vor.",
        "digest": "{count} Meldungen, zuletzt: {title}",
        "digest_earlier": "({count} frühere ausgelassen)",
        "digest_last": "Die letzte Meldung im Wortlaut: {title}",
        "days": "{days} T {hours} Std",
        "hours": "{hours} Std {minutes} Min",
        "minutes": "{minutes} Min",
        "moments": "weniger als 1 Min",
    },
}


def phrase(language: Language, name: str, **values: object) -> str:
    """A phrase with its values put in."""
    return PHRASES[language][name].format(**values)


def cause_text(language: Language, cause: Cause) -> CauseText:
    return CAUSES[language][cause]
