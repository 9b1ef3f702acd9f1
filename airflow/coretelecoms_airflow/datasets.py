"""The datasets that are ingested, and what Airflow knows of each."""

from __future__ import annotations

from dataclasses import dataclass

from airflow.sdk import Asset


@dataclass(frozen=True)
class Dataset:
    """One dataset: who lands it and which pool its source is read under."""

    name: str
    extractor: str
    pool: str

    @property
    def asset(self) -> Asset:
        """Its table in the warehouse; an event says that a partition was loaded."""
        return Asset(name=f"warehouse_{self.name}", uri=f"snowflake://coretelecoms/raw/{self.name}")


#: Delivered once a day; a day that is late is waited for.
DAILY = (
    Dataset("call_logs", extractor="extract-s3", pool="source_objects"),
    Dataset("social_media", extractor="extract-s3", pool="source_objects"),
    Dataset("web_forms", extractor="extract-postgres", pool="source_database"),
)

#: Snapshots that are asked for every day and seldom change; an unchanged one publishes nothing.
STATIC = (
    Dataset("customers", extractor="extract-s3", pool="source_objects"),
    Dataset("agents", extractor="extract-sheets", pool="source_objects"),
)
