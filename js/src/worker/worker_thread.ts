// The program in the worker of `vitrine/worker`.

import { describe, VitrineError } from '../error.js';
import { createPersonalizer } from '../ranking/create_personalizer.js';
import type { Personalizer } from '../ranking/types.js';
import type { Answer, Call, Start } from './worker_messages.js';

type Message = { id: number } & ({ start: Start } | Call);

const answer = (message: Answer) => globalThis.postMessage(message);
let personalizer: Personalizer | undefined;

globalThis.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if ('start' in data) void open(data.id, data.start);
  else answer({ id: data.id, result: run(data) });
});

/** No call of a personalizer throws. Before there is a personalizer, the page makes no calls. */
function run({ method, args }: Call): unknown {
  if (method === 'history') return personalizer?.history;
  if (method === 'apply') {
    // The answer contains the new info. When the overlay does not fit, nothing has changed, and
    // there is no answer.
    return personalizer?.apply(args[0] as Uint8Array) ? personalizer.info : undefined;
  }
  const called = personalizer?.[method] as ((...given: readonly unknown[]) => unknown) | undefined;
  return called?.apply(personalizer, [...args]);
}

async function open(id: number, start: Start): Promise<void> {
  try {
    personalizer = await createPersonalizer({
      ...start,
      experiments: {
        ...start.experiments,
        onExposure: (exposure) => answer({ exposure }),
      },
      onError: (error) => answer({ error: plain(error) }),
    });
    answer({ id, result: personalizer.info });
  } catch (error) {
    answer({ id, error: plain(error) });
  }
}

/** Classes of errors are lost between threads, so an error is sent as a plain object. */
function plain(error: unknown): NonNullable<Answer['error']> {
  return error instanceof VitrineError
    ? { code: error.code, message: error.message, status: error.status }
    : { code: 'usage', message: describe(error) };
}
