"""The example for Kubernetes: what Dagster makes of the chart's values, as far as it can be known without a cluster."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster._config import process_config
from dagster_k8s import K8sRunLauncher
from dagster_k8s.job import DagsterK8sJobConfig, UserDefinedDagsterK8sConfig, construct_dagster_k8s_job
from dagster_k8s.models import k8s_model_from_dict as k8s_model
from dagster_k8s.models import k8s_snake_case_dict
from kubernetes.client import ApiClient, V1Deployment, V1PersistentVolumeClaim, V1Service

from orchestration.dbt_project import DBT
from orchestration.paths import REPOSITORY

VALUES: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy/kubernetes/values.yaml").read_text())
INSTANCE: dict[str, Any] = yaml.safe_load((REPOSITORY / "orchestration/dagster.yaml").read_text())
MODELS = {"Deployment": V1Deployment, "PersistentVolumeClaim": V1PersistentVolumeClaim, "Service": V1Service}
DOCKERFILE = (REPOSITORY / "deploy/Dockerfile").read_text()
HOME = VALUES["global"]["dagsterHome"]
LAUNCHER = VALUES["runLauncher"]["config"]["k8sRunLauncher"]
DEPLOYMENT = VALUES["dagster-user-deployments"]["deployments"][0]
CLAIM: dict[str, Any] = yaml.safe_load((REPOSITORY / "deploy/kubernetes/volume.yaml").read_text())
LISTENER: dict[str, Any] = next(yaml.safe_load_all((REPOSITORY / "deploy/kubernetes/webhook.yaml").read_text()))


def image_env() -> dict[str, str]:
    """What the image's last stage sets."""
    setting = r"^(?:ENV )?\s*([A-Z_]+)=(\S+?)(?: \\)?$"
    return dict(re.findall(setting, DOCKERFILE.rpartition("FROM ")[2], re.MULTILINE))


def run_job() -> dict[str, Any]:
    """The Kubernetes job of a run, by the functions that the launcher calls."""
    run_config = {snake(name): value for name, value in LAUNCHER["runK8sConfig"].items()}
    config = DagsterK8sJobConfig(
        job_image=f"{DEPLOYMENT['image']['repository']}:{DEPLOYMENT['image']['tag']}",
        dagster_home=HOME,
        instance_config_map="instance",
        postgres_password_secret="postgres",
    )
    # What a deployment has, its runs have, too: `includeConfigInLaunchedRuns`.
    assert DEPLOYMENT["includeConfigInLaunchedRuns"]["enabled"]
    container = {
        "env": DEPLOYMENT["env"],
        "env_from": [{"secret_ref": secret} for secret in DEPLOYMENT["envSecrets"]],
        "volume_mounts": DEPLOYMENT["volumeMounts"],
    }
    pod = {**run_config["pod_spec_config"], "volumes": DEPLOYMENT["volumes"]}
    user_defined = UserDefinedDagsterK8sConfig.from_dict(
        {**run_config, "container_config": container, "pod_spec_config": pod}
    )
    job = construct_dagster_k8s_job(
        config,
        ["dagster", "api", "execute_run", "{}"],
        "run",
        user_defined_k8s_config=user_defined,
    )
    return job.to_dict()


def snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def test_the_instance_is_the_one_that_is_tested_elsewhere() -> None:
    """The chart writes dagster.yaml from its values; ours says the same on other hosts."""
    daemon = VALUES["dagsterDaemon"]
    pools = {snake(name): value for name, value in VALUES["concurrency"]["pools"].items()}
    assert VALUES["concurrency"]["enabled"]
    assert pools == INSTANCE["concurrency"]["pools"]
    assert {snake(name): value for name, value in daemon["runRetries"].items()} == INSTANCE["run_retries"]
    watched = {snake(name): value for name, value in daemon["runMonitoring"].items()}
    assert watched.keys() == {*INSTANCE["run_monitoring"], "cancel_timeout_seconds"}
    assert watched["max_runtime_seconds"] == INSTANCE["run_monitoring"]["max_runtime_seconds"]
    # While a pod may still commit, no other run begins.
    assert (
        watched["cancel_timeout_seconds"] > LAUNCHER["runK8sConfig"]["podSpecConfig"]["terminationGracePeriodSeconds"]
    )
    assert VALUES["telemetry"] == INSTANCE["telemetry"]
    kept = {kind: VALUES["retention"][kind]["purgeAfterDays"] for kind in INSTANCE["retention"]}
    assert kept == {kind: ticks["purge_after_days"] for kind, ticks in INSTANCE["retention"].items()}
    assert VALUES["retention"]["enabled"]


def test_the_launcher_takes_what_it_is_given() -> None:
    run_config = {snake(name): value for name, value in LAUNCHER["runK8sConfig"].items()}
    config = {
        "dagster_home": HOME,
        "instance_config_map": "instance",
        "service_account_name": "dagster",
        "image_pull_policy": LAUNCHER["imagePullPolicy"],
        "security_context": LAUNCHER["securityContext"],
        "run_k8s_config": run_config,
    }
    result = process_config(K8sRunLauncher.config_type(), config)
    assert result.success, result.errors


def test_a_run_is_a_pod_of_our_user_with_its_files_on_the_volume() -> None:
    pod = run_job()["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["security_context"]["run_as_user"] == int(re.search(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[1])
    assert pod["termination_grace_period_seconds"] == 180
    mounts = {mount["mount_path"]: mount["name"] for mount in container["volume_mounts"]}
    claim = {volume["name"]: volume.get("persistent_volume_claim") for volume in pod["volumes"]}
    kept = next(folder for folder in mounts if HOME.startswith(f"{folder}/"))
    assert claim[mounts[kept]]
    env = {one["name"]: one["value"] for one in container["env"]}
    assert env["DAGSTER_HOME"] == HOME
    assert image_env()["MELTANO_SYS_DIR_ROOT"].startswith(f"{kept}/")
    # The image has no driver for a bucket: the state is on the volume, where the image puts it.
    assert "MELTANO_STATE_BACKEND_URI" not in env
    assert image_env()["MELTANO_STATE_BACKEND_URI"].startswith(f"file://{kept}/")
    assert [secret["secret_ref"]["name"] for secret in container["env_from"]] == ["sevdesk-platform"]


def mounts_claim(pod: dict[str, Any]) -> bool:
    claims = [volume.get("persistentVolumeClaim", {}).get("claimName") for volume in pod["volumes"]]
    return CLAIM["metadata"]["name"] in claims


def test_whoever_opens_the_volume_s_files_is_on_its_node_and_may_write_them() -> None:
    """The alerts' and events' SQLite files use WAL, which needs one kernel; a disk is attached to one node."""
    run = LAUNCHER["runK8sConfig"]
    listener = LISTENER["spec"]["template"]
    users = [
        (DEPLOYMENT["labels"], DEPLOYMENT["affinity"], DEPLOYMENT["podSecurityContext"], DEPLOYMENT),
        (
            run["podTemplateSpecMetadata"]["labels"],
            run["podSpecConfig"]["affinity"],
            run["podSpecConfig"]["securityContext"],
            DEPLOYMENT,
        ),
        (
            listener["metadata"]["labels"],
            listener["spec"]["affinity"],
            listener["spec"]["securityContext"],
            listener["spec"],
        ),
    ]
    assert CLAIM["spec"]["accessModes"] == ["ReadWriteOnce"]
    for labels, affinity, security, pod in users:
        assert mounts_claim(pod)
        [term] = affinity["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        assert term["topologyKey"] == "kubernetes.io/hostname"
        # The first of them finds no other: the scheduler lets it in since it matches itself.
        assert term["labelSelector"]["matchLabels"].items() <= labels.items()
        assert term["labelSelector"]["matchLabels"] == DEPLOYMENT["labels"]
        assert security == DEPLOYMENT["podSecurityContext"]
        assert security["fsGroup"] == security["runAsUser"]
    assert DEPLOYMENT["deploymentStrategy"] == LISTENER["spec"]["strategy"] == {"type": "Recreate"}
    job = run_job()["spec"]["template"]
    assert job["metadata"]["labels"].items() >= DEPLOYMENT["labels"].items()
    assert job["spec"]["affinity"]["pod_affinity"]


def test_the_listener_watches_the_code_location_of_the_values() -> None:
    container = LISTENER["spec"]["template"]["spec"]["containers"][0]
    env = {one["name"]: one["value"] for one in container["env"]}
    [server] = VALUES["dagsterWebserver"]["workspace"]["servers"]
    assert (server["host"], server["port"]) == (DEPLOYMENT["name"], DEPLOYMENT["port"])
    assert env["CODE_LOCATION_ADDRESS"] == f"{server['host']}:{server['port']}"


def test_the_objects_have_fields_that_kubernetes_knows() -> None:
    """The API server only warns of a field that it does not know, and leaves it out."""
    documents = [CLAIM, *yaml.safe_load_all((REPOSITORY / "deploy/kubernetes/webhook.yaml").read_text())]
    for document in documents:
        known = k8s_model(MODELS[document["kind"]], k8s_snake_case_dict(MODELS[document["kind"]], document))
        assert ApiClient().sanitize_for_serialization(known) == document


def test_the_image_finds_dagster_by_its_name_as_the_chart_runs_it() -> None:
    command = run_job()["spec"]["template"]["spec"]["containers"][0]["args"][0]
    first, _, _ = image_env()["PATH"].partition(":")
    assert (REPOSITORY / Path(first).relative_to("/app") / command).exists() or (DBT.parent / command).exists()


@pytest.fixture
def image() -> Iterator[Path]:
    """A folder as /app is in the image, which everybody may read and nobody but its owner may write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("deploy/entrypoint.sh", "orchestration/dagster.yaml"):
            (folder / file).parent.mkdir()
            shutil.copy(REPOSITORY / file, folder / file)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("mounted", [False, True])
def test_the_entry_point_keeps_settings_that_are_mounted_and_writes_them_elsewhere(image: Path, mounted: bool) -> None:
    user = 10_001 if os.geteuid() == 0 else os.geteuid()
    home, settings = image / ".local/dagster", image / ".local/dagster/dagster.yaml"
    home.mkdir(parents=True)
    if mounted:
        settings.write_text("mounted\n")
        settings.chmod(0o444)
    if user != os.geteuid():
        for folder in (home.parent, home):
            os.chown(folder, user, user)
    env = {"PATH": "/usr/bin:/bin", "DAGSTER_HOME": str(home), "MELTANO_SYS_DIR_ROOT": str(image / ".local/meltano")}
    command = ["deploy/entrypoint.sh", "sh", "-c", "echo ran; umask"]
    done = subprocess.run(command, cwd=image, env=env, capture_output=True, text=True, user=user)
    assert (done.stdout, done.stderr, done.returncode) == ("ran\n0077\n", "", 0)
    assert settings.read_text() == ("mounted\n" if mounted else (image / "orchestration/dagster.yaml").read_text())
