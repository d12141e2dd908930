import type { MaintainerContact } from './package.ts';
import { flat, isRecord, text } from './untrusted.ts';

const MOST = 200;
const ADDRESS = /^[^\s<>@]+@[^\s<>@]+$/;

/**
 * Who maintains a package, in the set's order and each once: texts `Name <mail>` as nixpkgs wrote them up to 2018, or
 * objects `{name, email, github, githubId}` of `lib.maintainers` since. The address is never part of the name.
 */
export function readMaintainers(value: unknown): MaintainerContact[] {
  const found = new Map<string, MaintainerContact>();
  for (const item of flat(value).slice(0, MOST)) {
    const one = typeof item === 'string' ? fromText(item) : isRecord(item) ? fromRecord(item) : null;
    if (one !== null) found.set(`${one.name}\n${one.github ?? ''}`, one);
  }
  return [...found.values()];
}

function fromText(value: string): MaintainerContact | null {
  const whole = text(value, 600);
  if (whole === null) return null;
  const open = whole.indexOf('<');
  const words = (open < 0 ? whole : whole.slice(0, open)).trim();
  const inBrackets =
    open < 0
      ? ''
      : whole
          .slice(open + 1)
          .replace(/>.*$/s, '')
          .trim();
  const email = [inBrackets, words].find((part) => ADDRESS.test(part)) ?? null;
  return named(words, null, null, email);
}

function fromRecord(item: Record<string, unknown>): MaintainerContact | null {
  const email = text(item.email, 320);
  // GitHub's ids are whole numbers; some entries spell the key without a capital.
  const id = item.githubId ?? item.githubid;
  return named(
    text(item.name, 200) ?? '',
    text(item.github, 100),
    typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null,
    email !== null && ADDRESS.test(email) ? email : null,
  );
}

function named(
  words: string,
  github: string | null,
  githubId: number | null,
  email: string | null,
): MaintainerContact | null {
  const name = ADDRESS.test(words) ? (words.split('@')[0] ?? '') : words.slice(0, 200);
  const known = name || github || email?.split('@')[0];
  return known ? { name: known, github, githubId, email } : null;
}
