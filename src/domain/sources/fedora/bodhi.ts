import { asList, asObject, asString, optionalString, parseIds } from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { plainText } from '../document.ts';
import { evrOf, splitNvr } from '../forms/rpm.ts';
import { readDate, readRecord, splitRecords } from '../json-records.ts';
import type { Affected, ParsedReport, SourceFormat } from '../source.ts';
import { updateId, updateUrl } from './ids.ts';

/** Pages of Bodhi's API, `{"updates": […]}`, or lists and single updates out of them. */
export const bodhi: SourceFormat = {
  name: 'bodhi',
  recognises: (path, head) =>
    /^\s*\{\s*"updates"\s*:\s*\[/.test(head) ||
    (/"alias"\s*:\s*"FEDORA-/.test(head) && /"(?:autokarma|bugs|builds|type)"\s*:/.test(head)) ||
    (/(?:^|\/)updates\/[A-Z0-9-]+\.json$/.test(path) && /^\s*\[\s*\]\s*$/.test(head)),
  namedByReport: true,
  split: (file) =>
    splitRecords(file, {
      list: 'updates',
      id: ['alias'],
      key: (id) => (id.startsWith('FEDORA-') ? id : null),
    }),
  parse: (document) => readRecord(document, reportOf),
};

/** Taken back before, or instead of, being published. */
const TAKEN_BACK = new Set(['obsolete', 'revoked', 'unpushed']);

/**
 * Null for an update that mends no flaw. CVEs are no field: they stand in the notes, in the titles of bugs and in their aliases
 * in Bugzilla, so that an update may name none at all.
 */
function reportOf(value: unknown): ParsedReport | null {
  const update = asObject(value, '(root)');
  const key = updateId(asString(update.alias, 'alias'), 'alias');
  const notes = optionalString(update.notes, 'notes') ?? '';
  const bugs = asList(update.bugs, 'bugs').map((entry, index) => {
    const bug = asObject(entry, 'bugs[]', index);
    return { id: bug.bug_id, title: optionalString(bug.title, 'bugs[].title', index) ?? '' };
  });
  const vulnerabilities = [notes, ...bugs.map(({ title }) => title)].flatMap(parseIds);
  if (update.type !== 'security' && vulnerabilities.length === 0) return null;
  const status = optionalString(update.status, 'status') ?? '';
  const dates = ['date_stable', 'date_pushed', 'date_testing', 'date_submitted'].map((name) =>
    readDate(optionalString(update[name], name), name),
  );
  const name = optionalString(update.display_name, 'display_name') || optionalString(update.title, 'title');
  return compose({
    key,
    kind: 'advisory',
    title: name ?? '',
    description: notes,
    published: dates.find((date) => date !== null) ?? null,
    modified: readDate(optionalString(update.date_modified, 'date_modified'), 'date_modified'),
    url: updateUrl(key),
    ...(TAKEN_BACK.has(status) && { withdrawn: status }),
    severity:
      update.severity === 'unspecified' ? undefined : ratingBy(optionalString(update.severity, 'severity')),
    vulnerabilities,
    affected: rowsOf(update, status),
    links: bugs
      .filter(({ id }) => typeof id === 'number' && id > 0)
      .map(({ id, title }) => ({
        url: `https://bugzilla.redhat.com/show_bug.cgi?id=${id}`,
        kind: 'bug',
        note: title,
      })),
  });
}

function rowsOf(update: Readonly<Record<string, unknown>>, status: string): Affected[] {
  const release = optionalString(asObject(update.release, 'release').name, 'release.name')?.toLowerCase();
  return asList(update.builds, 'builds').flatMap((entry, index) => {
    const build = asObject(entry, 'builds[]', index);
    const nvr = asString(build.nvr, 'builds[].nvr', index);
    const split = splitNvr(nvr);
    if (split === null) return [];
    const type = optionalString(build.type, 'builds[].type', index) ?? 'rpm';
    const place = { ecosystem: 'fedora', name: split.name, release: releaseName(release) };
    if (type !== 'rpm') {
      // A stream of a module, a container: what is in it has names and versions of its own.
      const note = type === 'module' ? `module ${split.name}:${split.evr.split('-', 1)[0]}` : type;
      return [
        { ...place, release: place.release ?? '', status: 'fixed' as const, note: plainText(note, 500) },
      ];
    }
    const [version = '', number = ''] = split.evr.split(/-(?=[^-]*$)/);
    const evr = evrOf(typeof build.epoch === 'number' ? String(build.epoch) : undefined, version, number);
    const row = fixedRow(place, rebuiltIn('rpm', evr));
    return [
      status === 'testing' || status === 'pending'
        ? { ...row, status: 'affected' as const, note: `in ${status}` }
        : row,
    ];
  });
}

/** "f36", "epel7". */
function releaseName(name: string | undefined): string | undefined {
  return name?.replace(/^epel-/, 'epel');
}
