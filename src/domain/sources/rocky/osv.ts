import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';
import { ROCKY_ID, rockyUrl } from './ids.ts';

/** Rocky's zip of OSV. */
export const rockyOsv = osvFormat({
  name: 'osv',
  ours: (path, head) =>
    /^R[LX][SBE]A-\d/.test(osvIdIn(path, head) ?? '') || /"id"\s*:\s*"R[LX][SBE]A-/.test(head),
  kindOf: (id) => (ROCKY_ID.test(id) ? 'advisory' : foreignId(id, 'Rocky Linux')),
  urlOf: rockyUrl,
  placeOf: ({ ecosystem }) => {
    const version = /^Rocky Linux:(\d{1,2})$/.exec(ecosystem)?.[1];
    return { ecosystem: 'rocky', release: version === undefined ? undefined : `el${version}` };
  },
  rebuilt: true,
  binaries: true,
});
