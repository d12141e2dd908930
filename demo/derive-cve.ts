import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reference } from './derive-nvd.ts';
import { unpacked } from './packing.ts';

const Version = z.object({ version_value: z.string(), version_affected: z.string().optional() });
const Product = z.object({ product_name: z.string(), version: z.object({ version_data: z.array(Version) }) });
const Vendor = z.object({ vendor_name: z.string(), product: z.object({ product_data: z.array(Product) }) });
const CveJson = z.object({
  CVE_data_meta: z.object({ ID: z.string(), STATE: z.string() }),
  affects: z.object({ vendor: z.object({ vendor_data: z.array(Vendor) }) }),
  references: z.object({
    reference_data: z.array(z.object({ url: z.string(), name: z.string(), refsource: z.string() })),
  }),
});

/** A record of CVE.org in JSON 4.0, as far as it is facts. */
export type Cve4 = z.infer<typeof CveJson>;

/** Published records of the given CVEs, among those that cite a distribution's advisory. */
export async function readCve4(data: string, wanted: ReadonlySet<string>): Promise<Map<string, Cve4>> {
  const path = 'feeds/cve4/cve4-2016-2018-with-distro-refs.tar.gz';
  const files = await unpacked({ path, bytes: readFileSync(join(data, path)) });
  const found = new Map<string, Cve4>();
  for (const file of files) {
    const id = /(CVE-\d{4}-\d+)\.json$/.exec(file.path)?.[1];
    if (id === undefined || !wanted.has(id)) continue;
    const record = CveJson.parse(JSON.parse(file.bytes.toString('utf8')));
    if (record.CVE_data_meta.STATE === 'PUBLIC') found.set(id, record);
  }
  return found;
}

/** The record with a composed description. */
export function printCve4({ CVE_data_meta, affects, references }: Cve4, flaw: string | null): string {
  return `${JSON.stringify({
    CVE_data_meta,
    affects,
    data_format: 'MITRE',
    data_type: 'CVE',
    data_version: '4.0',
    description: {
      description_data: [{ lang: 'eng', value: `${CVE_data_meta.ID}: ${flaw ?? 'kind unknown'}` }],
    },
    references: { reference_data: references.reference_data.flatMap(reference) },
  })}\n`;
}
