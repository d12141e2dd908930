import { updateinfoFormat } from '../forms/updateinfo.ts';
import { updateId, updateUrl } from './ids.ts';

/** updateinfo.xml of Fedora's and EPEL's repositories. CVEs stand in descriptions and titles of bugs. */
export const fedoraUpdateinfo = updateinfoFormat({
  name: 'updateinfo',
  ours: (_path, head) => /updates@fedoraproject\.org|<id>\s*FEDORA-/.test(head),
  ecosystem: 'fedora',
  keyOf: ({ id }) => updateId(id, 'update/id'),
  urlOf: updateUrl,
  releaseOf: ({ release }, { collection }) => releaseNamed(collection) ?? releaseNamed(release),
  textsOf: ({ description }) => [description],
});

/** "f38m" for the collection F38M, "epel6" for EL-6 and "Fedora EPEL 6". */
function releaseNamed(name: string): string | undefined {
  const epel = /\b(?:EPEL|EL)[- ](\d{1,2})\b/.exec(name)?.[1];
  if (epel !== undefined) return `epel${epel}`;
  return /^F\d{1,3}[A-Z]?$/.test(name)
    ? name.toLowerCase()
    : /^Fedora (\d{1,3})$/.exec(name)?.[1]?.replace(/^/, 'f');
}
