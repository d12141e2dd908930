import { parseId } from '#base/formats';
import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';

export function ghsaUrl(id: string): string {
  return `https://github.com/advisories/${id}`;
}

/** A file of github/advisory-database: an advisory in OSV, reviewed by GitHub or taken over from NVD as it is. */
export const ghsaOsv = osvFormat({
  name: 'osv',
  ours: (path, head) => /^GHSA-/.test(osvIdIn(path, head) ?? '') || /"id"\s*:\s*"GHSA-/.test(head),
  kindOf: (id) => (parseId(id)?.startsWith('GHSA-') ? 'record' : foreignId(id, 'GitHub')),
  keyOf: (id) => parseId(id) ?? id,
  urlOf: ghsaUrl,
  placeOf: ({ ecosystem }) => ({ ecosystem: ecosystem.toLowerCase().slice(0, 60) || 'osv' }),
});
