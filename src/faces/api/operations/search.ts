import { z } from 'zod';
import { listAccounts } from '#domain/accounts';
import { findPackages } from '#domain/channels';
import { searchComments, searchIssues, searchVulnerabilities } from '#domain/issues';
import { searchReports } from '#domain/sources';
import { operation, reply } from '../operation.ts';
import { moment, named, severityShape } from '../shapes.ts';

const foundShape = named(
  'Found',
  z.strictObject({
    packages: z.array(z.strictObject({ attr: z.string(), pname: z.string() })),
    issues: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        severity: severityShape.nullable(),
        lastReport: moment,
      }),
    ),
    vulnerabilities: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string().nullable(),
        state: z.enum(['published', 'reserved', 'rejected']),
        severity: severityShape.nullable(),
      }),
    ),
    reports: z.array(z.strictObject({ source: z.string(), key: z.string(), title: z.string() })),
    comments: z.array(z.strictObject({ issue: z.string(), number: z.int(), excerpt: z.string() })),
    people: z.array(z.strictObject({ handle: z.string(), name: z.string() })),
  }),
);

export const searchOperations = [
  operation({
    id: 'search',
    tag: 'Issues',
    method: 'GET',
    path: '/search',
    summary: 'Everything that has the words, by kind, the best first',
    description:
      'An id is better asked for itself: `/issues/{id}`, `/vulnerabilities/{id}`, `/reports/{source}/{key}`.',
    query: z.strictObject({
      q: z.string().trim().min(1).max(200),
      limit: z.coerce.number().int().min(1).max(50).default(12).describe('How many of each kind'),
    }),
    answers: { 200: foundShape },
    async answer({ site, query: { q, limit } }) {
      const { queries } = site.database;
      const [packages, { issues }, vulnerabilities, reports, comments, people] = await Promise.all([
        findPackages(queries, q, limit),
        searchIssues(queries, q, limit),
        searchVulnerabilities(queries, q, limit),
        searchReports(queries, q, limit),
        searchComments(queries, q, limit),
        listAccounts(queries, { words: q.replace(/^@/, ''), limit, offset: 0 }),
      ]);
      return reply(200, {
        packages: packages.map(({ attr, pname }) => ({ attr, pname })),
        issues: issues.map(({ id, title, severity, lastReport }) => ({
          id,
          title,
          severity,
          lastReport: lastReport.toISOString(),
        })),
        vulnerabilities: vulnerabilities.map(({ id, title, state, severity }) => ({
          id,
          title,
          state,
          severity,
        })),
        reports: reports.map(({ source, key, title }) => ({ source, key, title })),
        comments: comments.map(({ id, issue, excerpt }) => ({ issue, number: id, excerpt })),
        people: people.rows.map(({ handle, name }) => ({ handle, name })),
      });
    },
  }),
];
