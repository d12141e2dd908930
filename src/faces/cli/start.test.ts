import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const CLI = import.meta.dirname;

/** Modules that are loaded for every command, help included: what is imported at once from here on. */
function loadedAtOnce(file: string, seen = new Set<string>()): Set<string> {
  const path = relative(CLI, file);
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(file, 'utf8');
  for (const [, names = '', target = ''] of text.matchAll(
    /^(?:import|export) ([^'"]*?) from '([^']+)';/gms,
  )) {
    if (names.startsWith('type ')) continue;
    if (target.startsWith('.')) loadedAtOnce(join(dirname(file), target), seen);
    else seen.add(target);
  }
  return seen;
}

test('only words are loaded at the start: no room but errors, no package but the parser of words', () => {
  const loaded = [...loadedAtOnce(join(CLI, 'index.ts'))];
  const commands = readdirSync(join(CLI, 'commands')).map((name) => `commands/${name}`);
  assert.deepEqual(
    commands.filter((name) => !loaded.includes(name)),
    [],
    'every command was found',
  );
  const outside = loaded.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:'));
  assert.deepEqual(outside.sort(), ['#base/errors', 'commander']);
  assert.deepEqual(
    loaded.filter((name) => name.startsWith('actions/')),
    [],
  );
});
