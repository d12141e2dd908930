import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { GONE_AFTER_MS, initialsOf, makePresence } from './presence.ts';

const ada = { id: 'person:1', handle: 'ada', name: 'Ada Lovelace' };
const ben = { id: 'person:2', handle: 'ben', name: 'ben' };

function watched() {
  const shown: { page: string; handles: string[] }[] = [];
  let now = 0;
  const presence = makePresence(
    { queries: {} as never },
    (page, bytes) => {
      const [, data] = /^data: (.*)$/m.exec(new TextDecoder().decode(bytes)) ?? [];
      const people = JSON.parse(data ?? '') as { handle: string }[];
      shown.push({ page, handles: people.map(({ handle }) => handle) });
    },
    () => now,
  );
  const hear = (viewer: typeof ada, window: string, gone = false) =>
    presence.hear(JSON.stringify({ page: '/issues/A', window, viewer, gone }));
  return { shown, presence, hear, pass: (milliseconds: number) => (now += milliseconds) };
}

test('who comes and goes is shown, once each, and two windows are one person', () => {
  const { shown, hear, presence } = watched();
  hear(ada, 'w1');
  hear(ada, 'w2');
  hear(ben, 'w3');
  hear(ada, 'w1', true);
  hear(ada, 'w2', true);
  assert.deepEqual(
    shown.map(({ handles }) => handles.join(' ')),
    ['ada', 'ada ben', 'ben'],
  );
  assert.notEqual(presence.message('/issues/A'), null);
  hear(ben, 'w3', true);
  assert.deepEqual(shown.at(-1), { page: '/issues/A', handles: [] });
  assert.equal(presence.message('/issues/A'), null);
});

test('who is not heard of any more has gone after half a minute', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { shown, hear, pass } = watched();
    hear(ada, 'w1');
    const step = GONE_AFTER_MS / 6;
    for (let passed = 0; passed < GONE_AFTER_MS; passed += step) {
      pass(step);
      mock.timers.tick(step);
    }
    assert.deepEqual(shown.at(-1)?.handles, ['ada']);
    pass(step);
    mock.timers.tick(step);
    assert.deepEqual(shown.at(-1)?.handles, []);
  } finally {
    mock.timers.reset();
  }
});

test('initials come from the name, else from the handle', () => {
  assert.equal(initialsOf('Ada King Lovelace', 'al'), 'AL');
  assert.equal(initialsOf('grahamc', 'grahamc'), 'GR');
  assert.equal(initialsOf(null, '@x'), 'X');
  assert.equal(initialsOf('Ödön von Horváth', 'oe'), 'ÖH');
});
