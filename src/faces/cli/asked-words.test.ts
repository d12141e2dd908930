import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedWords } from './asked-words.ts';
import { makeProgram } from './program.ts';

const program = makeProgram(() => Promise.reject(new Error('nothing runs here')));

const cases: [string, string][] = [
  ['help roundup open', 'roundup open --help'],
  ['help rondup', 'rondup'],
  ['help', 'help'],
  ['roundup help', 'roundup help'],
  ['rondup --help', 'rondup'],
  ['roundup opne -h', 'roundup opne'],
  ['--data /tmp roundup --help', '--data /tmp roundup --help'],
  ['roundup open --lead somebody --help', 'roundup open --lead somebody --help'],
  ['sync debian --help', 'sync debian --help'],
  ['--json', '--json'],
];
for (const [said, meant] of cases) {
  test(`"${said}" means "${meant}"`, () => {
    assert.equal(askedWords(said.split(' '), program).join(' '), meant);
  });
}
