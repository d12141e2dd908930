// A process of its own for one parser: see fuzz.ts. It is told what to try, and says now and then how far it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  damage,
  type FuzzTarget,
  filesOfFolder,
  fuzzTargets,
  numbersFrom,
  readDamaged,
  type Source,
  sourceNamed,
} from '#domain/sources';

export interface FuzzOrder {
  source: string;
  form: string;
  seconds: number;
  seed: number;
  corpus: string;
}

export interface FuzzAnswer {
  samples: number;
  cases: number;
  reports: number;
  refused: number;
  slowest: number;
  megabytes: number;
  /** What was wrong; nothing comes after it. */
  message?: string;
}

/** Real documents that are larger are not damaged: one case of theirs would take the time of a thousand. */
const MOST_BYTES = 60_000;
const MOST_SAMPLES = 40;

process.once('message', (order: FuzzOrder) => {
  run(order).then(
    () => process.exit(0),
    (error) => {
      process.send?.({ message: String((error as Error).stack ?? error).slice(0, 2000) });
      process.exitCode = 1;
      process.disconnect();
    },
  );
});

async function run({ source: id, form, seconds, seed, corpus }: FuzzOrder): Promise<void> {
  const source = sourceNamed(id);
  const target = fuzzTargets([source]).find((each) => each.form === form);
  if (target === undefined) throw new Error(`${id} has no form ${form}`);
  const samples = [...target.samples, ...(await realSamples(source, target, join(corpus, 'feeds', id)))];
  if (samples.length === 0) throw new Error('there is no document to damage');
  const random = numbersFrom(seed);
  const answer: FuzzAnswer = {
    samples: samples.length,
    cases: 0,
    reports: 0,
    refused: 0,
    slowest: 0,
    megabytes: 0,
  };
  const end = Date.now() + seconds * 1000;
  for (let said = 0; Date.now() < end; ) {
    const sample = samples[Math.floor(random() * samples.length)];
    if (sample === undefined) continue;
    answer.cases += 1;
    const { reports, refused, took } = readDamaged(source, form, sample.path, damage(sample.bytes, random));
    answer.reports += reports;
    answer.refused += refused;
    answer.slowest = Math.max(answer.slowest, Math.round(took));
    if (Date.now() - said < 200) continue;
    said = Date.now();
    answer.megabytes = peak();
    process.send?.(answer);
    // Lets the message go out: the next case may be the one that never ends.
    await new Promise((resolve) => setImmediate(resolve));
  }
  answer.megabytes = peak();
  await new Promise((resolve) => process.send?.(answer, resolve));
}

/** Small documents of the corpus that are in this form; none where there is no corpus. */
async function realSamples(
  source: Source,
  { form }: FuzzTarget,
  folder: string,
): Promise<FuzzTarget['samples']> {
  const found: FuzzTarget['samples'] = [];
  const forms = [...source.formats, ...(source.signals ?? [])];
  const files = await filesOfFolder(folder).catch(() => []);
  for (const { path } of files) {
    if (found.length >= MOST_SAMPLES) break;
    if (/\.(?:gz|bz2|xz|zst|zip|tgz)$/.test(path)) continue;
    const bytes = readFileSync(join(folder, path));
    if (bytes.length > MOST_BYTES) continue;
    const head = bytes.toString('latin1', 0, 4096);
    if (forms.find((each) => each.recognises(path, head))?.name === form) found.push({ path, bytes });
  }
  return found;
}

function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
