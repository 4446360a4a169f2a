"""Running Meltano: what its project says, what its log says, and how a run is ended or cleaned up. No part imports
Dagster."""
