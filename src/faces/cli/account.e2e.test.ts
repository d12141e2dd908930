import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { openDatabase } from '#base/db';
import { type Outcome, outcomeOf, startMuster } from '../../../test/muster.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'muster-accounts-'));
const DATA = join(FOLDER, 'db');
// Somebody uses the database all the while: it is not started and stopped for each command.
const held = openDatabase({ data: DATA }, { lingerSeconds: 1 });
after(async () => {
  await (await held).close();
  rmSync(FOLDER, { recursive: true, force: true });
});

async function muster(args: string[], input = ''): Promise<Outcome> {
  await held;
  const child = await startMuster(args, { env: { MUSTER_DATA: DATA } });
  // Whoever refuses before it has read closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return outcomeOf(child);
}

describe('accounts on the command line', () => {
  const PASSWORD = 'engines weave algebra\n';

  test('the first admin is made with a password that is piped in, and looks after the others', async () => {
    const made = await muster(['account', 'create', '@Ada', '--role', 'admin', '--json'], PASSWORD);
    assert.deepEqual([made.code, JSON.parse(made.out)], [0, { handle: 'ada', role: 'admin' }], made.err);
    assert.equal((await muster(['account', 'create', 'bob', '--name', 'Bob'], PASSWORD)).code, 0);
    assert.match((await muster(['account', 'role', 'bob', 'triager'])).out, /^@bob is triager\.$/m);
    const listed = JSON.parse((await muster(['account', 'list', '--json'])).out);
    assert.deepEqual(
      listed.accounts.map(({ handle, role }: { handle: string; role: string }) => [handle, role]),
      [
        ['ada', 'admin'],
        ['bob', 'triager'],
      ],
    );
    const token = await muster(['account', 'token', '@bob', '--name', 'ci', '--scope', 'read', 'propose']);
    assert.match(token.out, /^muster_[\w-]{43}\n$/);
    const waits = await muster(['account', 'recover', 'bob', '--reason', 'called me', '--json']);
    assert.deepEqual(JSON.parse(waits.out), { recovery: 1, link: null });
    const alone = await muster(['account', 'recover', 'ada', '--reason', 'stands beside me']);
    assert.match(alone.out, /\/recover\?link=[\w-]{43}$/m);
    assert.equal((await muster(['account', 'disable', 'bob', '--reason', 'left'])).code, 0);
    assert.equal(JSON.parse((await muster(['log', 'verify', '--json'])).out).holds, true);
  });

  const wrong: [string, string[], string, number, RegExp][] = [
    ['no password', ['create', 'cem'], '', 2, /USAGE: no password/],
    [
      'a password that is an argument',
      ['create', 'cem', 'engines weave algebra'],
      '',
      2,
      /too many arguments/,
    ],
    ['a short password', ['create', 'cem'], 'short\n', 2, /USAGE: password: A password has at least 12/],
    ['a handle that is none', ['create', 'c em'], PASSWORD, 2, /USAGE: handle: A handle has/],
    ['a handle that is taken', ['create', 'ada'], PASSWORD, 1, /TRANSITION_BARRED: handle: @ada is somebody/],
    ['a role that is none', ['create', 'cem', '--role', 'root'], PASSWORD, 2, /Allowed choices are/],
    [
      'to lose the last admin',
      ['role', 'ada', 'triager'],
      '',
      1,
      /TRANSITION_BARRED: role: They are the last admin/,
    ],
    [
      'somebody who is not there',
      ['role', 'nobody', 'triager'],
      '',
      1,
      /NOT_FOUND: handle: There is no account/,
    ],
  ];
  for (const [name, args, input, code, words] of wrong)
    test(`refuses ${name}`, async () => {
      const outcome = await muster(['account', ...args], input);
      assert.equal(outcome.code, code, outcome.err);
      assert.match(outcome.err, words);
      assert.equal(outcome.out, '');
    });
});
