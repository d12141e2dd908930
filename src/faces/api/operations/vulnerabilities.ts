import { z } from 'zod';
import { MusterError } from '#base/errors';
import { parseId } from '#base/formats';
import { aliasesOf, issuesOfVulnerability, vulnerabilitiesById } from '#domain/issues';
import { hitsOfIssues } from '#domain/matching';
import { reportsNaming } from '#domain/sources';
import { operation, reply } from '../operation.ts';
import { moment, named, nameIn, severityShape, verdictShape } from '../shapes.ts';
import { brief, issueBriefShape } from './issues.ts';

const vulnerabilityShape = named(
  'Vulnerability',
  z.strictObject({
    id: z.string(),
    known: z.boolean().describe('Whether anybody we read has spoken of it; what is not known is not safe'),
    aliases: z.array(z.string()),
    state: z.enum(['published', 'reserved', 'rejected']).nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    published: moment.nullable(),
    severity: severityShape.nullable(),
    score: z.number().nullable(),
    weaknesses: z.array(z.string()),
    reports: z.array(
      z.strictObject({ source: z.string(), key: z.string(), title: z.string(), kind: z.string() }),
    ),
    issues: z.array(issueBriefShape),
    packages: z
      .array(
        z.strictObject({
          issue: z.string(),
          channel: z.string(),
          package: z.string(),
          version: z.string(),
          verdict: verdictShape,
          why: z.string(),
        }),
      )
      .describe('What the matcher makes of it, channel by channel'),
  }),
);

export const vulnerabilityOperations = [
  operation({
    id: 'getVulnerability',
    tag: 'Vulnerabilities',
    method: 'GET',
    path: '/vulnerabilities/{id}',
    summary: 'A vulnerability by any of its ids; there is an answer for every id',
    params: z.strictObject({ id: nameIn }),
    answers: { 200: vulnerabilityShape },
    problems: [404],
    async answer({ site, params }) {
      const { queries } = site.database;
      const id = parseId(params.id);
      if (id === null) throw new MusterError('NOT_FOUND', `"${params.id}" is no id of a vulnerability`);
      const [[own], reports, others] = await Promise.all([
        vulnerabilitiesById(queries, [id]),
        reportsNaming(queries, [id]),
        aliasesOf(queries, [id]),
      ]);
      const aliases = [
        ...(own === undefined || own.canonical === id ? [] : [own.canonical]),
        ...others.map((other) => other.id),
      ];
      const ids = new Set([id, ...aliases]);
      const found = await Promise.all([...ids].map((name) => issuesOfVulnerability(queries, name)));
      const issues = [...new Map(found.flat().map((issue) => [issue.id, issue])).values()];
      const hits = await hitsOfIssues(
        queries,
        issues.map((issue) => issue.id),
      );
      return reply(200, {
        id,
        known: own !== undefined || reports.length > 0,
        aliases,
        state: own?.state ?? null,
        title: own?.title ?? null,
        description: own?.description ?? null,
        published: own?.published?.toISOString() ?? null,
        severity: own?.severity ?? null,
        score: own?.score ?? null,
        weaknesses: own?.weaknesses ?? [],
        reports: reports.map(({ source, key, title, kind }) => ({ source, key, title, kind })),
        issues: issues.map(brief),
        packages: hits.map(({ issue, channel, attr, version, evidence }) => {
          const line = evidence.find(({ vulnerability }) => ids.has(vulnerability));
          return {
            issue,
            channel,
            package: attr,
            version,
            verdict: line?.verdict ?? ('unknown' as const),
            why: line?.why ?? '',
          };
        }),
      });
    },
  }),
];
