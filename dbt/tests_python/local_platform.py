"""The platform on this machine for a test: local sevDesk, ECB and Snowflake in processes of their own, the real taps, target and dbt."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import snowflake.connector

ROOT = Path(__file__).parents[2]
DBT = ROOT / "dbt"
BIN = ROOT / "node_modules" / ".bin"
TOKEN = "0123456789abcdef0123456789abcdef"
DEADLINE_SECONDS = 1200
STREAMS = {"invoices", "contacts", "contact_addresses", "static_countries", "credit_notes", "orders", "exchange_rates"}


class Server:
    """A server process; `port` is known once it said that it is ready."""

    def __init__(self, command: list[str], **env: str) -> None:
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for line in self.process.stdout:
            if match := re.search(r"ready on (http://127\.0\.0\.1:(\d+)\S*)", line):
                self.url, self.port = match[1], int(match[2])
                return
        raise RuntimeError(f"{command[0]} ended with {self.process.wait()} before it was ready")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.process.stdout.close()


class DbtResult:
    """A run of dbt: whether it succeeded, what it said, and its results by node name."""

    def __init__(self, code: int, output: str, results: dict[str, dict]) -> None:
        self.code, self.output, self.results = code, output, results

    def status(self, name: str) -> str:
        return next(result["status"] for node, result in self.results.items() if node.split(".")[2].startswith(name))


class LocalPlatform:
    """`today` is the company's last day and that of the rates: figures do not depend on the machine's calendar."""

    def __init__(self, folder: Path, invoices: int, seed: int = 1, today: str = "2026-10-30") -> None:
        self.folder, self.seed, self.today = folder, seed, today
        self._servers: list[Server] = []
        try:
            self._start_servers(invoices)
        except BaseException:
            self.stop()
            raise

    def _start_servers(self, invoices: int) -> None:
        company = ["--invoices", str(invoices), "--seed", str(self.seed), "--today", self.today]
        self.sevdesk = self._start(["node", "local/sevdesk/dist/main.js", "--port", "0", *company])
        self.ecb = self._start(["node", "local/ecb/dist/main.js", "--port", "0", "--until", self.today])
        python = str(ROOT / ".venvs" / "local-snowflake" / "bin" / "python")
        self.snowflake = self._start(
            [python, "-m", "local_snowflake", "--port", "0", "--data", str(self.folder / "snowflake")],
            PYTHONPATH=str(ROOT / "local" / "snowflake"),
            SNOWFLAKE_DISABLE_PLATFORM_DETECTION="true",
        )
        self.connection = snowflake.connector.connect(
            account="local",
            user="local",
            password="local",
            host="127.0.0.1",
            port=self.snowflake.port,
            protocol="http",
            insecure_mode=True,
        )
        self.query("create database if not exists SEVDESK")
        self.query("create schema if not exists SEVDESK.RAW")

    def _start(self, command: list[str], **env: str) -> Server:
        self._servers.append(Server(command, **env))
        return self._servers[-1]

    def stop(self) -> None:
        """Ends the servers; a sign-out of the warehouse is not waited for."""
        for server in self._servers:
            server.stop()

    def query(self, sql: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            return cursor.execute(sql).fetchall()

    def dump(self, model: str) -> list[dict]:
        """All records of one kind as the local sevDesk holds them."""
        with urllib.request.urlopen(self.sevdesk.url.removesuffix("/api/v1") + f"/_local/dump/{model}") as answer:
            return json.load(answer)["objects"]

    def published_rates(self) -> str:
        """The ECB's history file as the local ECB serves it."""
        with urllib.request.urlopen(f"{self.ecb.url}/stats/eurofxref/eurofxref-hist.csv") as answer:
            return answer.read().decode()

    def edit(self, *edits: dict) -> list[str]:
        """Changes records at the source."""
        url = self.sevdesk.url.removesuffix("/api/v1") + "/_local/edit"
        request = urllib.request.Request(
            url, json.dumps({"edits": edits}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["ids"]

    def extract_and_load(self) -> None:
        """Both taps into RAW, as `meltano run` would, with their state kept."""
        target = {
            "account": "local",
            "user": "local",
            "password": "local",
            "warehouse": "LOCAL",
            "host": "127.0.0.1",
            "port": self.snowflake.port,
            "protocol": "http",
            "database": "SEVDESK",
            "default_target_schema": "RAW",
        }
        # `lag_seconds` 0 and a full pass each time: what was just changed or deleted must arrive now.
        sevdesk = {"api_key": TOKEN, "api_url": self.sevdesk.url, "lag_seconds": 0, "full_sync_every_hours": 0}
        self._pipe("tap-sevdesk", sevdesk, target)
        self._pipe("tap-ecb", {"api_url": self.ecb.url}, target)

    def _pipe(self, tap: str, config: dict, target: dict) -> None:
        state = self.folder / f"{tap}.state.json"
        messages = self.folder / f"{tap}.singer"
        arguments = [
            "--config",
            self._json(f"{tap}.json", config),
            *(["--state", str(state)] if state.exists() else []),
        ]
        self._run([str(BIN / tap), *arguments], stdout=messages)
        self._run(
            [str(BIN / "target-snowflake-ts"), "--config", self._json("target.json", target), "--input", str(messages)],
            stdout=self.folder / "states",
        )
        state.write_text((self.folder / "states").read_text().strip().splitlines()[-1])

    def _catalog(self, tap: str) -> str:
        """The tap's catalog with the streams that the models read selected, and no others."""
        path = self.folder / f"{tap}.catalog.json"
        if not path.exists():
            self._run([str(BIN / tap), "--discover"], stdout=path)
            catalog = json.loads(path.read_text())
            for stream in catalog["streams"]:
                own = next(entry for entry in stream["metadata"] if entry["breadcrumb"] == [])
                own["metadata"]["selected"] = stream["stream"] in STREAMS
            path.write_text(json.dumps(catalog))
        return str(path)

    def _json(self, name: str, value: dict) -> str:
        path = self.folder / name
        path.write_text(json.dumps(value))
        return str(path)

    @staticmethod
    def _run(command: list[str], stdout: Path) -> None:
        with stdout.open("w") as output:
            done = subprocess.run(
                command, check=False, stdout=output, stderr=subprocess.PIPE, text=True, timeout=DEADLINE_SECONDS
            )
        assert done.returncode == 0, f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr[-2000:]}"

    def dbt(self, *arguments: str, project: Path = DBT, target: str = "local", **env: str) -> DbtResult:
        artifacts = self.folder / "dbt"
        (artifacts / "run_results.json").unlink(missing_ok=True)
        command = [
            str(ROOT / ".venvs" / "dbt" / "bin" / "dbt"),
            *arguments,
            "--project-dir",
            str(project),
            "--profiles-dir",
            str(DBT),
        ]
        command += ["--target", target, "--target-path", str(artifacts), "--log-path", str(artifacts)]
        settings = {
            "LOCAL_SNOWFLAKE_PORT": str(self.snowflake.port),
            "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(
            command,
            check=False,
            env={**os.environ, **settings, **env},
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
        )
        path = artifacts / "run_results.json"
        results = (
            {result["unique_id"]: result for result in json.loads(path.read_text())["results"]} if path.exists() else {}
        )
        return DbtResult(done.returncode, done.stdout + done.stderr, results)
