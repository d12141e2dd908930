import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fuzzTargets, type Source } from '#domain/sources';
import type { FuzzAnswer, FuzzOrder } from './fuzz-parser.ts';

/** What became of one parser. */
export interface FuzzFigure {
  /** "suse cvrf" */
  parser: string;
  samples: number;
  cases: number;
  reports: number;
  refused: number;
  /** Milliseconds of CPU of the dearest case. */
  slowest: number;
  /** The most memory that its process had. */
  megabytes: number;
  failure: { kind: 'crash' | 'hang'; seed: number; at: number; message: string } | null;
}

export interface FuzzFigures {
  parsers: FuzzFigure[];
  cases: number;
  crashes: number;
  hangs: number;
  seconds: number;
  goal: { crashes: 0; hangs: 0; megabytes: number };
  holds: boolean;
}

/** A process begins with some 150; what a parser may add is a few documents of the largest size. */
const GOAL_MEGABYTES = 800;
/** A case that takes longer is a hang: the dearest real document takes a tenth of it. */
const HANG_MS = 15_000;

/** Tries every parser of the sources for so long, two at a time, each in a process that may crash or hang without the others. */
export async function benchFuzz(options: {
  sources: readonly Source[];
  seconds: number;
  seed: number;
  corpus: string;
  onProgress?: (words: string) => void;
}): Promise<FuzzFigures> {
  const { sources, seconds, seed, corpus } = options;
  const due = fuzzTargets(sources).map(({ source, form }) => ({ source, form, seconds, seed, corpus }));
  const all = due.length;
  const parsers: FuzzFigure[] = [];
  const work = async () => {
    for (let order = due.shift(); order !== undefined; order = due.shift()) {
      options.onProgress?.(`${parsers.length}/${all}  ${order.source} ${order.form}`);
      parsers.push(await tryParser(order));
    }
  };
  await Promise.all([work(), work()]);
  parsers.sort((a, b) => (a.parser < b.parser ? -1 : 1));
  const failures = (kind: 'crash' | 'hang') => parsers.filter(({ failure }) => failure?.kind === kind).length;
  const [crashes, hangs] = [failures('crash'), failures('hang')];
  const within = parsers.every(({ megabytes, cases }) => megabytes <= GOAL_MEGABYTES && cases > 0);
  return {
    parsers,
    cases: parsers.reduce((sum, { cases }) => sum + cases, 0),
    crashes,
    hangs,
    seconds,
    goal: { crashes: 0, hangs: 0, megabytes: GOAL_MEGABYTES },
    holds: crashes + hangs === 0 && within && parsers.length > 0,
  };
}

function tryParser(order: FuzzOrder): Promise<FuzzFigure> {
  const { source, form, seed } = order;
  const figure: FuzzFigure = {
    parser: `${source} ${form}`,
    samples: 0,
    cases: 0,
    reports: 0,
    refused: 0,
    slowest: 0,
    megabytes: 0,
    failure: null,
  };
  return new Promise((resolve) => {
    const child: ChildProcess = fork(join(import.meta.dirname, 'fuzz-parser.ts'), [], {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${GOAL_MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let watch: NodeJS.Timeout;
    const wait = (ms: number) => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        figure.failure = { kind: 'hang', seed, at: figure.cases, message: `no answer within ${ms} ms` };
        child.kill('SIGKILL');
      }, ms);
    };
    // Starting from source takes its time where the machine is busy: that is no parser's fault.
    wait(300_000);
    child.on('message', (answer: FuzzAnswer) => {
      wait(HANG_MS);
      const { message, ...counts } = answer;
      Object.assign(figure, counts);
      if (message !== undefined) figure.failure = { kind: 'crash', seed, at: figure.cases, message };
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watch);
      if (figure.failure === null && code !== 0)
        figure.failure = {
          kind: 'crash',
          seed,
          at: figure.cases,
          message: `its process ended with ${signal ?? code}`,
        };
      resolve(figure);
    });
    child.send(order);
  });
}
