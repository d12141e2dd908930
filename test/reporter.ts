import { inspect } from 'node:util';

interface TestEvent {
  type: string;
  data: {
    name: string;
    nesting: number;
    file?: string;
    skip?: boolean | string;
    todo?: boolean | string;
    message?: string;
    details?: { type?: string; duration_ms?: number; error?: Error & { cause?: unknown } };
  };
}

/**
 * Reporter of node:test: silent about what passes, whole about what fails, and as its very last line
 * `N passed, N failed` (`, N skipped` where some were), which CI reads.
 */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let skipped = 0;
  const failed: string[] = [];
  const slow: { name: string; ms: number }[] = [];
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message ?? '';
    if (
      type === 'test:diagnostic' &&
      data.nesting === 0 &&
      !/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(data.message ?? '')
    )
      yield `# ${data.message}\n`;
    // What happens outside of any test fails no test; it must not pass for success.
    if (type === 'test:diagnostic' && /uncaughtException|unhandledRejection/.test(data.message ?? ''))
      failed.push(data.message?.slice(0, 200) ?? '');
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    if (type === 'test:fail') {
      const error = data.details?.error;
      const cause = error?.cause ?? error;
      if (isSuite && String(error?.message ?? '').includes('subtest')) continue;
      failed.push(data.name);
      yield `\nnot ok ${data.name}\n${cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)}\n`;
      continue;
    }
    if (isSuite) continue;
    if (data.skip) skipped += 1;
    else passed += 1;
    const ms = data.details?.duration_ms ?? 0;
    if (ms > 2000) slow.push({ name: data.name, ms });
  }
  for (const { name, ms } of slow.sort((a, b) => b.ms - a.ms).slice(0, 10)) {
    yield `slow: ${(ms / 1000).toFixed(1)} s  ${name}\n`;
  }
  if (failed.length > 0) yield `\nfailed:\n${failed.map((name) => `  ${name}\n`).join('')}`;
  yield `${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
}
