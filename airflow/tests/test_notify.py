"""Alerts, against a web server and a mail server that are really there."""

from __future__ import annotations

import asyncio
import email
import json
import logging
import socket
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from coretelecoms_airflow.notify import Alert, notify_deadline, notify_failure, send
from coretelecoms_airflow.settings import Policy

ALERT = Alert(
    text="ingest_daily call_logs.extract of 2025-11-20 failed: access was denied",
    dag_id="ingest_daily",
    run_id="backfill__2025-11-20",
    task_id="call_logs.extract",
    partition="2025-11-20",
    error="access was denied <b>",
)


class Webhook:
    """A web server that keeps what is posted to it."""

    def __init__(self, status: int) -> None:
        self.posts: list[dict[str, Any]] = []
        posts = self.posts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                posts.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/services/secret-path"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def webhook(request: pytest.FixtureRequest) -> Iterator[Webhook]:
    hook = Webhook(getattr(request, "param", 200))
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


def free_port() -> int:
    """A port that nobody listens on: the mail server cannot be told to choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "airflow@coretelecoms.example", "retry_limit": 1}
    connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
    yield box
    controller.stop()


def test_a_webhook_gets_the_alert_as_json(webhook: Webhook) -> None:
    send(ALERT, Policy(alert_webhook=webhook.address))
    assert len(webhook.posts) == 1
    assert webhook.posts[0]["text"] == ALERT.text
    assert webhook.posts[0]["partition"] == "2025-11-20"


def test_a_mail_goes_to_every_recipient_with_markup_made_harmless(mailbox: Mailbox) -> None:
    send(ALERT, Policy(alert_email="day@coretelecoms.example, night@coretelecoms.example"))
    assert len(mailbox.mails) == 1
    mail = mailbox.mails[0]
    assert "day@coretelecoms.example" in str(mail["To"])
    assert "night@coretelecoms.example" in str(mail["To"])
    assert "call_logs.extract of 2025-11-20 failed" in str(mail["Subject"]).replace("\n", "")
    parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    text = b"".join(part for part in parts if isinstance(part, bytes))
    assert b"access was denied &lt;b&gt;" in text


@pytest.mark.parametrize("webhook", [500], indirect=True)
def test_a_webhook_that_fails_is_logged_without_its_address_and_stops_nothing(
    webhook: Webhook, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        send(ALERT, Policy(alert_webhook=webhook.address, alert_email="day@coretelecoms.example"))
    assert "the alert by webhook was not sent: HTTP 500" in caplog.text
    assert "secret-path" not in caplog.text
    assert len(mailbox.mails) == 1


def test_a_webhook_that_is_not_there_is_logged_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    send(ALERT, Policy(alert_webhook="http://127.0.0.1:9/services/secret-path"))
    assert "the alert by webhook was not sent: ConnectError" in caplog.text
    assert "secret-path" not in caplog.text


def test_nothing_configured_is_said_and_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        send(ALERT, Policy())
    assert "no alert is sent" in caplog.text


class FailedTask:
    """What the call-back sees of a task."""

    dag_id = "ingest_daily"
    task_id = "call_logs.extract"
    run_id = "backfill__2025-11-20"
    try_number = 4
    log_url = "http://localhost:8080/log"


class Run:
    """What the call-back sees of a run."""

    partition_key = "2025-11-20"


def test_a_failed_task_is_told_by_its_dataset_its_day_and_what_the_step_said(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CX_AIRFLOW_ALERT_WEBHOOK", webhook.address)
    notify_failure({"ti": FailedTask(), "dag_run": Run(), "exception": RuntimeError("access was denied")})
    assert webhook.posts[0]["text"] == "ingest_daily call_logs.extract of 2025-11-20 failed: access was denied"
    assert webhook.posts[0]["log_url"] == FailedTask.log_url


def test_a_run_that_takes_too_long_is_told_by_its_day(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_AIRFLOW_ALERT_WEBHOOK", webhook.address)
    monkeypatch.setenv("CX_AIRFLOW_RUN_DEADLINE_MINUTES", "90")
    run = {"dag_id": "ingest_daily", "dag_run_id": "scheduled__1", "partition_key": "2025-11-20"}
    asyncio.run(notify_deadline({"dag_run": run}))
    assert webhook.posts[0]["text"] == "ingest_daily of 2025-11-20 is not done after 90 minutes: scheduled__1"
