"""What the DAGs of the CoreTelecoms CX Platform are made of: datasets, steps, runners and alerts."""
