import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultOutboxLimits, Outbox, type OutboxLimits } from '../../../js/src/delivery/outbox.ts';
import type { DeliveredEvent, DeliveryResult } from '../../../js/src/delivery/record.ts';
import {
  dataLayerTransport,
  fetchTransport,
  retryAfter,
  segmentTransport,
} from '../../../js/src/delivery/transports.ts';
import type { Database } from '../../../js/src/session/database.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

let count = 0;
const event = (more: Partial<DeliveredEvent> = {}): DeliveredEvent => ({
  id: `e${count++}`,
  event: 'view_item',
  time: Date.now(),
  ...more,
});

/** An outbox whose endpoint answers as `answer` says; `batches` are those that it got. */
function outbox(
  answer: (attempt: number) => DeliveryResult = () => 'sent',
  limits: Partial<OutboxLimits> = {},
) {
  const batches: DeliveredEvent[][] = [];
  const reports: string[] = [];
  let attempt = 0;
  const box = new Outbox({
    transport: {
      send: (events) => {
        const result = answer(attempt++);
        if (result === 'sent') batches.push([...events]);
        return result;
      },
    },
    limits: { ...defaultOutboxLimits, ...limits },
    database: async () => undefined,
    report: (code, message) => reports.push(`${code}: ${message}`),
    random: () => 0.5,
  });
  box.allow(true);
  return { box, batches, reports, attempts: () => attempt };
}

/** Adds so many events, and returns their ids. */
function addTo(box: Outbox, size: number): string[] {
  const events = Array.from({ length: size }, () => event());
  for (const one of events) box.add(one);
  return events.map(({ id }) => id);
}

/** Behaves like one store of IndexedDB, without the waiting. */
function storage() {
  const records = new Map<string, DeliveredEvent>();
  const database = {
    all: async () => [...records.values()],
    write: async (_: string, changes: ReadonlyMap<string, DeliveredEvent | undefined>) => {
      for (const [id, record] of changes) {
        if (record) records.set(id, record);
        else records.delete(id);
      }
    },
    clear: async () => records.clear(),
  };
  return { records, database: async () => database as unknown as Database };
}

describe('the outbox', () => {
  it('sends as soon as 20 events wait, and fewer after 5 seconds', async () => {
    const { box, batches } = outbox();
    for (let i = 0; i < 25; i++) box.add(event());
    await vi.advanceTimersByTimeAsync(1);
    expect(batches.map((batch) => batch.length)).toEqual([25]);
    box.add(event());
    await vi.advanceTimersByTimeAsync(4990);
    expect(batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10);
    expect(batches).toHaveLength(2);
    expect(box.size).toBe(0);
  });

  it('sends a backlog in requests of 200', async () => {
    const { box, batches } = outbox();
    for (let i = 0; i < 450; i++) box.add(event());
    await box.flush();
    expect(batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
  });

  it('sends what is added while an earlier sending ends', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const { box, batches } = outbox();
      box.add(event());
      const first = box.flush();
      for (let step = 0; step < steps; step++) await undefined;
      box.add(event());
      await box.flush();
      expect(batches.flat(), `after ${steps} steps`).toHaveLength(2);
      await first;
    }
  });

  it('sends in a frame whose locks refuse', async () => {
    vi.stubGlobal('navigator', { locks: { request: () => Promise.reject(new Error('none')) } });
    const { box, batches } = outbox();
    box.add(event());
    await box.flush();
    expect(batches.flat()).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  it('sends nothing until it is allowed to, then what waited', async () => {
    const { box, batches } = outbox();
    box.allow(false);
    for (let i = 0; i < 30; i++) box.add(event());
    await vi.advanceTimersByTimeAsync(60_000);
    await box.flush();
    expect(batches).toEqual([]);
    box.allow(true);
    await box.adopt();
    expect(batches.flat()).toHaveLength(30);
  });

  it('loses nothing and doubles nothing while the endpoint comes and goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<DeliveryResult>('sent', { later: 0 }, { later: 5000 }), {
          maxLength: 12,
        }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (answers, bursts) => {
          const { box, batches } = outbox((attempt) => answers[attempt] ?? 'sent');
          const added: string[] = [];
          for (const size of bursts) {
            added.push(...addTo(box, size));
            await vi.advanceTimersByTimeAsync(3000);
          }
          await vi.advanceTimersByTimeAsync(3 * 3600_000);
          expect(batches.flat().map(({ id }) => id)).toEqual(added);
          box.dispose();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('delivers each event or tells that it was refused, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<DeliveryResult>('sent', 'refused', { later: 0 }), {
          maxLength: 12,
        }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        async (answers, bursts) => {
          const { box, batches, reports } = outbox((attempt) => answers[attempt] ?? 'sent');
          const added = bursts.flatMap((size) => Array.from({ length: size }, () => event()));
          for (const one of added) box.add(one);
          await vi.advanceTimersByTimeAsync(3 * 3600_000);
          const delivered = batches.flat().map(({ id }) => id);
          expect(new Set(delivered).size).toBe(delivered.length);
          const refused = reports
            .map((text) => Number(text.match(/refused (\d+) events/)?.[1] ?? 0))
            .reduce((sum, count) => sum + count, 0);
          expect(delivered.length + refused).toBe(added.length);
          expect(box.size).toBe(0);
          box.dispose();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('holds the latest events within its limit, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 100 }),
        async (bursts, events) => {
          const { box } = outbox(() => ({ later: 1e9 }), { events });
          const added: string[] = [];
          for (const size of bursts) {
            added.push(...addTo(box, size));
            await vi.advanceTimersByTimeAsync(1000);
            expect(box.waiting.map(({ id }) => id)).toEqual(added.slice(-events));
          }
          box.dispose();
        },
      ),
      { numRuns: 50 },
    );
  });

  it('waits longer after each failure, and as long as the endpoint asks', async () => {
    const times: number[] = [];
    const start = Date.now();
    const { box } = outbox((attempt) => {
      times.push(Date.now() - start);
      return attempt < 3 ? { later: 0 } : attempt === 3 ? { later: 60_000 } : 'sent';
    });
    for (let i = 0; i < 20; i++) box.add(event());
    await vi.advanceTimersByTimeAsync(200_000);
    // Each wait is shortened by half of the random 0.5, or is what was asked for and half a second.
    expect(times).toEqual([0, 750, 2250, 5250, 65750]);
  });

  it('drops what the endpoint refuses, and says so', async () => {
    const { box, reports, attempts } = outbox(() => 'refused');
    box.add(event());
    await box.flush();
    expect([box.size, attempts()]).toEqual([0, 1]);
    expect(reports).toEqual(['delivery: the endpoint refused 1 events; they are dropped']);
  });

  it('asks again when a transport throws', async () => {
    let calls = 0;
    const { box, batches, reports } = outbox(() => {
      if (calls++ === 0) throw new TypeError('Failed to fetch');
      return 'sent';
    });
    box.add(event());
    await box.flush();
    expect(reports).toEqual(['delivery: events wait to be delivered: Failed to fetch']);
    await vi.advanceTimersByTimeAsync(2000);
    expect(batches.flat()).toHaveLength(1);
  });

  it('sends no event that is too old or far ahead of the clock, whatever their order', async () => {
    const { age, ahead } = defaultOutboxLimits;
    const shift = fc.oneof(
      fc.integer({ min: -2 * age, max: 2 * ahead }),
      fc.constantFrom(-age, -age - 1, ahead, ahead + 1),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(shift, { maxLength: 30 }),
        fc.array(shift, { maxLength: 30 }),
        async (added, stored) => {
          const now = Date.now();
          const at = (shift: number) => event({ time: now + shift });
          const records = stored.map(at);
          const sent: DeliveredEvent[] = [];
          const { records: left, database } = storage();
          for (const record of records) left.set(record.id, record);
          const box = new Outbox({
            transport: {
              send: (events) => {
                sent.push(...events);
                return 'sent';
              },
            },
            limits: defaultOutboxLimits,
            database,
            report: () => {},
          });
          const events = added.map(at);
          for (const one of events) box.add(one);
          box.allow(true);
          await box.adopt();
          const all = [...events, ...records];
          const valid = all.filter(({ time }) => time >= now - age && time <= now + ahead);
          expect(new Set(sent.map(({ id }) => id))).toEqual(new Set(valid.map(({ id }) => id)));
          expect(left.size).toBe(0);
          box.dispose();
        },
      ),
    );
  });

  it('holds at most so many events, and none that is too old', async () => {
    const { box, batches, reports } = outbox(() => ({ later: 1e9 }), { events: 100, age: 1000 });
    for (let i = 0; i < 10_000; i++) box.add(event());
    expect(box.size).toBe(100);
    await vi.advanceTimersByTimeAsync(2000);
    box.add(event());
    expect(box.size).toBe(1);
    expect(batches).toEqual([]);
    expect(reports).toEqual(['delivery: too many events wait; the oldest are dropped']);
  });
});

describe('the outboxes of several tabs', () => {
  it('send every event once, whichever tab is closed while the endpoint is away', async () => {
    type Step = { add: number; tab: number } | { close: number } | { away: boolean };
    const tab = fc.integer({ min: 0, max: 2 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 30 }), tab }),
      fc.record({ close: tab }),
      fc.record({ away: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        const { records, database } = storage();
        const delivered: string[] = [];
        let away = false;
        const open = async () => {
          const box = new Outbox({
            transport: {
              send: (events) => {
                if (away) return { later: 0 };
                delivered.push(...events.map(({ id }) => id));
                return 'sent';
              },
            },
            limits: defaultOutboxLimits,
            database,
            report: (code, message) => expect.fail(`${code}: ${message}`),
            random: () => 0.5,
          });
          box.allow(true);
          await box.adopt();
          return box;
        };
        const tabs = [await open(), await open(), await open()];
        const added: string[] = [];
        for (const step of steps) {
          if ('away' in step) away = step.away;
          if ('add' in step) {
            for (let i = 0; i < step.add; i++) {
              const one = event();
              added.push(one.id);
              tabs[step.tab]?.add(one);
            }
          }
          // First added events are stored, then the time advances. Tabs take turns because of their lock.
          await vi.advanceTimersByTimeAsync(0);
          if ('close' in step) {
            tabs[step.close]?.dispose();
            tabs[step.close] = await open();
          }
          for (const box of tabs) await box.flush();
          await vi.advanceTimersByTimeAsync(0);
        }
        away = false;
        const last = await open();
        await vi.advanceTimersByTimeAsync(0);
        expect(delivered.toSorted()).toEqual(added.toSorted());
        expect(records.size).toBe(0);
        for (const box of [...tabs, last]) box.dispose();
      }),
      { numRuns: 100 },
    );
  });
});

describe('the transport by fetch', () => {
  const answer = async (response: Response) => {
    const asked: [string, RequestInit | undefined][] = [];
    const transport = fetchTransport('https://shop.example/events', {
      fetch: async (url, init) => {
        asked.push([String(url), init]);
        return response;
      },
    });
    const one = event();
    const result = await transport.send([one], { leaving: false });
    expect(asked[0]?.[0]).toBe('https://shop.example/events');
    expect(JSON.parse(String(asked[0]?.[1]?.body))).toEqual({ events: [one] });
    return result;
  };

  it('tells what may be tried again from what is refused', async () => {
    expect(await answer(new Response(null, { status: 204 }))).toBe('sent');
    expect(await answer(new Response(null, { status: 400 }))).toBe('refused');
    expect(await answer(new Response(null, { status: 503 }))).toEqual({ later: 0 });
    const headers = { 'Retry-After': '7' };
    expect(await answer(new Response(null, { status: 429, headers }))).toEqual({ later: 7000 });
  });

  it('reads Retry-After in seconds and as a date', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfter('2.5', now)).toBe(2500);
    expect(retryAfter('Thu, 01 Jan 2026 00:00:09 GMT', now)).toBe(9000);
    for (const header of [null, '', '-4', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
      expect(retryAfter(header, now)).toBe(0);
    }
  });
});

describe('the other transports', () => {
  it('push to a dataLayer', () => {
    const dataLayer: unknown[] = [];
    const one = event();
    expect(dataLayerTransport(dataLayer).send([one], { leaving: false })).toBe('sent');
    expect(dataLayer).toEqual([{ event: 'vitrine', vitrine: one }]);
  });

  it("call Segment's track", () => {
    const calls: unknown[][] = [];
    const transport = segmentTransport({ track: (...call) => calls.push(call) });
    transport.send([event({ id: 'x', time: 0, items: [] })], { leaving: false });
    expect(calls).toEqual([
      ['vitrine view_item', { items: [] }, { messageId: 'x', timestamp: new Date(0) }],
    ]);
  });
});
