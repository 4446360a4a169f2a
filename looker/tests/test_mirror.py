"""The mirror that Looker reads: follows this folder commit by commit, and never overwrites what somebody else put there."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "push-mirror.sh"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    source = tmp_path / "source"
    (source / "looker" / "views").mkdir(parents=True)
    shutil.copy(SCRIPT, source / "looker")
    (source / "looker" / "manifest.lkml").write_text('project_name: "one"\n')
    (source / "secret.txt").write_text("not for Looker")
    git(tmp_path, "init", "--quiet", str(source))
    for key, value in (("user.name", "Test"), ("user.email", "test@example.com")):
        git(source, "config", key, value)
    git(source, "add", ".")
    git(source, "commit", "--quiet", "-m", "First")
    git(tmp_path, "init", "--quiet", "--bare", str(tmp_path / "mirror.git"))
    return source, tmp_path / "mirror.git"


def push(source: Path, mirror: Path) -> subprocess.CompletedProcess:
    return subprocess.run([source / "looker" / "push-mirror.sh", str(mirror)], capture_output=True, text=True)


def test_follows_the_folder_and_only_it(repository):
    source, mirror = repository
    assert push(source, mirror).returncode == 0
    assert git(mirror, "ls-tree", "-r", "--name-only", "main").splitlines() == ["manifest.lkml", "push-mirror.sh"]
    assert "nothing changed" in push(source, mirror).stdout
    (source / "looker" / "manifest.lkml").write_text('project_name: "two"\n')
    git(source, "commit", "--quiet", "-am", "Second")
    assert push(source, mirror).returncode == 0
    assert git(mirror, "log", "--format=%s", "main").splitlines() == ["Second", "First"]
    assert git(mirror, "show", "main:manifest.lkml") == 'project_name: "two"'


def test_never_overwrites_what_somebody_else_committed(repository, tmp_path):
    source, mirror = repository
    push(source, mirror)
    git(tmp_path, "clone", "--quiet", str(mirror), str(tmp_path / "clone"))
    (tmp_path / "clone" / "manifest.lkml").write_text('project_name: "theirs"\n')
    git(tmp_path / "clone", "commit", "--quiet", "-am", "Made in Looker")
    git(tmp_path / "clone", "push", "--quiet", "origin", "main")
    (source / "looker" / "manifest.lkml").write_text('project_name: "ours"\n')
    git(source, "commit", "--quiet", "-am", "Ours")
    refused = push(source, mirror)
    assert refused.returncode == 1 and "did not come from here" in refused.stderr
    assert git(mirror, "show", "main:manifest.lkml") == 'project_name: "theirs"'
