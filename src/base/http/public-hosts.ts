import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';

/** Addresses that are nobody's on the public internet (IANA special-purpose registries, RFC 6890). */
const NOT_PUBLIC_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Of IPv6 only what is given out (2000::/3) is public, without what carries other addresses within. */
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const notPublic = new BlockList();
for (const block of NOT_PUBLIC_4) add(notPublic, block, 'ipv4');
for (const block of NOT_PUBLIC_6) add(notPublic, block, 'ipv6');
const given = new BlockList();
add(given, '2000::/3', 'ipv6');

function add(list: BlockList, block: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits] = block.split('/');
  list.addSubnet(address, Number(bits), family);
}

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, 'ipv4');
  return family === 6 && given.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

/** An address that is not asked, whoever names it: a setting, a feed, or an answer that leads there. */
export class NotAllowed extends Error {}

/** Resolves names as the system does, and only to public addresses: what a name resolves to is checked where it is used. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, [], 0);
    const bad = found.find(({ address }) => !isPublicAddress(address));
    if (bad !== undefined || found.length === 0)
      return done(new NotAllowed(`${hostname} is ${bad?.address ?? 'nowhere'}, no public address`), [], 0);
    const [first] = found;
    if (options.all === true) done(null, found);
    else done(null, first?.address ?? '', first?.family);
  });
};

/** Lets requests through that go to public hosts over TLS; each redirect is a request of its own. */
export function publicOnly(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
  return (options, handler) => {
    const { protocol, hostname } = new URL(String(options.origin));
    if (protocol !== 'https:') throw new NotAllowed(`${String(options.origin)} is not https`);
    const literal = hostname.replace(/^\[|\]$/g, '');
    // A literal address is never looked up.
    if (isIP(literal) !== 0 && !isPublicAddress(literal))
      throw new NotAllowed(`${literal} is no public address`);
    return dispatch(options, handler);
  };
}
