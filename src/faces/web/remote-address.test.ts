import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { addressOf, findAddress, networkOf } from './remote-address.ts';

/** What a request from that connection, with that header, is taken for. */
async function seen(connected: string, forwarded: string | null, trustedProxies: string) {
  const app = new Hono();
  app.use(findAddress({ trustedProxies }));
  app.get('/', (c) => c.json([addressOf(c), networkOf(c)]));
  const headers = forwarded === null ? {} : { 'X-Forwarded-For': forwarded };
  const env = { incoming: { socket: { remoteAddress: connected } } };
  return (await app.request('/', { headers }, env)).json() as Promise<[string, string]>;
}

test('a request comes from where the connection does, unless a proxy of ours says otherwise', async () => {
  const cases: [connected: string, forwarded: string | null, trusted: string, address: string][] = [
    ['192.0.2.1', null, '', '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', '', '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', '10.0.0.0/8', '192.0.2.1'],
    ['10.1.2.3', '203.0.113.9', '10.0.0.0/8', '203.0.113.9'],
    ['::ffff:10.1.2.3', '203.0.113.9', '10.0.0.0/8', '203.0.113.9'],
    // What the sender says of themselves stands to the left of what our own proxies add.
    ['10.1.2.3', '1.1.1.1, 203.0.113.9', '10.0.0.0/8', '203.0.113.9'],
    ['10.1.2.3', '1.1.1.1, 203.0.113.9, 10.9.9.9', '10.0.0.0/8', '203.0.113.9'],
    ['10.1.2.3', '10.0.0.1, 10.0.0.2', '10.0.0.0/8', '10.0.0.1'],
    ['10.1.2.3', 'nonsense', '10.0.0.0/8', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.9, nonsense', '10.0.0.0/8', '10.1.2.3'],
    ['10.1.2.3', '', '10.0.0.0/8', '10.1.2.3'],
    ['::1', '[2001:db8::1]:443', '::1', '2001:db8::1'],
    ['fd00::5', '2001:db8::1', 'fd00::/8, 127.0.0.1', '2001:db8::1'],
  ];
  for (const [connected, forwarded, trusted, address] of cases)
    assert.equal(
      (await seen(connected, forwarded, trusted))[0],
      address,
      `${connected} ${forwarded} ${trusted}`,
    );
});

test('limits are for a network of IPv6, and for an address of IPv4 however it is written', async () => {
  const network = async (address: string) => (await seen(address, null, ''))[1];
  assert.equal(await network('192.0.2.1'), '192.0.2.1');
  assert.equal(await network('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(await network('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.equal(await network('2001:0DB8:1:2::9'), '2001:db8:1:2::/64');
  assert.equal(await network('2001:db8::1'), '2001:db8:0:0::/64');
  assert.equal(await network('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(await network('::1'), '0:0:0:0::/64');
});
