import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';
import { releaseOf } from './release.ts';
import { errataUrl } from './words.ts';

const ID = /^RH[SBE]A-\d{4}:\d{3,6}$/;

/** Red Hat's own records in OSV; packages are binaries. */
export const redhatOsv = osvFormat({
  name: 'osv',
  ours: (path, head) => /^RH[SBE]A-\d/.test(osvIdIn(path, head) ?? '') || /"id"\s*:\s*"RH[SBE]A-/.test(head),
  kindOf: (id) => (ID.test(id) ? 'advisory' : foreignId(id, 'Red Hat')),
  urlOf: errataUrl,
  // "Red Hat:rhel_eus:8.8::baseos" is the end of a CPE.
  placeOf: ({ ecosystem }) => ({
    ecosystem: 'redhat',
    release: releaseOf(ecosystem.replace(/^Red Hat:/, 'cpe:/a:redhat:')),
  }),
  rebuilt: true,
  binaries: true,
});
