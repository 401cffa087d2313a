"""Processes that are far from each other, on one machine: each in a network namespace of its own, with a
device whose packets a thread carries to the others, as late and as slowly as the line has it. Needs root and
/dev/net/tun (Linux).

TCP starts with a wide window and keeps it: what is measured is the line, not TCP's caution.
"""

import fcntl
import heapq
import os
import selectors
import struct
import subprocess
import sys
import threading
import time

TUNSETIFF = 0x400454CA
TUN_WITHOUT_HEADER = 0x0001 | 0x1000
MTU = 9000
DEVICE = "tun0"


class Line:
    """`places` namespaces; `round_trip` seconds from one to another and back, bits per second from each."""

    def __init__(self, places, round_trip, rate):
        self.delay, self.rate = round_trip / 2, rate
        self.names = [f"cryptab-{os.getpid()}-{place}" for place in range(places)]
        self.devices = []
        self.ends, self.stop = os.pipe()

    def __enter__(self):
        try:
            for place, name in enumerate(self.names):
                self._make(place, name)
        except BaseException:
            self._remove()
            raise
        self.thread = threading.Thread(target=self._carry, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        os.write(self.stop, b"x")
        self.thread.join()
        self._remove()

    def start(self, place, command, **options):
        """A process at this place."""
        return subprocess.Popen(["ip", "netns", "exec", self.names[place], *command], **options)

    def _make(self, place, name):
        run("ip", "netns", "add", name)
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        self.devices.append(device)
        outside = f"ct{os.getpid() % 100000}-{place}"
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", outside.encode(), TUN_WITHOUT_HEADER))
        run("ip", "link", "set", outside, "netns", name, "name", DEVICE)
        inside = ["ip", "-n", name]
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "link", "set", DEVICE, "mtu", str(MTU), "txqueuelen", "10000", "up")
        run(*inside, "addr", "add", address(place) + "/32", "dev", DEVICE)
        run(*inside, "route", "add", "10.77.0.0/24", "dev", DEVICE, "src", address(place), "initcwnd", "200", "initrwnd", "200")
        run("ip", "netns", "exec", name, "sysctl", "-q", "-w", "net.ipv4.tcp_slow_start_after_idle=0")

    def _carry(self):
        places = {address(place): place for place in range(len(self.names))}
        free = [0.0] * len(self.names)
        flying, count = [], 0
        with selectors.DefaultSelector() as selector:
            selector.register(self.ends, selectors.EVENT_READ)
            for place, device in enumerate(self.devices):
                selector.register(device, selectors.EVENT_READ, place)
            while True:
                wait = max(0.0, flying[0][0] - time.monotonic()) if flying else None
                for key, _ in selector.select(wait):
                    if key.fileobj == self.ends:
                        return
                    now = time.monotonic()
                    for packet in packets(key.fd):
                        to = places.get(".".join(map(str, packet[16:20])))
                        if packet[0] >> 4 == 4 and to is not None:
                            start = max(now, free[key.data])
                            free[key.data] = start + 8 * len(packet) / self.rate
                            count += 1
                            heapq.heappush(flying, (free[key.data] + self.delay, count, to, packet))
                now = time.monotonic()
                while flying and flying[0][0] <= now:
                    _, _, to, packet = heapq.heappop(flying)
                    os.write(self.devices[to], packet)

    def _remove(self):
        for device in self.devices:
            os.close(device)
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)


def address(place):
    return f"10.77.0.{place + 1}"


def packets(device):
    while True:
        try:
            yield os.read(device, MTU + 100)
        except BlockingIOError:
            return


def run(*command):
    subprocess.run(command, check=True, stdout=sys.stderr)
