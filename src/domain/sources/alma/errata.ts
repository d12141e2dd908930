import {
  asList,
  asNumber,
  asObject,
  asString,
  type JsonObject,
  optionalNumber,
  optionalString,
  parseIds,
} from '#base/formats';
import { compose, fixedRow, ratingBy, rebuiltIn } from '../compose.ts';
import { evrOf, sourceName } from '../forms/rpm.ts';
import { readRecord, splitRecords } from '../json-records.ts';
import { type Affected, DocumentProblem, type ParsedReport, type SourceFormat } from '../source.ts';
import { almaId, almaUrl, releaseOf } from './ids.ts';

/** errata.full.json of one release. */
export const almaErrata: SourceFormat = {
  name: 'errata',
  recognises: (_path, head) => /"data"\s*:\s*\[/.test(head) && /"id"\s*:\s*"AL[SBE]A-/.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { list: 'data', id: ['id'], key: (id) => id || null }),
  parse: (document) => readRecord(document, (value) => errata(asObject(value, '(root)'))),
};

/** errata.json, as it was until 2022: out of MongoDB, with times in objects. */
export const almaOldErrata: SourceFormat = {
  name: 'errata-old',
  recognises: (_path, head) => /"updateinfo_id"\s*:/.test(head) && /"bs_repo_id"\s*:/.test(head),
  namedByReport: true,
  split: (file) => splitRecords(file, { id: ['updateinfo_id'], key: (id) => id || null }),
  parse: (document) => readRecord(document, (value) => oldErrata(asObject(value, '(root)'))),
};

function errata(entry: JsonObject): ParsedReport | null {
  return reportOf(entry, {
    id: asString(entry.id, 'id'),
    issued: moment(asNumber(entry.issued_date, 'issued_date'), 'issued_date', 1000),
    updated: moment(optionalNumber(entry.updated_date, 'updated_date'), 'updated_date', 1000),
    packages: asList(entry.packages, 'packages'),
    where: 'packages',
  });
}

function oldErrata(entry: JsonObject): ParsedReport | null {
  const time = (name: string) =>
    entry[name] === undefined ? undefined : asNumber(asObject(entry[name], name).$date, `${name}.$date`);
  const list = asObject(entry.pkglist, 'pkglist');
  return reportOf(entry, {
    id: asString(entry.updateinfo_id, 'updateinfo_id'),
    issued: moment(time('issued_date'), 'issued_date', 1),
    updated: moment(time('updated_date'), 'updated_date', 1),
    packages: asList(list.packages, 'pkglist.packages'),
    where: 'pkglist.packages',
  });
}

/** Seconds or milliseconds since 1970. */
function moment(time: number | undefined, where: string, unit: number): string | null {
  if (time === undefined || time === 0) return null;
  const at = time * unit;
  if (!(at > 0 && at < 4e12)) throw new DocumentProblem('bad-date', where, `${where}: ${time} is not a time`);
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function reportOf(
  entry: JsonObject,
  {
    id,
    issued,
    updated,
    packages,
    where,
  }: {
    id: string;
    issued: string | null;
    updated: string | null;
    packages: readonly unknown[];
    where: string;
  },
): ParsedReport | null {
  const key = almaId(id, 'id');
  const references = asList(entry.references, 'references').map((value, index) =>
    asObject(value, 'references[]', index),
  );
  const text = (reference: JsonObject, name: string) =>
    optionalString(reference[name], `references[].${name}`) ?? '';
  const description = optionalString(entry.description, 'description') ?? '';
  const vulnerabilities = references.flatMap((each) =>
    parseIds(`${text(each, 'id')} ${text(each, 'title')}`),
  );
  if (entry.type !== 'security' && vulnerabilities.length === 0) return null;
  const severity = optionalString(entry.severity, 'severity');
  return compose({
    key,
    kind: 'advisory',
    title: optionalString(entry.title, 'title') ?? '',
    description,
    published: issued,
    modified: updated,
    url: almaUrl(key),
    severity: severity === 'None' ? undefined : ratingBy(severity),
    vulnerabilities,
    affected: rowsOf(packages, where),
    links: references
      .filter((each) => text(each, 'type') !== 'cve')
      .map((each) => ({ url: text(each, 'href') })),
    cited: references.map((each) => text(each, 'id')),
  });
}

function rowsOf(packages: readonly unknown[], where: string): Affected[] {
  const builds = packages.map((value, index) => {
    const pkg = asObject(value, `${where}[]`, index);
    const name = asString(pkg.name, `${where}[].name`, index);
    const number = asString(pkg.release, `${where}[].release`, index);
    const version = asString(pkg.version, `${where}[].version`, index);
    return {
      name,
      source: sourceName(optionalString(pkg.src, `${where}[].src`, index)) ?? name,
      evr: evrOf(optionalString(pkg.epoch, `${where}[].epoch`, index), version, number),
      release: releaseOf(number),
      // "mariadb:10.3:8050020220427075058:c5368500:x86_64"
      module: optionalString(pkg.module, `${where}[].module`, index)?.split(':', 2).join(':'),
    };
  });
  // A binary may have another version than its source: the one that bears its name tells it.
  const named = new Set(builds.flatMap(({ name, source }) => (name === source ? [name] : [])));
  return builds
    .filter(({ name, source }) => name === source || !named.has(source))
    .map(({ source, evr, release, module }) =>
      fixedRow(
        { ecosystem: 'alma', name: source, release },
        rebuiltIn('rpm', evr),
        module === undefined ? '' : `module ${module}`,
      ),
    );
}
