/** How a release gate is called: the channel whose backlog it is, and the release that is to branch off. */
export interface GateName {
  channel: string;
  /** "26.11"; where nobody said which, the day on which the gate was opened. */
  release: string;
}

/** What a release may be called: it stands in addresses. */
export const RELEASE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** "Release gate 26.11 of nixos-unstable"; where the channel bears the release's name, "Release gate of nixos-26.11". */
export function gateTitle({ channel, release }: GateName): string {
  return channel.split('-').includes(release)
    ? `Release gate of ${channel}`
    : `Release gate ${release} of ${channel}`;
}

/** A list of either kind, within a sentence: "roundup 31", "the release gate 26.11 of nixos-unstable". */
export function listTitle(list: { number: number; channel: string | null; release: string | null }): string {
  const { number, channel, release } = list;
  return channel === null || release === null
    ? `roundup ${number}`
    : gateTitle({ channel, release }).replace(/^R/, 'the r');
}

/** The name of a gate as its title says it; null for what is no such title. */
export function readGateTitle(text: string): GateName | null {
  const [, release, channel] = /^Release gate(?: (\S{1,40}))? of (\S{1,200})$/i.exec(text.trim()) ?? [];
  if (channel === undefined) return null;
  const name = release ?? releaseIn(channel);
  return name !== null && RELEASE_NAME.test(name) ? { channel, release: name } : null;
}

/** The release that a channel is named for: "17.03" of `nixos-17.03` and of `nixos-17.03-small`; null of `nixos-unstable`. */
export function releaseIn(channel: string): string | null {
  return channel.split('-').find((part) => /^\d{1,4}\.\d{1,4}$/.test(part)) ?? null;
}

/** The first of `26.11`, `26.11-2`, `26.11-3` … that no gate of the channel bears. */
export function freeRelease(wanted: string, taken: ReadonlySet<string>): string {
  for (let n = 2, name = wanted; ; n += 1) {
    if (!taken.has(name)) return name;
    const ending = `-${n}`;
    name = `${wanted.slice(0, 40 - ending.length)}${ending}`;
  }
}
