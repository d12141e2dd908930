/** A CPE name. `*` is ANY, `-` is NA (NIST IR 7695, 5.3.1); every other value is unquoted. */
export interface Cpe {
  /** `a` application, `o` operating system, `h` hardware. */
  part: string;
  vendor: string;
  product: string;
  version: string;
  update: string;
  edition: string;
  language: string;
  swEdition: string;
  targetSw: string;
  targetHw: string;
  other: string;
}

const ANY = '*';
const LONGEST = 2000;

/**
 * A CPE in either form that feeds use: the formatted string of 2.3 (`cpe:2.3:a:openssl:openssl:1.0.1:f:*:*:*:*:*:*`,
 * NIST IR 7695, 6.2) or the URI of 2.2 (`cpe:/o:redhat:enterprise_linux:7::server`, 6.1). Null if it is neither.
 */
export function parseCpe(text: string): Cpe | null {
  if (text.length > LONGEST) return null;
  if (text.startsWith('cpe:2.3:')) return parseFormatted(text);
  return text.startsWith('cpe:/') ? parseUri(text) : null;
}

/** What most names of NVD end in: seven attributes that are not set. */
const OPEN_END = ':*:*:*:*:*:*:*';

function parseFormatted(text: string): Cpe | null {
  if (text.includes('\\')) return fromParts(splitQuoted(text).map(unquote));
  if (!text.endsWith(OPEN_END)) return fromParts(text.split(':'));
  const vendor = text.indexOf(':', 8) + 1;
  const product = text.indexOf(':', vendor) + 1;
  const version = text.indexOf(':', product) + 1;
  const end = text.length - OPEN_END.length;
  if (text.indexOf(':', version) !== end) return null;
  return checked({
    part: text.slice(8, vendor - 1),
    vendor: text.slice(vendor, product - 1),
    product: text.slice(product, version - 1),
    version: text.slice(version, end),
    update: ANY,
    edition: ANY,
    language: ANY,
    swEdition: ANY,
    targetSw: ANY,
    targetHw: ANY,
    other: ANY,
  });
}

function fromParts(parts: readonly string[]): Cpe | null {
  if (parts.length !== 13) return null;
  return checked({
    part: parts[2] ?? '',
    vendor: parts[3] ?? '',
    product: parts[4] ?? '',
    version: parts[5] ?? '',
    update: parts[6] ?? '',
    edition: parts[7] ?? '',
    language: parts[8] ?? '',
    swEdition: parts[9] ?? '',
    targetSw: parts[10] ?? '',
    targetHw: parts[11] ?? '',
    other: parts[12] ?? '',
  });
}

/** Splits at colons that no backslash quotes. */
function splitQuoted(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === ':') {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** A quoted single `*` or `-` stays quoted: unquoted it would mean ANY or NA. */
function unquote(value: string): string {
  if (value === '\\*' || value === '\\-') return value;
  return value.replace(/\\(.)/g, '$1');
}

function parseUri(text: string): Cpe | null {
  const parts = text.slice('cpe:/'.length).split(':');
  if (parts.length > 7) return null;
  const value = (at: number) => decoded(parts[at] ?? '');
  const edition = parts[5] ?? '';
  // 2.3 packs five attributes into the edition of a 2.2 URI: ~edition~sw_edition~target_sw~target_hw~other.
  const packed = edition.startsWith('~') ? edition.split('~').map(decoded) : null;
  return checked({
    part: value(0),
    vendor: value(1),
    product: value(2),
    version: value(3),
    update: value(4),
    edition: packed === null ? value(5) : (packed[1] ?? ANY),
    language: value(6),
    swEdition: packed?.[2] ?? ANY,
    targetSw: packed?.[3] ?? ANY,
    targetHw: packed?.[4] ?? ANY,
    other: packed?.[5] ?? ANY,
  });
}

function decoded(value: string): string {
  if (value === '') return ANY;
  if (!value.includes('%')) return value;
  try {
    // %01 and %02 stand for the wildcards ? and *.
    return decodeURIComponent(value.replace(/%01/g, '?').replace(/%02/g, '*'));
  } catch {
    return value;
  }
}

function checked(cpe: Cpe): Cpe | null {
  const { part, vendor, product } = cpe;
  if (part !== 'a' && part !== 'o' && part !== 'h') return null;
  return vendor === '' || product === '' ? null : cpe;
}
