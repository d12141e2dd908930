/** Addresses of our own pages, in one place: what links to them and what answers there must agree. */

export function roundupAddress(number: number): string {
  return `/roundups/${number}`;
}

/** A release gate; without a release, the one of its channel that is open, or the latest. */
export function gateAddress(channel: string, release?: string): string {
  return `/gates/${part(channel)}${release === undefined ? '' : `/${part(release)}`}`;
}

/** A list of either kind. */
export function listAddress({
  number,
  gate,
  release,
}: {
  number: number;
  gate?: string | undefined;
  release?: string | undefined;
}): string {
  return gate === undefined ? roundupAddress(number) : gateAddress(gate, release);
}

export function issueAddress(id: string): string {
  return `/issues/${part(id)}`;
}

export function packageAddress(attr: string): string {
  return `/packages/${part(attr)}`;
}

export function channelAddress(name: string): string {
  return `/channels/${part(name)}`;
}

export function reportAddress(source: string, key: string): string {
  return `/reports/${part(source)}/${part(key)}`;
}

export function personAddress(handle: string): string {
  return `/people/${part(handle)}`;
}

/** A thread of a mailing list. */
export function threadAddress(id: number): string {
  return `/threads/${id}`;
}

/** A story that issues of several products belong to. */
export function campaignAddress(name: string): string {
  return `/campaigns/${name}`;
}

/** One account, for admins. */
export function accountAddress(handle: string): string {
  return `/accounts/${part(handle)}`;
}

const TOPIC_PAGES: ReadonlyMap<string, string> = new Map([
  ['issue', 'issues'],
  ['package', 'packages'],
  ['channel', 'channels'],
  ['roundup', 'roundups'],
  ['proposal', 'proposals'],
  ['person', 'people'],
  ['thread', 'threads'],
  ['campaign', 'campaigns'],
]);

/** The page of a topic, `issue:NSI-2017-0043`; home where it has none. */
export function topicAddress(topic: string): string {
  const colon = topic.indexOf(':');
  const page = TOPIC_PAGES.get(topic.slice(0, colon));
  return page === undefined ? '/' : `/${page}/${part(topic.slice(colon + 1))}`;
}

export const SOURCES_ADDRESS = '/sources';

export function sourceAddress(id: string): string {
  return `${SOURCES_ADDRESS}/${part(id)}`;
}

/** Text from outside as one part of a path: it cannot climb out, and halves of characters become the replacement character. */
function part(text: string): string {
  if (/^[A-Za-z0-9_][\w.-]*$/.test(text)) return text;
  const encoded = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
}

/** An `id` attribute from text: the same text always gives the same, different ones (as good as) never. */
export function anchor(kind: string, text: string): string {
  const name = text.replace(/[^A-Za-z0-9._+-]+/g, '-').slice(0, 60);
  return name === text ? `${kind}-${name}` : `${kind}-${name}-${checksum(text)}`;
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(36);
}

/** An address that the caller made of our own pages: a path, a query or an anchor. Anything else leads home. */
export function ownAddress(href: string): string {
  // Browsers leave tabs and line ends out before they read an address.
  const read = href.replace(/[\t\r\n]/g, '');
  return /^(?:\/(?![/\\])|[#?])/.test(read) ? read : '/';
}
