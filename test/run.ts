// Runs every test of the named suites. Files are dealt in hands to as many processes as there are cores: a process for each
// file costs 15 times the CPU, one for all of them waits most of the time. A suite is a kind of file: unit = *.test.ts,
// db = *.db.test.ts, e2e = *.e2e.test.ts; fast ones first.
// Usage: node --import tsx test/run.ts [unit|db|e2e…] [part of a path…]
import { fork } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Told, tally } from './tally.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Each suite, and how many of its files make a hand. */
const SUITES = { unit: 70, db: 17, e2e: 2 };
type Suite = keyof typeof SUITES;
const isSuite = (word: string): word is Suite => Object.hasOwn(SUITES, word);
/** More than so many browsers and servers at once take more memory than they save time. */
const MOST_PROCESSES = 4;
const ROOT = resolve(import.meta.dirname, '..');

function suiteOf(file: string): string | null {
  if (!/\.test\.tsx?$/.test(file)) return null;
  return /\.(db|e2e)\.test\.tsx?$/.exec(file)?.[1] ?? 'unit';
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** The files of a suite in hands of about equal weight: neighbours are alike, and come into different ones. */
function handsOf(suite: Suite): string[][] {
  const own = files.filter(
    (file) => suiteOf(file) === suite && (parts.length === 0 || parts.some((part) => file.includes(part))),
  );
  const hands = Math.ceil(own.length / SUITES[suite]);
  return Array.from({ length: hands }, (_, hand) => own.filter((_, index) => index % hands === hand));
}

/** Runs a hand in a process of its own, and says what became of each test. */
async function run(hand: readonly string[]): Promise<Told[]> {
  const told: Told[] = [];
  const child = fork(join(import.meta.dirname, 'hand.ts'), hand, {
    execArgv: ['--import', 'tsx', `--test-reporter=${join(import.meta.dirname, 'reporter.ts')}`],
    env: { ...process.env, TMPDIR: temporary },
  });
  child.on('message', (message: Told) => {
    told.push(message);
    if (message.text !== undefined) process.stdout.write(message.text);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.on('close', (...outcome) => done(outcome)),
  );
  if (told.at(-1)?.kind === 'end') return told;
  const which = hand.map((file) => relative(ROOT, file)).join(' ');
  return [...told, { kind: 'fail', name: `its process ended with ${signal ?? code} before all of ${which}` }];
}

const args = process.argv.slice(2);
const suites = args.filter(isSuite);
const parts = args.filter((arg) => !isSuite(arg));
const files = ['src', 'test', 'bench', 'demo'].flatMap((folder) => filesUnder(join(ROOT, folder))).sort();
const waiting = (Object.keys(SUITES) as Suite[])
  .filter((suite) => suites.length === 0 || suites.includes(suite))
  .flatMap(handsOf);
const told: Told[] = [];
const temporary = temporaryFolder();
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

async function work(): Promise<void> {
  for (let hand = waiting.shift(); hand !== undefined; hand = waiting.shift())
    told.push(...(await run(hand)));
}

await Promise.all(
  Array.from({ length: Math.min(availableParallelism(), MOST_PROCESSES, waiting.length) }, work),
);
const { lines, failed } = tally(told);
process.stdout.write(lines);
process.exitCode = failed === 0 ? 0 : 1;
