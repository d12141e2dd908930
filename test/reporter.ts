import { inspect } from 'node:util';
import { GATE, type Told } from './tally.ts';

interface TestEvent {
  type: string;
  data: {
    name: string;
    nesting: number;
    skip?: boolean | string;
    message?: string;
    details?: { type?: string; duration_ms?: number; error?: Error & { cause?: unknown } };
  };
}

/** Reporter of node:test in a process of run.ts: tells it what became of each test. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const told = read(event);
    if (told !== null) process.send?.(told);
  }
  await new Promise((sent) => process.send?.({ kind: 'end' } satisfies Told, sent));
  yield '';
}

function read({ type, data }: TestEvent): Told | null {
  if (type === 'test:stdout' || type === 'test:stderr') return { kind: 'said', text: data.message ?? '' };
  if (type === 'test:diagnostic') {
    const message = data.message ?? '';
    // What happens outside of any test fails no test; it must not pass for success.
    if (/uncaughtException|unhandledRejection/.test(message))
      return { kind: 'fail', name: message.slice(0, 200) };
    const isSummary = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(message);
    return data.nesting > 0 || isSummary ? null : { kind: 'said', text: `# ${message}\n` };
  }
  if ((type !== 'test:pass' && type !== 'test:fail') || data.name === GATE) return null;
  const { type: kind, error, duration_ms: ms = 0 } = data.details ?? {};
  if (type === 'test:fail') {
    if (kind === 'suite' && String(error?.message ?? '').includes('subtest')) return null;
    const cause = error?.cause ?? error;
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
    return { kind: 'fail', name: data.name, text: `\nnot ok ${data.name}\n${why}\n` };
  }
  if (kind === 'suite') return null;
  return data.skip ? { kind: 'skip', name: data.name } : { kind: 'pass', name: data.name, ms };
}
