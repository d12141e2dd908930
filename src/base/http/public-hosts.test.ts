import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { MusterError } from '#base/errors';
import { makeHttpClient } from './client.ts';
import { download } from './download.ts';
import { isPublicAddress, NotAllowed, publicLookup, publicOnly } from './public-hosts.ts';

test('what is public, and what is somebody’s own', () => {
  for (const address of ['1.1.1.1', '151.101.2.132', '2a04:4e42::645', '2606:4700:4700::1111'])
    assert.ok(isPublicAddress(address), address);
  const own = [
    ...['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      '::ffff:127.0.0.1',
      '::ffff:1.1.1.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ...['2001:db8::1', '224.0.0.1', '255.255.255.255', 'localhost', '', '1.1.1', '0x7f.1'],
  ];
  for (const address of own) assert.ok(!isPublicAddress(address), address);
});

test('a name that resolves to an address of this machine is not asked', async () => {
  const lookup = promisify(publicLookup) as (name: string, options: object) => Promise<unknown>;
  await assert.rejects(lookup('localhost', {}), NotAllowed);
  await assert.rejects(lookup('localhost', { all: true }), NotAllowed);
});

test('neither plain http nor a literal address of a private network goes out, also by a redirect', () => {
  const sent: unknown[] = [];
  const guarded = publicOnly((options) => {
    sent.push(options.origin);
    return true;
  });
  const ask = (origin: string) => guarded({ origin, path: '/', method: 'GET' }, {});
  for (const origin of [
    'http://example.org',
    'https://127.0.0.1',
    'https://[::1]:8443',
    'https://169.254.169.254',
  ])
    assert.throws(() => ask(origin), NotAllowed, origin);
  ask('https://example.org');
  assert.deepEqual(sent, ['https://example.org']);
});

test('such an address is refused at once, with the reason, and nothing is tried again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-http-'));
  await using client = makeHttpClient({ pauseMs: 60_000 });
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [url, why] of [
    ['http://example.org/x', /is not https/],
    ['https://127.0.0.1:1/x', /no public address/],
    ['https://localhost:1/x', /no public address/],
  ] as const)
    await assert.rejects(
      download(client, url, join(folder, 'x'), { maxBytes: 10 }),
      (error) => error instanceof MusterError && why.test(error.message),
    );
});
