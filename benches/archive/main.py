"""Measures `chime archive`: its time compared with boto3, its memory by the size of the tenant, and kills.

    cargo build --release -p amazon-chime-cli
    python3 -m venv target/venv && target/venv/bin/pip install boto3
    target/venv/bin/python benches/archive/main.py target/release [KILLS]

The embedded Chime delays each response by 5 ms. For kills, the delay is 50 ms, so that the program can be killed at many moments.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Service:
    """An embedded Chime with a tenant, until it is stopped."""

    def __init__(self, binaries, seed, latency):
        command = [os.path.join(binaries, "chime"), "serve", "--port", "0", "--load", seed, "--latency", str(latency)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, **pipes, env=environment, text=True)
        self.environment = dict(os.environ, NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")
        while "AWS_DEFAULT_REGION" not in self.environment or not self.is_told:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("the embedded Chime did not start")
            if line.startswith("export "):
                name, value = line.removeprefix("export ").strip().split("=", 1)
                self.environment[name] = value
            self.is_told = line.startswith("export AWS_DEFAULT_REGION")

    is_told = False

    def stop(self):
        self.process.kill()
        self.process.wait()


def seed(directory, scale):
    path = os.path.join(directory, f"seed-{scale}.jsonl")
    with open(path, "w") as file:
        subprocess.run([sys.executable, os.path.join(HERE, "tenant.py"), str(scale)], stdout=file, check=True)
    return path


def timed(command, environment):
    """Runs a program, and returns its wall time and CPU time in seconds and its peak memory in MiB."""
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def archive(binaries, directory):
    return [os.path.join(binaries, "chime"), "archive", directory]


def rows(directory):
    lines = []
    for name in sorted(os.listdir(directory)):
        if name.endswith(".jsonl"):
            with open(os.path.join(directory, name)) as file:
                lines += [(name, line) for line in file]
    return sorted(lines)


def kills(binaries, scratch, path, count):
    service = Service(binaries, path, 50)
    whole, killed = os.path.join(scratch, "whole"), os.path.join(scratch, "killed")
    seconds, _, _ = timed(archive(binaries, whole), service.environment)
    done = 0
    for _ in range(count):
        process = subprocess.Popen(
            archive(binaries, killed), env=service.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(random.uniform(0.01, 1.5 * seconds / count))
        done += process.poll() is None
        process.kill()
        process.wait()
    timed(archive(binaries, killed), service.environment)
    service.stop()
    same = rows(whole) == rows(killed)
    print(f"{done} kills while it ran, of {count}: {'the same rows' if same else 'NOT THE SAME ROWS'}", flush=True)


def main(binaries, count):
    print("load of the machine:", os.getloadavg(), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        seeds = {scale: seed(scratch, scale) for scale in (0.25, 1, 4)}
        for scale, path in seeds.items():
            service = Service(binaries, path, 5)
            directory = os.path.join(scratch, f"archive-{scale}")
            wall, cpu, memory = timed(archive(binaries, directory), service.environment)
            with open(os.path.join(directory, "manifest.json")) as file:
                total = sum(file["rows"] for file in json.load(file)["files"])
            print(f"scale {scale}: chime archive {wall:.1f} s wall, {cpu:.1f} s CPU, {memory:.0f} MiB, {total} rows", flush=True)
            subprocess.run([os.path.join(binaries, "chime"), "verify", directory], check=True)
            if scale == 1:
                reference = os.path.join(scratch, "boto3")
                command = [sys.executable, os.path.join(HERE, "boto3_archive.py"), reference]
                other, cpu, memory = timed(command, service.environment)
                print(f"scale 1: boto3 {other:.1f} s wall, {cpu:.1f} s CPU, {memory:.0f} MiB: {other / wall:.1f} times as long", flush=True)
            service.stop()
            shutil.rmtree(directory)
        kills(binaries, scratch, seeds[1], count)


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50)
