"""Prints what a sweep of the `implicit` package's ALS takes, on the same observations.

usage: python als_peer.py EVENTS.csv.gz DIMS SWEEPS THREADS SOLVER    SOLVER: cg (its default) or exact
"""
import csv
import gzip
import os
import statistics
import sys
import time

events, dims, sweeps, threads, solver = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # as implicit asks for: it has threads of its own

import numpy
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares

sessions, items, rows, columns = {}, {}, [], []
with gzip.open(events, "rt") as file:
    reader = csv.reader(file)
    next(reader)
    for session, item, *_ in reader:
        rows.append(sessions.setdefault(session, len(sessions)))
        columns.append(items.setdefault(item, len(items)))
seen = scipy.sparse.csr_matrix((numpy.ones(len(rows), numpy.float32), (rows, columns)))

model = AlternatingLeastSquares(
    factors=dims, regularization=5.0, alpha=10.0, iterations=sweeps, num_threads=threads,
    use_cg=solver == "cg", use_native=True, random_state=1)
times = [time.perf_counter()]
model.fit(seen, show_progress=False, callback=lambda *_: times.append(time.perf_counter()))
seconds = [after - before for before, after in zip(times[1:], times[2:])]  # the first holds its set-up
print(f"{statistics.median(seconds):.4f} s a sweep")
