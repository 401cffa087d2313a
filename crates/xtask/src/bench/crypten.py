"""Times CrypTen on the jobs of `cryptab bench`, with several processes that talk over the loopback, or over a
line.

    jobs.py PARTIES [--only NAME,...] [--million NUMBERS] [--line ROUND_TRIP_MS,MBIT_PER_SECOND]

Inputs are shared before the clock starts; the clock stops when a party has its share of the result
(input+reveal: from the data to the result). A run takes as long as its slowest party. One run is not
counted; the median of three others counts. Prints one JSON array.
"""

import argparse
import contextlib
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import types

import line


class Absent(types.ModuleType):
    """Stands for a module that CrypTen imports but that no job here uses."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def prepare():
    """CrypTen 0.4.1 is from 2022: what newer versions of its packages lack is put in its place."""
    for name in ["crypten.nn.onnx_converter", "torch.utils.tensorboard"]:
        sys.modules[name] = Absent(name)

    import torch.optim.optimizer as optimizer

    optimizer.required = object()


prepare()

import crypten  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

REPEAT = 3


def spread(owner, shape, low=-4.0, high=4.0, whole=False):
    """Numbers spread evenly over an interval, the same at every party."""
    numbers = torch.rand(shape, generator=torch.Generator().manual_seed(owner), dtype=torch.float64)
    numbers = low + (high - low) * numbers
    grid = 1.0 if whole else 65536.0
    return torch.round(numbers * grid) / grid


def jobs(numbers):
    """Name, size, inputs, private, clear."""
    million = (numbers,)
    many = (100_000,)
    rows, classes = (1000, 100), (1000, 10)
    image, filters = (1, 64, 56, 56), (64, 64, 3, 3)
    one, two = [spread(0, million)], [spread(0, million), spread(1, million)]
    whole = [spread(0, million, whole=True), spread(1, million, whole=True)]
    positive = [spread(0, many, 0.1, 100.0)]
    bounded = [spread(0, many, -8.0, 8.0)]
    pictures = [spread(0, image)]

    yield "input+reveal", str(numbers), one, None, lambda x: x
    yield "add", str(numbers), two, lambda x, y: x + y, lambda x, y: x + y
    yield "mul", str(numbers), two, lambda x, y: x * y, lambda x, y: x * y
    yield "square", str(numbers), one, lambda x: x.square(), lambda x: x * x
    for side in [256, 512, 1024]:
        both = [spread(0, (side, side)), spread(1, (side, side))]
        yield "matmul", f"{side}x{side}", both, lambda x, y: x.matmul(y), lambda x, y: x @ y
    yield (
        "conv2d",
        "64x56x56 3x3",
        [spread(0, image), spread(1, filters)],
        lambda x, y: x.conv2d(y, padding=1),
        lambda x, y: F.conv2d(x, y, padding=1),
    )
    yield "lt", str(numbers), two, lambda x, y: x < y, lambda x, y: x < y
    yield "eq", str(numbers), whole, lambda x, y: x == y, lambda x, y: x == y
    yield "relu", str(numbers), one, lambda x: x.relu(), lambda x: x.relu()
    yield "abs", str(numbers), one, lambda x: x.abs(), lambda x: x.abs()
    yield (
        "max",
        "1000x100",
        [spread(0, rows)],
        lambda x: x.max(dim=1)[0],
        lambda x: x.max(dim=1)[0],
    )
    yield (
        "argmax",
        "1000x100",
        [spread(0, rows)],
        lambda x: x.argmax(dim=1, one_hot=False),
        lambda x: x.argmax(dim=1),
    )
    yield (
        "max_pool",
        "64x56x56 2x2",
        pictures,
        lambda x: x.max_pool2d(2),
        lambda x: F.max_pool2d(x, 2),
    )
    yield "exp", "100000", [spread(0, many, -8.0, 4.0)], lambda x: x.exp(), torch.exp
    yield "log", "100000", positive, lambda x: x.log(), torch.log
    yield "reciprocal", "100000", positive, lambda x: x.reciprocal(), torch.reciprocal
    yield "sqrt", "100000", positive, lambda x: x.sqrt(), torch.sqrt
    yield "rsqrt", "100000", positive, lambda x: x.inv_sqrt(), torch.rsqrt
    yield "sigmoid", "100000", bounded, lambda x: x.sigmoid(), torch.sigmoid
    yield "tanh", "100000", bounded, lambda x: x.tanh(), torch.tanh
    yield "erf", "100000", [spread(0, many, -2.0, 2.0)], lambda x: x.erf(), torch.erf
    yield "cos", "100000", [spread(0, many)], lambda x: x.cos(), torch.cos
    yield "softmax", "1000x10", [spread(0, classes)], lambda x: x.softmax(1), lambda x: x.softmax(1)


def share(inputs):
    return [crypten.cryptensor(numbers, src=owner) for owner, numbers in enumerate(inputs)]


def largest_error(found, wanted):
    error = (found.double() - wanted.double()).abs().max().item()
    return error if math.isfinite(error) else None


def party(arguments):
    """One process: the times of all runs."""
    crypten.init()
    torch.set_num_threads(1)
    barrier = crypten.communicator.get().barrier
    results = []
    for name, size, inputs, private, clear in jobs(arguments.million):
        if arguments.only and name not in arguments.only and f"{name} {size}" not in arguments.only:
            continue
        times, error = [], None
        try:
            wanted = clear(*inputs)
            for _ in range(REPEAT + 1):
                if private is None:
                    barrier()
                    start = time.perf_counter()
                    plain = share(inputs)[0].get_plain_text()
                    times.append(time.perf_counter() - start)
                else:
                    shared = share(inputs)
                    barrier()
                    start = time.perf_counter()
                    result = private(*shared)
                    times.append(time.perf_counter() - start)
                    plain = result.get_plain_text()
                barrier()
            error = largest_error(plain, wanted)
        except (AttributeError, NotImplementedError, RuntimeError, TypeError, ValueError) as failure:
            print(f"CrypTen: {name} {size}: {failure}", file=sys.stderr)
            times = []
        results.append((name, size, times[1:], error))
    return results


def together(arguments):
    """All processes, each with its own interface; what each has measured."""
    script = [sys.executable, *sys.argv, "--party"]
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        common = {
            "WORLD_SIZE": str(arguments.parties),
            "RENDEZVOUS": f"file://{folder}/meeting",
            # Over TCP on this interface, not over the machine's own address.
            "GLOO_SOCKET_IFNAME": line.DEVICE if arguments.line else "lo",
            "OMP_NUM_THREADS": "1",
        }
        start = subprocess.Popen
        if arguments.line:
            round_trip_ms, megabits = map(float, arguments.line.split(","))
            far = stack.enter_context(line.Line(arguments.parties, round_trip_ms / 1000, megabits * 1e6))
            start = far.start
        processes = []
        for rank in range(arguments.parties):
            environment = os.environ | common | {"RANK": str(rank)}
            place = [rank] if arguments.line else []
            processes.append(start(*place, script, env=environment, stdout=subprocess.PIPE, text=True))
        printed = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        sys.exit("a process of CrypTen failed")
    return [json.loads(text.splitlines()[-1]) for text in printed]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("parties", type=int)
    parser.add_argument("--only", type=lambda names: names.split(","), default=[])
    parser.add_argument("--million", type=int, default=1_000_000)
    parser.add_argument("--line")
    parser.add_argument("--party", action="store_true")
    arguments = parser.parse_args()
    if arguments.party:
        print(json.dumps(party(arguments)))
        return
    rows = []
    for sides_of_job in zip(*together(arguments)):
        name, size, _, error = sides_of_job[0]
        runs = [max(run) for run in zip(*(times for _, _, times, _ in sides_of_job))]
        seconds = statistics.median(runs) if runs else None
        rows.append({"name": name, "size": size, "seconds": seconds, "max_error": error})
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
