import { z } from 'zod';
import { sharedLines } from './shared-data.ts';

const Line = z.object({
  cve: z.string(),
  ubuntu: z
    .object({ packages: z.record(z.string(), z.record(z.string(), z.string())), usn: z.array(z.string()) })
    .nullish(),
  redhat: z
    .object({
      severity: z.string().nullish(),
      public: z.string().nullish(),
      bug: z.string().nullish(),
      advisories: z.array(z.string()),
      packages: z.array(z.string()),
    })
    .nullish(),
});

/** What Ubuntu and Red Hat say of one CVE, from the condensed table. */
export type CrossFacts = z.infer<typeof Line>;

/** By CVE. */
export async function readCrossdistro(data: string): Promise<Map<string, CrossFacts>> {
  const found = new Map<string, CrossFacts>();
  for await (const line of sharedLines(data, 'crossdistro/crossdistro.jsonl.gz')) {
    if (!line.includes('"USN-') && !line.includes('"RHSA-')) continue;
    const facts = Line.parse(JSON.parse(line));
    found.set(facts.cve, facts);
  }
  return found;
}
