import { linkKind, linkTo, urlsIn } from '../links.ts';
import type { Link } from '../source.ts';

/**
 * One line of a `Patches_<package>:` section: "upstream: URL (2.4)", "debdiff: URL", "break-fix: BAD GOOD".
 * Labels are typed by hand (`usptream:`, `break-fix;` occur). A line without an address gives no link.
 */
export function patchLinks(name: string, line: string): Link[] {
  const [, label = '', rest = ''] = /^\s*([A-Za-z-]{1,20})\s*[:;]\s*(.*)$/s.exec(line) ?? [];
  if (label === 'break-fix') return name.startsWith('linux') ? breakFixLinks(rest) : [];
  const urls = urlsIn(line);
  return urls.map((url) => {
    const note = [label === 'upstream' ? '' : label, rest.slice(rest.indexOf(url) + url.length).trim()];
    return linkTo(url, { kind: kindOf(label, url), note: note.filter((part) => part !== '').join(' ') });
  });
}

/** Who says "upstream" or "debdiff" means the fix, unless the address is plainly a discussion or an announcement. */
function kindOf(label: string, url: string): Link['kind'] {
  const kind = linkKind(url);
  const saysPatch = /^u[a-z]{4,9}$/.test(label) || label === 'debdiff';
  if (!saysPatch || kind === 'advisory' || kind === 'exploit') return kind;
  const talk = kind === 'bug' && !/attachment/i.test(url);
  return talk ? kind : 'patch';
}

/**
 * Commits of the kernel: the one that broke it (`-` for "since ever"), then those that fixed it, joined by `|`;
 * `local-…` is Ubuntu's own. Only the good ones are patches.
 */
function breakFixLinks(text: string): Link[] {
  const [broke = '', fixed = ''] = text.trim().split(/\s+/);
  const since = /^(?:[0-9a-f]{12,40}|v\d[\w.^-]{1,30})$/.test(broke) ? `introduced by ${broke}` : '';
  return fixed
    .split('|')
    .filter((commit) => /^[0-9a-f]{12,40}$/.test(commit))
    .map((commit) => linkTo(`https://git.kernel.org/linus/${commit}`, { kind: 'patch', note: since }));
}
