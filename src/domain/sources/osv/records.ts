import { parseAdvisoryIds, parseIds } from '#base/formats';
import { checkFile } from '../document.ts';
import { type OsvAffected, type OsvDialect, osvFormat, osvIdIn, osvReport, readOsv } from '../forms/osv.ts';
import { readYaml } from '../forms/yaml.ts';
import { readFields } from '../json-records.ts';
import {
  DocumentProblem,
  type ParsedReport,
  type RawDocument,
  type SourceFile,
  type SourceFormat,
} from '../source.ts';

/** The schema asks for "DB-ENTRYID"; what else is used as an id is let pass as long as it can stand in an address. */
const ID = /^[A-Za-z0-9][\w.:+-]{1,120}$/;
/** Distributions' ids of what one CVE is to their packages. */
const TRACKER = /^(?:UBUNTU|DEBIAN|ALPINE|ECHO|MINIMOS|ROOT|CGA|AZL|BELL|OESA)-(?:[A-Z]+-)?CVE-\d{4}-\d+$/;

const dialect: OsvDialect = {
  name: 'osv',
  ours,
  kindOf,
  urlOf: (id) => `https://osv.dev/vulnerability/${encodeURIComponent(id)}`,
  placeOf,
};

/** Who numbers so publishes in OSV as well, and is a source of ours: read here only from where OSV's own files are. */
const OF_OTHERS =
  /^(?:GHSA|USN|LSN|UBUNTU-CVE|D[SL]A|DTSA|DEBIAN-CVE|AL[SBE]A|R[LX][SBE]A|RH[SBE]A|(?:open)?SUSE-[A-Z]{2}|MGASA|ALPINE-CVE)-/;

function ours(path: string, head: string): boolean {
  const id = osvIdIn(path, head);
  // Canonical's own archive has a folder of that name, too.
  const below = /(?:^|\/)osv\/(?!(?:usn|lsn|cve)\/)/.test(path);
  if (id === null) return false;
  const named = /^[A-Z][A-Z0-9-]*-\d/.test(id);
  return below ? named || /"id"\s*:\s*"/.test(head) : named && !OF_OTHERS.test(id);
}

/** Records in JSON: in zips of osv.dev, of a registry's own database, or one a line. */
export const osvJson: SourceFormat = osvFormat(dialect);

/** Records in YAML: as PyPA and OSS-Fuzz keep them. */
export const osvYaml: SourceFormat = {
  name: 'osv-yaml',
  recognises: (path, head) =>
    /\.ya?ml$/.test(path) &&
    /^(?:id|modified|published|schema_version|affected|aliases|details|summary):/m.test(head),
  namedByReport: true,
  split,
  parse: (document) => {
    const value = readYaml(document);
    return readFields(document.key, () => osvReport(readOsv(value), dialect));
  },
};

function* split(file: SourceFile): Generator<RawDocument> {
  checkFile(file);
  const id = /^id:[ \t]*['"]?([\w.:+-]{2,100})/m.exec(file.bytes.toString('latin1'))?.[1];
  yield { key: id ?? file.path, bytes: file.bytes };
}

/** Malware in a registry is no flaw of a package that anybody packages. */
function kindOf(id: string): ParsedReport['kind'] | null {
  if (!ID.test(id))
    throw new DocumentProblem('bad-id', 'id', `id is ${JSON.stringify(id.slice(0, 100))}, which is none`);
  if (id.startsWith('MAL-')) return null;
  if (TRACKER.test(id)) return 'tracker';
  return parseIds(id).length === 0 && parseAdvisoryIds(id).length > 0 ? 'advisory' : 'record';
}

/** Distributions under the name that their own source gives them, with the release; registries in lower case. */
function placeOf({ ecosystem }: OsvAffected): { ecosystem: string; release?: string | undefined } {
  const colon = ecosystem.indexOf(':');
  const name = colon < 0 ? ecosystem : ecosystem.slice(0, colon);
  const release = colon < 0 ? undefined : ecosystem.slice(colon + 1);
  return { ecosystem: NAMES.get(name) ?? (name.toLowerCase().slice(0, 60) || 'osv'), release };
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['AlmaLinux', 'alma'],
  ['Rocky Linux', 'rocky'],
  ['Red Hat', 'redhat'],
  ['openSUSE', 'suse'],
  ['SUSE', 'suse'],
]);
