"""Runs a command and tells what it used, the same way for every program: `measure.py COMMAND ARGUMENT…`

Reads the command's standard output, counts the RECORD messages in it, and prints one line of JSON.
"""

import json
import resource
import subprocess
import sys
import time

BLOCK = 1 << 20
RECORD = b'{"type":"RECORD"'

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
records = 0
tail = b""
assert process.stdout is not None
# Standard error is a few lines; it fits the pipe.
while block := process.stdout.read1(BLOCK):
    records += (tail + block).count(RECORD)
    # A mark that is cut by the end of a block is found with the next; a whole one must not be counted again.
    tail = block[-(len(RECORD) - 1) :]
code = process.wait()
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
assert process.stderr is not None
print(
    json.dumps(
        {
            "code": code,
            "records": records,
            "cpuSeconds": usage.ru_utime + usage.ru_stime,
            "wallSeconds": time.perf_counter() - started,
            "maxRssMegabytes": usage.ru_maxrss / 1024,
            "lastLine": process.stderr.read().decode(errors="replace").strip().splitlines()[-1:],
        }
    )
)
