import { parseIds } from '#base/formats';
import { compose } from '../compose.ts';
import { isOval, type OvalDefinition, readOval, splitOval } from '../forms/oval.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { fixedIn, isDebVersion } from './deb-version.ts';
import { codenameOf } from './osv.ts';

/** oval-definitions-<codename>.xml: a definition for each CVE and package, or for each advisory. */
export const debianOval: SourceFormat = {
  name: 'oval',
  recognises: (_path, head) => isOval(head, /<oval:product_name>\s*Debian\s*<|oval:org\.debian:/),
  split: splitOval,
  parse: (document) => reportOf(document.key, readOval(document)),
};

function reportOf(key: string, definition: OvalDefinition): ParsedReport {
  const { title, references } = definition;
  const ids = [...parseIds(title), ...references.flatMap(({ id }) => parseIds(id))];
  return compose({
    key,
    kind: 'tracker',
    title,
    description: definition.description,
    published: definition.issued,
    url: ids[0] === undefined ? null : `https://security-tracker.debian.org/tracker/${ids[0]}`,
    vulnerabilities: ids,
    affected: rowsOf(definition),
    links: references.map(({ url }) => ({ url })),
    cited: [title],
  });
}

/** "389-ds-base DPKG is earlier than 1.3.5.15-1"; nothing is earlier than 0: the package was never hit. */
function rowsOf({ criteria, platforms }: OvalDefinition): Affected[] {
  return criteria.flatMap(({ comment, platforms: around }) => {
    const [, name, before = ''] = /^(\S{1,200}) DPKG is earlier than (\S{1,200})$/.exec(comment) ?? [];
    if (name === undefined) return [];
    const platform = around[0] ?? platforms[0] ?? '';
    const release = codenameOf(/^Debian(?: GNU\/Linux)? (\d{1,2}(?:\.\d)?)/.exec(platform)?.[1]);
    const row: Affected = { ecosystem: 'debian', name, ...(release !== undefined && { release }) };
    if (before === '0' || before === '0:0') return [{ ...row, status: 'not_affected' }];
    return isDebVersion(before)
      ? [{ ...row, status: 'fixed', fixed: before, versions: fixedIn(before) }]
      : [row];
  });
}
