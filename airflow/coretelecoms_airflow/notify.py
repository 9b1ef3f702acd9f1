"""Tells people of a task that failed for good and of a run that takes too long: by webhook, by e-mail, by neither."""

from __future__ import annotations

import asyncio
import html
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from coretelecoms_airflow.settings import Policy, read_policy

log = logging.getLogger(__name__)

WEBHOOK_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Alert:
    """What is told. `text` is one sentence, the field that chat webhooks show."""

    text: str
    dag_id: str
    run_id: str
    task_id: str | None = None
    partition: str | None = None
    try_number: int | None = None
    error: str | None = None
    log_url: str | None = None


def notify_failure(context: Mapping[str, Any]) -> None:
    """Call-back of a task that failed and is not tried again."""
    task = context["ti"]
    run = context.get("dag_run")
    partition = getattr(run, "partition_key", None)
    error = str(context.get("exception") or "").strip() or None
    place = f"{task.dag_id} {task.task_id}" + (f" of {partition}" if partition else "")
    alert = Alert(
        text=f"{place} failed: {error or 'its log tells more'}",
        dag_id=task.dag_id,
        run_id=task.run_id,
        task_id=task.task_id,
        partition=partition,
        try_number=task.try_number,
        error=error,
        log_url=getattr(task, "log_url", None),
    )
    send(alert, read_policy())


async def notify_deadline(context: Mapping[str, Any], **_: Any) -> None:
    """
    Call-back of a run that missed its deadline.

    Runs in the triggerer, whose loop must not wait for a server, and gets the run as the REST API shows it.
    """
    run = context["dag_run"]
    partition = run.get("partition_key")
    policy = read_policy()
    place = run["dag_id"] + (f" of {partition}" if partition else "")
    alert = Alert(
        text=f"{place} is not done after {policy.run_deadline_minutes:g} minutes: {run['dag_run_id']}",
        dag_id=run["dag_id"],
        run_id=run["dag_run_id"],
        partition=partition,
    )
    await asyncio.to_thread(send, alert, policy)


def send(alert: Alert, policy: Policy) -> None:
    """Sends an alert wherever it is configured to go. Never raises: an alert must not hide what it tells of."""
    if not policy.alert_webhook and not policy.alert_email:
        log.info("no alert is sent: neither CX_AIRFLOW_ALERT_WEBHOOK nor CX_AIRFLOW_ALERT_EMAIL is set")
    for name, address, way in (
        ("webhook", policy.alert_webhook, post_webhook),
        ("e-mail", policy.alert_email, send_email),
    ):
        if address:
            try:
                way(alert, address)
            except Exception as error:  # noqa: BLE001 - whatever a server or a connection comes up with
                # The address of a webhook is a secret in most chats: the kind of error only.
                log.error("the alert by %s was not sent: %s", name, describe_error(error))


def describe_error(error: Exception) -> str:
    """An error without the address it happened at."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__ if isinstance(error, httpx.HTTPError | httpx.InvalidURL) else str(error)


def post_webhook(alert: Alert, address: str) -> None:
    """Posts an alert as JSON."""
    httpx.post(address, json=asdict(alert), timeout=WEBHOOK_TIMEOUT_SECONDS).raise_for_status()


def send_email(alert: Alert, recipients: str) -> None:
    """Mails an alert through the connection `smtp_default`."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    rows = [
        f"<b>{name}</b>: {html.escape(str(value))}<br>" for name, value in asdict(alert).items() if value is not None
    ]
    with SmtpHook() as server:
        server.send_email_smtp(
            to=[recipient.strip() for recipient in recipients.split(",")],
            subject=f"[CoreTelecoms CX] {alert.text.splitlines()[0][:150]}",
            html_content="".join(rows),
        )
