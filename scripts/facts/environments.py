"""A virtual environment for each version of a package, made once and kept."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv

from questions import version_key

NO_INSTALL = "does not install"
PROBE = pathlib.Path(__file__).resolve().parent / "probe.py"


@dataclasses.dataclass
class Environment:
    python: pathlib.Path
    failure: str | None = None


def released(package):
    """Versions that the registry has for this Python."""
    command = [sys.executable, "-m", "pip", "index", "versions", package]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    listed = re.search(r"Available versions: (.*)", output)
    if listed is None:
        sys.exit(f"the registry lists no versions of {package}")
    return listed.group(1).split(", ")


def requirements(package, version, builds):
    extras = ",".join(builds.get("extras", []))
    listed = [f"{package}[{extras}]=={version}" if extras else f"{package}=={version}", *builds.get("with", [])]
    for spec in builds.get("needs", []):
        if version_key(version) < version_key(spec["until"]):
            listed += spec["with"]
    return listed


def installer(python):
    """The command that installs into the environment of `python`: uv where it is there, for it takes a tenth of the time."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", str(python)]
    # Compiling everything would take longer than what is run.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--prefer-binary"]
    return [*pip, "--no-compile"]


def prepare(package, version, builds, cache):
    """The environment of a version, made where it is not there yet."""
    wanted = requirements(package, version, builds)
    folder = cache / f"{package}-{version}-py{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin/python"
    mark = folder / "installed.txt"
    if mark.is_file() and mark.read_text() == "\n".join(wanted):
        return Environment(python)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder)
    done = subprocess.run([*installer(python), *wanted], capture_output=True, text=True)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return Environment(python, f"{NO_INSTALL} on Python {sys.version_info.major}.{sys.version_info.minor}: {said[-1]}")
    mark.write_text("\n".join(wanted))
    return Environment(python)


def ask(environment, questions, builds):
    """Answers of the probe in `environment`, in order; text where it broke down."""
    with tempfile.TemporaryDirectory() as home:
        # Nothing of the user's: no keys, no regions, no profiles, no proxies.
        variables = {"PATH": os.environ.get("PATH", ""), "HOME": home, "PYTHONWARNINGS": "ignore"}
        # An empty folder of CA certificates: loading them for each client would take most of the time.
        variables["SSL_CERT_DIR"] = home
        variables |= builds.get("variables", {})
        answers = pathlib.Path(home) / "answers.json"
        command = [str(environment.python), str(PROBE), str(answers)]
        asked = json.dumps({"questions": questions, "builds": builds})
        try:
            done = subprocess.run(
                command, input=asked, capture_output=True, text=True, timeout=300, env=variables, cwd=home
            )
        except subprocess.TimeoutExpired:
            return "the probe took longer than 5 minutes"
        if not answers.is_file():
            return f"the probe failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}"
        return json.loads(answers.read_text())
