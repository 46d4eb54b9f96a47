"""Serve one graph with several servers, ask them in turn, and say how they compare.

All servers stand ready, and one is asked at a time: first one, then the next, round after round, so
that what else the machine does meets all of them alike. A figure is the median of its rounds.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from clients import Outcome, ask_for, ask_together, crowd
from figures import median, percentile
from kg.current import count_quads
from services import (
    LARGEST_FOR_RDFLIB,
    Service,
    forget,
    memory_of,
    oxigraph_store,
    running,
    size_of,
)
from workload import (
    NESTED,
    ROWS_OF_TABLE,
    Workload,
    hostile,
    mixed,
    post,
    read_workload,
    requests,
)

CLIENTS: Final = 8
HOPELESS: Final = 10_000.0
"""Milliseconds after which a server is not asked a row again."""

FORMATS: Final = {"export, CSV": ox.QueryResultsFormat.CSV}
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds, seconds a row and round, seconds of many clients a round."""

    rounds: int = 5
    seconds: float = 1.0
    crowd_seconds: float = 4.0
    most: int = 300


@dataclass
class Results:
    """Figures of one graph: seconds by row and server, and whatever else was seen."""

    quads: int
    p50: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    rates: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    p99: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    facts: dict[str, dict[str, float | str]] = field(default_factory=dict)

    def note(self, kind: str, row: str, server: str, value: float) -> None:
        """Add a figure of one round."""
        getattr(self, kind).setdefault(row, {}).setdefault(server, []).append(value)

    def say(self, fact: str, server: str, value: float | str) -> None:
        """Set something that is measured once."""
        self.facts.setdefault(fact, {})[server] = value


def race(
    build: Path, effort: Effort, servers: tuple[str, ...], log: Callable[[str], None]
) -> Results:
    """Return what the servers and pyoxigraph itself take for each row over one build."""
    results = Results(count_quads(build))
    workload = read_workload(ox.Store.read_only(str(build / "store")))
    names = [each for each in servers if each != "rdflib" or results.quads <= LARGEST_FOR_RDFLIB]
    log(f"{results.quads:,} quads: {', '.join(names)}")
    measure_cold(build, names, workload, results, log)
    measure_limit(build, workload, effort, results, log)
    with ExitStack() as stack:
        services = [stack.enter_context(running(name, build)) for name in names]
        measure_rows(services, workload, effort, results, log)
        for service in services:
            _note_memory(service, results, "warm")
        measure_crowds(services, workload, effort, results, log)
    for name in names:
        if name == "rdflib":
            continue  # it has one thread and no deadline: the first hostile query ends it
        with running(name, build) as service:
            measure_hostility(service, workload, effort, results, log)
    return results


def measure_cold(
    build: Path, names: list[str], workload: Workload, results: Results, log: Callable[[str], None]
) -> None:
    """Note the time from a start with nothing in memory to the first answers, and disk space."""
    for name in names:
        stores = [build] if name != "oxigraph" else [oxigraph_store(build)]
        for folder in stores:
            forget(folder)
        with running(name, build) as service:
            results.say("start, s", name, service.seconds_to_start)
            for row in ROWS_OF_TABLE:
                outcome = ask_for(service.port, _requests(service, workload, row), 0, 1)
                results.say(f"cold {row}, ms", name, median(outcome.seconds) * 1000)
            _note_memory(service, results, "after first queries")
        results.say("disk, MB", name, _disk(name, build))
        log(f"cold: {name} started in {service.seconds_to_start:.2f} s")
    timing = oxigraph_store(build).with_suffix(".seconds")
    results.say("load and optimize, s", "oxigraph", float(timing.read_text()))


def _disk(name: str, build: Path) -> float:
    if name == "oxigraph":
        return size_of(oxigraph_store(build))
    return size_of(build) if name == "ours" else (build / "dataset.nq").stat().st_size / (1 << 20)


def _note_memory(service: Service, results: Results, when: str) -> None:
    memory = memory_of(service)
    results.say(f"RSS {when}, MB", service.name, memory.rss)
    results.say(f"PSS {when}, MB", service.name, memory.pss)
    results.say("processes", service.name, memory.processes)


def _requests(service: Service, workload: Workload, row: str) -> Iterator[bytes]:
    return requests(service.name, service.path, row, workload, next(_numbers) * 100_000)


def measure_rows(
    services: list[Service],
    workload: Workload,
    effort: Effort,
    results: Results,
    log: Callable[[str], None],
) -> None:
    """Note the median time of one client for each row, round after round; the first is dropped."""
    for row in ROWS_OF_TABLE:
        for round_number in range(effort.rounds + 1):
            for service in services:
                if _is_hopeless(results, row, service):
                    continue
                asked = _requests(service, workload, row)
                outcome = ask_for(service.port, asked, effort.seconds, effort.most)
                _note_failures(results, f"{row}: failures", service, outcome)
                if round_number:
                    results.note("p50", row, service.name, median(outcome.seconds))
                    results.note("p99", row, service.name, percentile(outcome.seconds, 99))
                results.say(f"{row}: bytes", service.name, outcome.size)
        log(f"{row}: " + _summary(results.p50[row], 1000, "ms"))


def _is_hopeless(results: Results, row: str, service: Service) -> bool:
    """Whether the first query had no answer, or one after more than HOPELESS milliseconds."""
    taken = results.facts.get(f"cold {row}, ms", {}).get(service.name, 0.0)
    return not float(taken) <= HOPELESS


def measure_crowds(
    services: list[Service],
    workload: Workload,
    effort: Effort,
    results: Results,
    log: Callable[[str], None],
) -> None:
    """Note throughput and p99 of eight clients: point queries, repeated GETs, and the mix."""
    for row in ("point query", "repeated GET", "mix"):
        for _ in range(effort.rounds):
            for service in services:
                asked = partial(_crowd_requests, service, workload, row, next(_numbers))
                outcome = ask_together(service.port, asked, CLIENTS, effort.crowd_seconds)
                name = f"{row}, {CLIENTS} clients"
                _note_failures(results, f"{name}: failures", service, outcome)
                results.note("rates", name, service.name, outcome.rate)
                results.note("p99", name, service.name, percentile(outcome.seconds, 99))
        log(f"{name}: " + _summary(results.rates[name], 1, "/s"))


def _crowd_requests(
    service: Service, workload: Workload, row: str, number: int, client: int
) -> Iterator[bytes]:
    first = number * 10_000_000 + client * 1_000_000
    if row == "mix":
        return mixed(service.name, service.path, workload, first)
    return requests(service.name, service.path, row, workload, first)


def measure_hostility(
    service: Service,
    workload: Workload,
    effort: Effort,
    results: Results,
    log: Callable[[str], None],
) -> None:
    """Note what the mix of eight clients suffers when one more client is hostile."""
    seconds = max(effort.crowd_seconds * 3, 12)
    calm = _mix(service, workload, seconds)
    bad = crowd(service.port, lambda _: hostile(service.path, next(_numbers)), 1, seconds)
    time.sleep(0.5)
    troubled = _mix(service, workload, seconds - 1)
    results.say("p99 of the mix, ms", service.name, percentile(calm.seconds, 99) * 1000)
    results.say(
        "p99 beside a hostile client, ms", service.name, percentile(troubled.seconds, 99) * 1000
    )
    results.say("failures beside a hostile client", service.name, json.dumps(troubled.failures))
    results.say("answers a second of the mix", service.name, calm.rate)
    results.say("answers a second beside it", service.name, troubled.rate)
    _note_memory(service, results, "beside a hostile client")
    results.say("hostile client met", service.name, json.dumps(bad().failures))
    results.say("alive after the hostile client", service.name, str(service.is_alive))
    if service.is_alive:
        ask_for(service.port, iter([post(service.path, NESTED)]), 10, 1)
        time.sleep(1)
    results.say("alive after a deeply nested query", service.name, str(service.is_alive))
    log(f"hostile: {service.name}: {calm.rate:.0f} -> {troubled.rate:.0f} /s, {troubled.failures}")


def _mix(service: Service, workload: Workload, seconds: float) -> Outcome:
    asked = partial(_crowd_requests, service, workload, "mix", next(_numbers))
    return ask_together(service.port, asked, CLIENTS, seconds)


def measure_limit(
    build: Path,
    workload: Workload,
    effort: Effort,
    results: Results,
    log: Callable[[str], None],
) -> None:
    """Note what pyoxigraph itself takes in this process, over the disk and in memory."""
    disk = ox.Store.read_only(str(build / "store"))
    memory, began = ox.Store(), time.perf_counter()
    memory.load(path=str(build / "dataset.nq"), format=ox.RdfFormat.N_QUADS)
    results.say("start, s", "in memory", time.perf_counter() - began)
    for row in ROWS_OF_TABLE[:-1]:
        for _ in range(effort.rounds):
            for name, store in (("on disk", disk), ("in memory", memory)):
                taken = _ask_store(store, row, workload, effort)
                results.note("p50", row, name, median(taken))
        log(f"pyoxigraph, {row}: " + _summary(results.p50[row], 1000, "ms"))


def _ask_store(store: ox.Store, row: str, workload: Workload, effort: Effort) -> list[float]:
    taken: list[float] = []
    while len(taken) < effort.most and sum(taken) < effort.seconds / 2:
        text = workload.text(row, next(_numbers) * 1000)
        began = time.perf_counter()
        found = store.query(text)
        if isinstance(found, ox.QueryTriples):
            found.serialize(format=ox.RdfFormat.N_TRIPLES)
        else:
            found.serialize(format=FORMATS.get(row, ox.QueryResultsFormat.JSON))
        taken.append(time.perf_counter() - began)
    return taken


def _note_failures(results: Results, name: str, service: Service, outcome: Outcome) -> None:
    if outcome.failures:
        results.say(name, service.name, json.dumps(outcome.failures))


def _summary(figures: dict[str, list[float]], factor: float, unit: str) -> str:
    return ", ".join(f"{name} {median(v) * factor:.3g} {unit}" for name, v in figures.items())
