/** What handles, names and addresses may be. Each answers with what is wrong, or null. */

/** Reserved when people choose for themselves: they read as if the team or the program spoke. */
const RESERVED = new Set(
  'admin administrator all anonymous everyone help here machine me moderator muster new nixos nobody official owner postmaster robot root rule security staff support system team triager visitor webmaster'.split(
    ' ',
  ),
);

/** A handle as it is stored, from what was typed: `@Ada` → `ada`. Letters of other scripts that look alike are no letters here. */
export function readHandle(text: string): string | null {
  const handle = text.trim().replace(/^@/, '');
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/.test(handle)) return null;
  return handle.toLowerCase();
}

export const HANDLE_RULE =
  'A handle has 1 to 39 letters a to z, digits and hyphens; it begins and ends with a letter or digit.';

export function isReserved(handle: string): boolean {
  return RESERVED.has(handle);
}

const LONGEST_NAME = 80;

/** A name in one line, as it is stored; null where it cannot be one. Marks that turn the direction of what follows are none. */
export function readName(text: string): string | null {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name === '' || [...name].length > LONGEST_NAME) return null;
  return /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name) ? null : name;
}

export const NAME_RULE = `A name has 1 to ${LONGEST_NAME} characters, in one line.`;

/** An e-mail address as far as one can tell without sending to it; null where it is none. */
export function readEmail(text: string): string | null {
  const email = text.trim();
  if (
    email.length > 254 ||
    !/^[^\s@<>()[\],;:\\"\p{Cc}\p{Cs}]{1,64}@[^\s@<>()[\],;:\\"\p{Cc}\p{Cs}]+$/u.test(email)
  )
    return null;
  const domain = email.slice(email.indexOf('@') + 1);
  return /^[^.-][^.]*(?:\.[^.]+)+$/.test(domain) ? email : null;
}

export const EMAIL_RULE = 'That is not an e-mail address.';

/** A line of somebody's own words: the name of a passkey, a reason. */
export function readLine(text: string, longest: number): string | null {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (line === '' || [...line].length > longest) return null;
  return /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(line) ? null : line;
}
