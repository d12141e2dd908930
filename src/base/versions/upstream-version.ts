/**
 * Words after a dash that say how nixpkgs builds a version or which patch series it carries, and never which release it is.
 * What upstream means by them (beta, staging of a distribution's own) must not be here.
 */
const FLAVOURS = new Set([
  ...[
    'wrapper',
    'wrapped',
    'unwrapped',
    'plugin',
    'plugins',
    'with',
    'full',
    'minimal',
    'headless',
    'tiles',
    'gimp',
  ],
  ...[
    'bin',
    'binary',
    'kernel',
    'javac',
    'odbc',
    'dnie',
    'standard',
    'gnome',
    'nix',
    'gnu',
    'libre',
    'staging',
  ],
  // Patch series on a kernel's release; what ails that release ails them.
  ...['hardened', 'zen', 'lqx', 'xanmod', 'ck', 'rt', 'mptcp', 'rpi', 'chromiumos', 'pf'],
]);

/** Packages whose `pN` is not a patch but the number of the portable release of the same version (openssh.com/portable.html). */
const PORTABLES = /^(?:openssh|opensmtpd|openntpd|openbgpd)/;

/**
 * The upstream release that a nixpkgs version stands for.
 *
 * - Flavours after a dash go: `4.9.75-hardened`, `60.3.0-gnu1`, `2.4.0-with-plugins`.
 * - A kernel's version after a dash goes, that a module was built for: `340.102-4.12.10`, `1.62-5.3-rc5`.
 * - glibc's `2.25-123` loses the number of nixpkgs' patches on it (glibc has no such releases).
 *
 * Everything else stays: ImageMagick's `6.9.7-4` and bash's `4.4-p23` are upstream's own.
 */
export function upstreamVersion(version: string, pname?: string): string {
  if (!version.includes('-')) return version;
  const parts = version.split('-');
  const flavour = parts.findIndex((part, i) => i > 0 && FLAVOURS.has(/^[a-z]*/.exec(part)?.[0] ?? ''));
  const plain = flavour === -1 ? version : parts.slice(0, flavour).join('-');
  // A day after a dash has the form of no kernel, since its parts are joined by dashes as well.
  const released = plain.replace(/^([^-]+)-[2-9]\.[0-9]+(?:\.[0-9]+[0-9.]*|-rc[0-9]+)(?:-[0-9]+)?$/, '$1');
  return pname !== undefined && /^glibc/.test(pname) ? released.replace(/-[0-9]+$/, '') : released;
}

/** The readings of a version that are coarser than it, finest first: see `atPrecisionOf`. */
export function coarser(version: string, pname?: string): string[] {
  const found: string[] = [];
  // Not a day: 2017-03-03 has no head.
  const head = version.includes('-') ? /^([^-]*[0-9][^-]*)-[0-9][0-9._]*$/.exec(version)?.[1] : undefined;
  if (head !== undefined && !/-(?:19|20)[0-9]{6}/.test(version)) found.push(head);
  if (pname !== undefined && PORTABLES.test(pname)) {
    const portable = /^([0-9.]+)p[0-9]+$/.exec(version)?.[1];
    if (portable !== undefined) found.push(portable);
  }
  return found;
}

/**
 * The version as exactly as the end of a range speaks. A range "through 2.25" means what is called 2.25, so that 2.25-123
 * is in it; "before 6.9.7-4" knows numbers after the dash, so that they count. The same for `p1` of OpenSSH.
 */
export function atPrecisionOf(end: string, version: string, others: readonly string[]): string {
  for (const other of others) if (numbersIn(end) <= numbersIn(other)) return other;
  return version;
}

function numbersIn(text: string): number {
  let count = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= 48 && code <= 57;
    if (digit && !inside) count++;
    inside = digit;
  }
  return count;
}
