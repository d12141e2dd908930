import { BlockList, isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { addressBlocks, type Config } from '#base/config';

/**
 * Finds out which address a request comes from, for everything behind: that of the connection, or, where that is one of
 * the proxies that the settings trust, the last one of X-Forwarded-For that is none of them.
 */
export function findAddress({ trustedProxies }: Pick<Config, 'trustedProxies'>): MiddlewareHandler {
  const trusted = blockList(trustedProxies);
  return async (c, next) => {
    const forwarded = c.req.header('X-Forwarded-For');
    const connected = connectedAddress(c);
    c.set('address', forwarded === undefined ? connected : behind(connected, forwarded, trusted));
    await next();
  };
}

/** The address that a request comes from; empty where there is no connection (tests that ask the application itself). */
export function addressOf(c: Context): string {
  return (c.get('address') as string | undefined) ?? connectedAddress(c);
}

/** The address for limits: whoever has one of IPv6 has the 2⁶⁴ of its network. */
export function networkOf(c: Context): string {
  const address = addressOf(c);
  if (isIP(address) !== 6) return address;
  const [, inside] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return inside ?? `${groupsOf(address).slice(0, 4).join(':')}::/64`;
}

function connectedAddress(c: Context): string {
  return c.env?.incoming === undefined ? '' : (getConnInfo(c).remote.address ?? '');
}

function behind(connected: string, forwarded: string, trusted: BlockList): string {
  let address = connected;
  for (const part of forwarded.split(',').reverse()) {
    if (!isTrusted(address, trusted)) return address;
    const before = part.trim().replace(/^\[(.*)\](?::\d+)?$/, '$1');
    if (isIP(before) === 0) return address;
    address = before;
  }
  return address;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  return version !== 0 && trusted.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

function blockList(list: string): BlockList {
  const blocks = new BlockList();
  for (const { address, bits } of addressBlocks(list)) {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === null) blocks.addAddress(address, family);
    else blocks.addSubnet(address, bits, family);
  }
  return blocks;
}

/** "2001:db8::1" → its eight groups, without leading zeros. */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const missing = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array<string>(missing).fill('0'), ...tail].map((group) =>
    group.replace(/^0+(?=.)/, '').toLowerCase(),
  );
}
