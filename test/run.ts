// Runs every test of the named suites in one process (a process for each file costs 15 times the CPU).
// A suite is a kind of file: unit = *.test.ts, db = *.db.test.ts, e2e = *.e2e.test.ts; fast ones first.
// Usage: node --import tsx --test-reporter=./test/reporter.ts test/run.ts [unit|db|e2e…] [part of a path…]
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const SUITES = ['unit', 'db', 'e2e'];

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

const args = process.argv.slice(2);
const suites = args.filter((arg) => SUITES.includes(arg));
const parts = args.filter((arg) => !SUITES.includes(arg));
const root = resolve(import.meta.dirname, '..');
const files = ['src', 'test', 'bench', 'demo'].flatMap((folder) => filesUnder(join(root, folder))).sort();
const chosen = SUITES.filter((suite) => suites.length === 0 || suites.includes(suite)).flatMap((suite) =>
  files.filter(
    (file) => suiteOf(file) === suite && (parts.length === 0 || parts.some((part) => file.includes(part))),
  ),
);
for (const file of chosen) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    // Thrown here it would end the run, and the tests that did not run would look as if there were none.
    test(`${relative(root, file)} can be loaded`, () => {
      throw error;
    });
  }
}
