"""Three ways to run a step, alike to the DAGs: as a process, as a container, as a pod."""
