import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';

/** osv/cve/UBUNTU-CVE-2015-0209.json: what the CVE tracker knows of one CVE, in OSV. */
export const osvCve = osvFormat({
  name: 'osv-cve',
  ours: (path, head) =>
    /^UBUNTU-CVE-/.test(osvIdIn(path, head) ?? '') || /"id"\s*:\s*"UBUNTU-CVE-/.test(head),
  kindOf: (id) => (/^UBUNTU-CVE-\d{4}-\d{4,19}$/.test(id) ? 'tracker' : foreignId(id, 'Ubuntu')),
  urlOf: (id) => `https://ubuntu.com/security/${id.replace('UBUNTU-', '')}`,
  placeOf: ({ purl, ecosystem }) => ({
    ecosystem: 'ubuntu',
    // "xenial" from the package URL, "esm-infra/bionic" as well; "14.04:LTS" where it has none.
    release: /[?&]distro=([^&#]{1,60})/.exec(purl ?? '')?.[1] ?? ecosystem.replace(/^Ubuntu:/, ''),
  }),
});
