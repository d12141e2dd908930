import { InvalidArgumentError } from 'commander';

// Arguments of the commands, as far as they can be checked without loading a room. A date is read by `moment.ts`.

/** A whole number from 1. */
export function numberArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a number is due, as 12');
  return Number(text);
}

/** A weekly list by its number, or a release gate by its channel, with or without its release. */
export type ListArgument = number | { channel: string; release: string | undefined };

/** `12`, `nixos-unstable`, `nixos-unstable/26.11` */
export function listArgument(text: string): ListArgument {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  const [, channel, release] = /^([A-Za-z][^/\s]{0,199})(?:\/([^/\s]{1,40}))?$/.exec(text) ?? [];
  if (channel === undefined)
    throw new InvalidArgumentError(
      'a number is due, as 12; or a release gate, as nixos-unstable or nixos-unstable/26.11',
    );
  return { channel, release };
}

/** A port: 0 (any free one) to 65535. */
export function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is due, 0 to 65535');
  return port;
}

/** The id of an issue, in either case. */
export function issueArgument(text: string): string {
  const id = text.trim().toUpperCase();
  if (!/^(?!CVE-|CAN-)[A-Z]{2,8}-\d{4}-\d{1,9}$/.test(id))
    throw new InvalidArgumentError(
      'the id of an issue is due, as NSI-2017-0043 (`./muster issue show` finds it by a CVE)',
    );
  return id;
}

/** Several of them. */
export function issueArguments(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), issueArgument(text)];
}

/** Words that are kept for good: some have to be there. */
export function reasonArgument(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('say why: it is kept for good');
  return text.trim();
}
