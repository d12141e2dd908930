import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { Database } from '#base/db';
import { sourceNamed, syncFiles } from '#domain/sources';

/** For tests: records of the CVE list as somebody made them up. */

export interface SampleRecord {
  state?: 'PUBLISHED' | 'RESERVED' | 'REJECTED';
  /** The vendor's and the product's name. */
  product?: string;
  /** Where the affected versions end, which begin with 1.0. */
  before?: string;
  score?: { vector: string; score: number; severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' };
}

const ORG = '00000000-0000-4000-8000-000000000000';

/** The CVE list's record of a number, as of a day. */
export async function record(
  database: Database,
  id: string,
  day: string,
  { state = 'PUBLISHED', product, before = '1.2', score }: SampleRecord = {},
): Promise<void> {
  const at = `${day}T00:00:00.000Z`;
  const words = [{ lang: 'en', value: state === 'REJECTED' ? 'It is none.' : `A flaw of ${id}.` }];
  const versions = [{ version: '1.0', lessThan: before, status: 'affected', versionType: 'custom' }];
  const provider = { providerMetadata: { orgId: ORG } };
  const cna =
    state === 'REJECTED'
      ? { ...provider, rejectedReasons: words }
      : {
          ...{ ...provider, descriptions: words, references: [] },
          affected: product === undefined ? [] : [{ vendor: product, product, versions }],
          ...(score !== undefined && {
            metrics: [
              {
                cvssV3_1: {
                  ...{ version: '3.1', vectorString: score.vector },
                  ...{ baseScore: score.score, baseSeverity: score.severity },
                },
              },
            ],
          }),
        };
  const text = JSON.stringify({
    ...{ dataType: 'CVE_RECORD', dataVersion: '5.1' },
    cveMetadata: {
      ...{ cveId: id, assignerOrgId: ORG, state, dateUpdated: at },
      ...(state === 'PUBLISHED' && { datePublished: at }),
    },
    containers: { cna },
  });
  const file = { path: `cves/${id}.json`, open: () => Readable.from([Buffer.from(text)]) };
  const { quarantined } = await syncFiles(database, sourceNamed('cve'), [file], { ours: true, accept: true });
  assert.equal(quarantined, 0);
}
