import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';
import { ANNOUNCEMENT, announcementUrl, releaseOf } from './products.ts';

/** SUSE's own records in OSV: by source package, which the other forms do not name. */
export const suseOsv = osvFormat({
  name: 'osv',
  ours: (path, head) =>
    /^(?:open)?SUSE-[A-Z]{2}-/.test(osvIdIn(path, head) ?? '') ||
    /"ecosystem"\s*:\s*"(?:open)?SUSE:/.test(head) ||
    /"id"\s*:\s*"(?:open)?SUSE-[A-Z]{2}-/.test(head),
  kindOf: (id) => (ANNOUNCEMENT.test(id) ? 'advisory' : foreignId(id, 'SUSE')),
  urlOf: announcementUrl,
  placeOf: ({ ecosystem }) => ({
    ecosystem: 'suse',
    release: releaseOf(ecosystem.replace(/^SUSE:/, 'SUSE ').replace(/^openSUSE:/, 'openSUSE ')),
  }),
  rebuilt: true,
});
