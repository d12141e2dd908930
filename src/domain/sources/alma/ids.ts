import { plainText } from '../document.ts';
import { DocumentProblem } from '../source.ts';

/** `ALSA-2022:8194` (security), `ALBA-` (bugs), `ALEA-`: the number is Red Hat's own. Throws `bad-id`. */
export function almaId(written: string, where: string): string {
  const [, kind, year, number] = /^(AL[SBE]A)-(\d{4})[:-](A?\d{3,6})$/.exec(written.trim()) ?? [];
  if (kind === undefined)
    throw new DocumentProblem(
      'bad-id',
      where,
      `"${plainText(written, 60)}" is not the id of an advisory of AlmaLinux`,
    );
  return `${kind}-${year}:${number}`;
}

/** The page of an advisory; of which release it is, the id does not tell. */
export function almaUrl(id: string, release?: string): string {
  const version = /^el(\d{1,2})$/.exec(release ?? '')?.[1];
  return version === undefined
    ? `https://errata.almalinux.org/?search=${id}`
    : `https://errata.almalinux.org/${version}/${id.replace(':', '-')}.html`;
}

/** "el8" for a package that says in its release for which it was built ("10.el8_4.1", "18.module_el8.5.0+2632+14ced695"). */
export function releaseOf(text: string): string | undefined {
  const version = /(?:^|[._+])el(\d{1,2})(?![0-9])/.exec(text)?.[1];
  return version === undefined ? undefined : `el${version}`;
}
