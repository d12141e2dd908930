/** For tests: what is read of the made-up sample of a form, or of a sample in which something else stands. */
import assert from 'node:assert/strict';
import { sourceNamed } from './registry.ts';
import { SAMPLES } from './samples.ts';
import type { ParsedReport } from './source.ts';
import { readFile } from './testing.ts';

/** Reports of the sample, after `change` has made another text of it; problems as "reason where". */
export function readSample(
  source: string,
  form: string,
  change: (text: string) => string | Buffer = noChange,
): { reports: ParsedReport[]; problems: string[] } {
  const sample = SAMPLES.find((each) => each.source === source && each.form === form) ?? assert.fail(form);
  const format = sourceNamed(source).formats.find(({ name }) => name === form) ?? assert.fail(form);
  const text = change(sample.text);
  assert.ok(change === noChange || text !== sample.text, 'nothing was changed');
  const { reports, problems } = readFile(format, { path: sample.path, bytes: Buffer.from(text) });
  return { reports, problems: problems.map(({ reason, where }) => `${reason} ${where}`) };
}

const noChange = (text: string) => text;

/** The first report of the sample as it is, or changed. */
export function sampleReport(
  source: string,
  form: string,
  change?: (text: string) => string | Buffer,
): ParsedReport {
  const { reports, problems } = readSample(source, form, change);
  assert.deepEqual(problems, []);
  return reports[0] ?? assert.fail('no report');
}

/** "frobd el8 fixed 2.0-1": the rows of a report. */
export function rowsOf({ affected }: ParsedReport): string[] {
  return affected.map(({ name, release, vulnerability, status, fixed, note }) =>
    [name, release, vulnerability, status, fixed, note === undefined ? undefined : `(${note})`]
      .filter((part) => part !== undefined)
      .join(' '),
  );
}
