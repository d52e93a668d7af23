// What a trace of Chromium says of one origin of code: for how long each task of the main thread was inside of it.

export const categories = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-v8.cpu_profiler',
  'disabled-by-default-v8.cpu_profiler.hires', // ten samples a millisecond: calls are short
  '__metadata',
].join(',');

/**
 * Every task: `taken` and `inside` in ms, and `calls`, what was inside by name. `isInside`: of a call frame. Time is that of
 * the thread: while other programs have the CPU, a task takes none.
 */
export function tasksInside(text, isInside) {
  const { traceEvents } = JSON.parse(text);
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents
    .filter(({ name, ph, pid, tid }) => {
      return name === 'RunTask' && ph === 'X' && mains.has(`${pid} ${tid}`);
    })
    .map(({ pid, ts, dur, tdur }) => ({ pid, ts, dur, tdur, inside: 0, calls: new Map() }))
    .sort((a, b) => a.ts - b.ts);
  if (tasks.length === 0) throw new Error('the trace has no tasks of a main thread');
  for (const { pid, thread, samples } of profiles(traceEvents, isInside)) {
    if (!mains.has(thread)) continue;
    const own = tasks.filter((task) => task.pid === pid);
    for (const { at, taken, entry } of samples) {
      if (!entry) continue;
      const task = own.findLast(({ ts }) => ts <= at);
      if (!task || at >= task.ts + task.dur) continue;
      const { ts, dur, tdur } = task;
      const spent = (Math.min(taken, ts + dur - at) * tdur) / dur / 1000;
      task.inside += spent;
      task.calls.set(entry, (task.calls.get(entry) ?? 0) + spent);
    }
  }
  return tasks.map(({ tdur, inside, calls }) => ({
    taken: tdur / 1000,
    inside,
    calls: [...calls],
  }));
}

/** Samples of each profile, which is one of a thread: when in microseconds, how long, and the outermost function inside that was running. */
function profiles(events, isInside) {
  const found = new Map();
  for (const { name, pid, tid, id, ts, args } of events) {
    if (name === 'Profile') {
      const [thread, at] = [`${pid} ${tid}`, args.data.startTime ?? ts];
      found.set(`${pid} ${id}`, { pid, thread, nodes: new Map(), at, samples: [] });
    }
    if (name !== 'ProfileChunk') continue;
    const profile = found.get(`${pid} ${id}`);
    if (!profile) continue;
    const { cpuProfile = {}, timeDeltas = [] } = args.data;
    for (const { id: node, parent, callFrame } of cpuProfile.nodes ?? []) {
      const above = profile.nodes.get(parent);
      const own = isInside(callFrame) ? callFrame.functionName || 'module' : undefined;
      profile.nodes.set(node, above ?? own);
    }
    for (const [i, node] of (cpuProfile.samples ?? []).entries()) {
      profile.at += timeDeltas[i];
      profile.samples.push({ at: profile.at, taken: 0, entry: profile.nodes.get(node) });
    }
  }
  for (const { samples } of found.values()) {
    samples.sort((a, b) => a.at - b.at);
    for (const [i, sample] of samples.entries()) {
      sample.taken = Math.max(0, (samples[i + 1]?.at ?? sample.at) - sample.at);
    }
  }
  return found.values();
}
