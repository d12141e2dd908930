import assert from 'node:assert/strict';
import { test } from 'node:test';
import { muster } from '../../../test/muster.ts';

const NOTHING_WRONG = { lost: 0, duplicated: 0, unasked: 0, withoutAnswer: 0, astray: 0 };

async function drill(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await muster(['drill', ...args, '--json']);
  assert.equal(code, 0, `${err}\n${out}`);
  return JSON.parse(out) as Record<string, unknown>;
}

/** What of a drill is the same in every run. */
function steady({
  changes,
  holds,
  kills,
  lost,
  duplicated,
  unasked,
  withoutAnswer,
  astray,
}: Record<string, unknown>) {
  return { changes, holds, kills, lost, duplicated, unasked, withoutAnswer, astray };
}

test('many edit few boxes at once: nothing is lost, nothing made twice, every refusal has its 409', async () => {
  const figure = await drill('edits', '--editors', '12', '--boxes', '10', '--changes', '96');
  const kills = { server: 0, database: 0 };
  assert.deepEqual(steady(figure), { changes: 96, holds: true, kills, ...NOTHING_WRONG });
  // Twelve people on one box: somebody is always too late.
  assert.ok(Number(figure.refused) > 0);
  assert.equal(Number(figure.accepted) + Number(figure.refused), 96);
});

test('the server is killed twice, once with its database: no acknowledged change is missing', async () => {
  const figure = await drill('kills', '--editors', '8', '--boxes', '10', '--changes', '64', '--kills', '2');
  const kills = { server: 2, database: 1 };
  assert.deepEqual(steady(figure), { changes: 64, holds: true, kills, ...NOTHING_WRONG });
  assert.ok(Number(figure.resent) > 0, 'the kills were felt');
});

test('five sources fail in five ways: five alarms, nothing lost, the roundup opens, and all close again', async () => {
  const { bySource, ...figure } = await drill('outage');
  const raised = Object.values(bySource as Record<string, { raised: string[] }>).map((each) => each.raised);
  assert.deepEqual(raised, [['off'], ['silent'], ['html'], ['few'], ['gone'], []]);
  const { holds, alarms, reports, lost, stillOpen } = figure;
  assert.deepEqual(
    { holds, alarms, reports, lost, stillOpen },
    { holds: true, alarms: 5, reports: 180, lost: 0, stillOpen: 0 },
  );
  assert.ok((figure.roundup as { lines: number }).lines > 0);
});
