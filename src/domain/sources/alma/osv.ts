import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';
import { almaId, almaUrl } from './ids.ts';

/** The records of AlmaLinux/osv-database: packages are binaries. */
export const almaOsv = osvFormat({
  name: 'osv',
  ours: (path, head) =>
    /^AL[SBE]A-\d/.test(osvIdIn(path, head) ?? '') ||
    (/"ecosystem"\s*:\s*"AlmaLinux/.test(head) && /"AL[SBE]A-/.test(head)),
  kindOf: (id) => (/^AL[SBE]A-\d{4}[:-]A?\d{3,6}$/.test(id) ? 'advisory' : foreignId(id, 'AlmaLinux')),
  keyOf: (id) => almaId(id, 'id'),
  urlOf: (id) => almaUrl(id),
  placeOf: ({ ecosystem }) => {
    const version = /^AlmaLinux:(\d{1,2})$/.exec(ecosystem)?.[1];
    return { ecosystem: 'alma', release: version === undefined ? undefined : `el${version}` };
  },
  rebuilt: true,
  binaries: true,
});
