"""Runs MiniStack in the foreground; it is configured by its own environment variables."""

from ministack import app

from local_aws import encryption_keys, missing_keys, parameter_paths

missing_keys.install(app)
encryption_keys.install(app)
parameter_paths.install()
app.main()
