import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';

/** Alpine's zip of OSV: a record for each CVE of its packages, made of the secdb. */
export const alpineOsv = osvFormat({
  name: 'osv',
  ours: (path, head) =>
    /^ALPINE-CVE-/.test(osvIdIn(path, head) ?? '') || /"ecosystem"\s*:\s*"Alpine[:"]/.test(head),
  kindOf: (id) => (/^(?:ALPINE-)?CVE-\d{4}-\d{4,19}$/.test(id) ? 'tracker' : foreignId(id, 'Alpine')),
  keyOf: (id) => (id.startsWith('ALPINE-') ? id : `ALPINE-${id}`),
  urlOf: (id) => `https://security.alpinelinux.org/vuln/${id.replace('ALPINE-', '')}`,
  placeOf: ({ ecosystem }) => ({ ecosystem: 'alpine', release: /^Alpine:(.{1,20})$/.exec(ecosystem)?.[1] }),
});
