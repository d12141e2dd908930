import { asList, asObject, asString, optionalObject, optionalString } from '#base/formats';
import { cutText, cveKey, ownId, readDate, readRecord, splitRecords, titleFrom } from '../json-records.ts';
import { linksOf } from '../references.ts';
import type { ParsedReport, SourceFormat } from '../source.ts';
import { affectedOf } from './configurations.ts';

const PREFIX = 'OVERRIDE-';

/**
 * Anchore's corrections to NVD (github.com/anchore/nvd-data-overrides): `configurations` in the form of API 2.0 that
 * replace NVD's own, and an `_annotation` with the CVE and why. Kept beside NVD's record under a key of its own, since
 * somebody else wrote it and two voices that differ are worth seeing.
 */
export const nvdOverride: SourceFormat = {
  name: 'nvd-2.0-override',
  recognises: (_path, head) => /^\s*\{\s*"_annotation"/.test(head) && head.includes('"cve_id"'),
  split: (file) =>
    splitRecords(file, {
      id: ['_annotation', 'cve_id'],
      key: (id) => {
        const cve = cveKey(id);
        return cve === null ? null : PREFIX + cve;
      },
    }),
  parse: (document) => readRecord(document, readOverride),
};

function readOverride(value: unknown): ParsedReport {
  const root = asObject(value, '(root)');
  const annotation = asObject(root._annotation, '_annotation');
  const id = ownId(asString(annotation.cve_id, '_annotation.cve_id'), '_annotation.cve_id');
  const cve = optionalObject(root.cve, 'cve');
  const description = optionalString(annotation.description, '_annotation.description') ?? '';
  const reason = optionalString(annotation.reason, '_annotation.reason');
  const references = asList(annotation.references, '_annotation.references').map((url, index) => ({
    url: asString(url, '_annotation.references[]', index),
    tags: [],
  }));
  const { links, cites } = linksOf(references);
  const text = [description, ...(reason === undefined ? [] : [`Reason of the override: ${reason}`])].join(
    '\n\n',
  );
  return {
    key: PREFIX + id,
    kind: 'record',
    title: titleFrom(description, id),
    ...(text !== '' && { description: cutText(text, 20_000) }),
    published: readDate(
      optionalString(annotation.published, '_annotation.published'),
      '_annotation.published',
    ),
    modified: readDate(optionalString(annotation.modified, '_annotation.modified'), '_annotation.modified'),
    url: `https://github.com/anchore/nvd-data-overrides/blob/main/data/${id.split('-')[1]}/${id}.json`,
    cvss: [],
    vulnerabilities: [id],
    aliases: [],
    affected: affectedOf(asList(cve.configurations, 'cve.configurations'), 'cve.configurations'),
    links,
    cites,
    weaknesses: [],
  };
}
