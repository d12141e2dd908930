import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, test } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

/** What every room of the domain stands on: who people are, what they may, and the one path of every change. */
const EVERYWHERE = ['domain/policies', 'domain/accounts', 'domain/proposals'];

/** Which rooms each room may import. Arrows point down only: faces → domain → base. ARCHITECTURE.md carries this very table. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'base/errors': [],
  'base/config': ['base/errors'],
  'base/versions': ['base/errors'],
  'base/formats': ['base/errors'],
  'base/db': ['base/config', 'base/versions', 'base/formats', 'base/errors'],
  'base/http': ['base/config', 'base/versions', 'base/formats', 'base/errors'],
  'base/mail': ['base/config', 'base/versions', 'base/formats', 'base/errors'],
  'base/jobs': ['base/config', 'base/versions', 'base/formats', 'base/errors'],
  'domain/policies': [],
  'domain/accounts': ['domain/policies'],
  'domain/proposals': ['domain/policies', 'domain/accounts'],
  'domain/sources': [...EVERYWHERE],
  'domain/issues': [...EVERYWHERE, 'domain/sources', 'domain/channels'],
  'domain/threads': [...EVERYWHERE, 'domain/sources', 'domain/issues'],
  'domain/campaigns': [...EVERYWHERE, 'domain/issues', 'domain/threads'],
  'domain/channels': [...EVERYWHERE],
  'domain/matching': [...EVERYWHERE, 'domain/issues', 'domain/channels'],
  'domain/roundup': [...EVERYWHERE, 'domain/issues', 'domain/channels', 'domain/matching'],
  'domain/insight': [
    ...EVERYWHERE,
    'domain/sources',
    'domain/issues',
    'domain/channels',
    'domain/matching',
    'domain/roundup',
  ],
  'faces/editing': ['domain/*'],
  'faces/mail': ['domain/*'],
  'faces/api': ['domain/*', 'faces/editing'],
  'faces/web': ['domain/*', 'faces/editing', 'faces/api'],
  'faces/cli': ['domain/*', 'faces/editing', 'faces/mail', 'faces/web', 'demo/*', 'bench/*'],
};

interface Import {
  file: string;
  room: string;
  target: string;
}

const files = filesUnder(SRC).filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
const imports = files.flatMap((file) =>
  importsOf(file).map((target) => ({ file: relative(ROOT, file), room: roomOf(file), target })),
);

describe('architecture', () => {
  test('the imports were found at all', () => {
    assert.ok(imports.length > 100, `only ${imports.length} imports seen`);
  });

  test('every room is in the table, and every room of the table exists', () => {
    const rooms = ['base', 'domain', 'faces'].flatMap((floor) =>
      readdirSync(join(SRC, floor)).map((room) => `${floor}/${room}`),
    );
    assert.deepEqual(rooms.sort(), Object.keys(ALLOWED).sort());
  });

  test('rooms import only what the table allows', () => {
    const wrong = imports.filter(({ room, target }) => {
      const other = target.startsWith('#') ? target.slice(1) : null;
      return other !== null && room !== 'main' && !mayImport(room, other);
    });
    assert.deepEqual(wrong.map(describeImport), []);
  });

  test('nobody reaches past the index of another room', () => {
    const wrong = imports.filter(({ file, room, target }) => {
      if (!target.startsWith('.'))
        return target.startsWith('#') && !/^#(base|domain|faces|demo|bench)\/[a-z-]+$/.test(target);
      const path = resolve(ROOT, dirname(file), target);
      // Tests share the means of test/.
      if (file.includes('.test.') && path.startsWith(join(ROOT, 'test'))) return false;
      return roomOf(path) !== room;
    });
    assert.deepEqual(wrong.map(describeImport), []);
  });

  test('every room has an index and says what it is for', () => {
    const missing = Object.keys(ALLOWED).flatMap((room) =>
      ['readme.md'].filter((name) => !existsSync(join(SRC, room, name))).map((name) => `${room}/${name}`),
    );
    assert.deepEqual(missing, []);
    assert.deepEqual(
      Object.keys(ALLOWED).filter((room) => !existsSync(join(SRC, room, 'index.ts'))),
      [],
    );
  });

  test('only http goes out, only nix runs nix and git', () => {
    const wrong = imports.filter(
      ({ file, room, target }) =>
        !file.includes('.test.') &&
        ((target === 'undici' && room !== 'base/http') ||
          (/child_process$/.test(target) && !['base/db', 'base/nix'].includes(room))),
    );
    assert.deepEqual(wrong.map(describeImport), []);
  });

  test('a table is named only in its owner’s store', () => {
    const owner = tableOwners();
    const wrong: string[] = [];
    for (const file of files) {
      const name = relative(ROOT, file);
      if (name.includes('.test.') || name.startsWith('src/base/db/')) continue;
      const text = readFileSync(file, 'utf8');
      const queries = [...text.matchAll(/(?:sql(?:<[^`]*?>)?|query(?:<[^`]*?>)?\()\s*`([^`]*)`/g)]
        .map(([, query]) => query)
        .join('\n');
      for (const [table, room] of owner) {
        const built = new RegExp(
          `(?:selectFrom|insertInto|updateTable|deleteFrom|innerJoin|leftJoin)\\('${table}\\b`,
        );
        const written = new RegExp(`\\b(?:from|join|into|update|table)\\s+${table}\\b`);
        if (!built.test(text) && !written.test(queries)) continue;
        const inStore = /\/store(-[a-z]+)?\.ts$/.test(name) && roomOf(file) === room;
        if (!inStore) wrong.push(`${name} names the table ${table} of ${room}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('there is no room for things without a place', () => {
    const wrong = files.filter((file) =>
      /\/(utils?|helpers?|common|misc|lib)(\/|\.tsx?$)/.test(relative(SRC, file)),
    );
    assert.deepEqual(wrong, []);
  });

  test('ARCHITECTURE.md carries this table', () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z]+\/[a-z]+)` \| ([^|]*) \|$/gm)].map(([, room, allowed]) => [
      room,
      [...(allowed ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    ]);
    assert.deepEqual(Object.fromEntries(rows), ALLOWED);
  });
});

function mayImport(room: string, other: string): boolean {
  const allowed = ALLOWED[room] ?? [];
  if (allowed.includes(other) || other === room) return true;
  if (allowed.includes(`${other.slice(0, other.indexOf('/'))}/*`)) return true;
  return other.startsWith('base/') && !room.startsWith('base/');
}

/** Tables by the room whose migration says "Room NAME" above them. */
function tableOwners(): Map<string, string> {
  const folder = join(SRC, 'base/db/migrations');
  const owners = new Map<string, string>();
  for (const file of readdirSync(folder).sort()) {
    let room = 'base/db';
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const heading = /^-- Room ([a-z]+):/.exec(line);
      if (heading) room = `domain/${heading[1]}`;
      const table = /^create table ([a-z_]+)/.exec(line)?.[1];
      if (table !== undefined) owners.set(table, room);
    }
  }
  return owners;
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(
      /(?:^|[\s;])(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ].flatMap(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? []);
}

function roomOf(file: string): string {
  const parts = relative(SRC, file).split('/');
  return parts.length < 3 ? 'main' : parts.slice(0, 2).join('/');
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function describeImport({ file, target }: Import): string {
  return `${file} imports ${target}`;
}
