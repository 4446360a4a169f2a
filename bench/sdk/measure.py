"""Runs a command with files as standard input and output and prints what it used: `measure.py STDIN STDOUT COMMAND ARGUMENT…`"""

import json
import resource
import subprocess
import sys
import time

source, sink, *command = sys.argv[1:]
started = time.perf_counter()
with open(source, "rb") as stdin, open(sink, "wb") as stdout:
    done = subprocess.run(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False)
wall = time.perf_counter() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "code": done.returncode,
            "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "wallSeconds": wall,
            "maxRssMegabytes": usage.ru_maxrss / 1024,
            "lastLine": done.stderr.decode(errors="replace").strip().splitlines()[-1:],
        }
    )
)
