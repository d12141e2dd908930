import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Announcement } from './announcement.ts';
import type { CrossFacts } from './crossdistro.ts';
import { sortedIds } from './order.ts';
import { reckonDays } from './reckoned-days.ts';
import { readShared } from './shared-data.ts';

/** A security advisory of Red Hat, put together from what it says of the vulnerabilities. */
export interface Rhsa extends Announcement {
  /** Whether the day was reckoned, see {@link reckonDays}. */
  reckoned: boolean;
  /** The package, or the common name of its variants ("kernel" for kernel and kernel-rt). */
  name: string;
  severity: string | null;
  /** Number in Red Hat's Bugzilla, by CVE. */
  bugs: ReadonlyMap<string, string>;
}

/**
 * Red Hat's advisories of which the package is certain: the packages that are fixed for every one of its vulnerabilities
 * are one, or variants of one. Others, whose package is not in the facts, are left out.
 */
export function readRhsas(data: string, cross: ReadonlyMap<string, CrossFacts>): Rhsa[] {
  const named = new Map<string, CrossFacts[]>();
  for (const facts of cross.values()) {
    for (const id of facts.redhat?.advisories ?? []) {
      if (/^RHSA-201[678]:\d{4}$/.test(id)) named.set(id, [...(named.get(id) ?? []), facts]);
    }
  }
  const days = daysOf(named, knownDays(data));
  return sortedIds(named.keys()).flatMap((id) => {
    const facts = named.get(id) ?? [];
    const name = commonName(facts.map(({ redhat }) => redhat?.packages ?? []));
    const day = days.get(id);
    if (name === null || day === undefined) return [];
    const bugs = facts.flatMap(({ cve, redhat }) =>
      /^\d+$/.test(redhat?.bug ?? '') ? [[cve, redhat?.bug ?? ''] as const] : [],
    );
    return [
      {
        ...{ id, source: 'redhat' as const, ...day, name, bugs: new Map(bugs), severity: severest(facts) },
        vulnerabilities: sortedIds(facts.map(({ cve }) => cve)),
      },
    ];
  });
}

/** The name of which all packages in every list are variants, or null. */
function commonName(lists: readonly (readonly string[])[]): string | null {
  const [first = [], ...others] = lists;
  const common = first.filter((name) => others.every((list) => list.includes(name)));
  const [shortest] = common.toSorted((a, b) => a.length - b.length);
  if (shortest === undefined) return null;
  const variant = (name: string) =>
    name === shortest || new RegExp(`^${literal(shortest)}(?:\\d|-rt$)|-${literal(shortest)}$`).test(name);
  return common.every(variant) ? shortest : null;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const SEVERITIES = ['Low', 'Moderate', 'Important', 'Critical'];

function severest(facts: readonly CrossFacts[]): string | null {
  const said = new Set(facts.map(({ redhat }) => redhat?.severity));
  return SEVERITIES.findLast((word) => said.has(word)) ?? null;
}

function daysOf(
  named: ReadonlyMap<string, readonly CrossFacts[]>,
  known: ReadonlyMap<string, string>,
): Map<string, { day: string; reckoned: boolean }> {
  const years = new Map<string, Map<number, string>>();
  const numbers = new Map<string, number[]>();
  for (const [id, facts] of named) {
    const [, year = '', number = ''] = /^RHSA-(\d{4}):(\d+)$/.exec(id) ?? [];
    numbers.set(year, [...(numbers.get(year) ?? []), Number(number)]);
    const [first] = facts.flatMap(({ redhat }) => redhat?.public?.slice(0, 10) ?? []).sort();
    const day = known.get(id) ?? first;
    const own = years.get(year) ?? new Map<number, string>();
    years.set(year, own);
    if (day !== undefined) own.set(Number(number), day < `${year}-01-01` ? `${year}-01-01` : day);
  }
  const reckoned = new Map([...years].map(([year, own]) => [year, reckonDays(own, numbers.get(year) ?? [])]));
  return new Map(
    [...named.keys()].flatMap((id) => {
      const [, year = '', number = ''] = /^RHSA-(\d{4}):(\d+)$/.exec(id) ?? [];
      const exact = known.get(id);
      const day = exact ?? reckoned.get(year)?.get(Number(number));
      return day === undefined ? [] : [[id, { day, reckoned: exact === undefined }]];
    }),
  );
}

/** Advisories of which a record of Red Hat's security data API is at hand, and says when they were published. */
function knownDays(data: string): Map<string, string> {
  const folder = 'feeds/redhat/securitydata-api/vunnel/full';
  const Release = z.object({ advisory: z.string(), release_date: z.string() });
  const Document = z.object({ affected_release: z.array(Release).optional() });
  return new Map(
    readdirSync(join(data, folder))
      .filter((name) => /^CVE-2017-\d+\.json$/.test(name))
      .flatMap(
        (name) => Document.parse(JSON.parse(readShared(data, `${folder}/${name}`))).affected_release ?? [],
      )
      .map(({ advisory, release_date }) => [advisory, release_date.slice(0, 10)]),
  );
}

/** An advisory in CSAF 2.0, with nothing but facts. */
export function printRhsa(rhsa: Rhsa, reckonedNote: (day: string) => string): string {
  const { id, day, reckoned, name, severity, vulnerabilities, bugs } = rhsa;
  const time = `${day}T00:00:00Z`;
  const product = `${name}.src`;
  const whole = `red_hat_products:${product}`;
  return `${JSON.stringify({
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      publisher: {
        category: 'vendor',
        name: 'Red Hat Product Security',
        namespace: 'https://www.redhat.com',
      },
      title: `${name} security update`,
      ...(severity !== null && { aggregate_severity: { text: severity } }),
      ...(reckoned && { notes: [{ category: 'general', title: 'Day', text: reckonedNote(day) }] }),
      references: [{ category: 'self', summary: id, url: `https://access.redhat.com/errata/${id}` }],
      tracking: {
        id,
        status: 'final',
        version: '1',
        initial_release_date: time,
        current_release_date: time,
        revision_history: [{ number: '1', date: time, summary: 'As known' }],
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Red Hat',
          branches: [
            {
              category: 'product_name',
              name: 'Red Hat products',
              product: { product_id: 'red_hat_products', name: 'Red Hat products' },
            },
            {
              category: 'product_name',
              name,
              product: {
                product_id: product,
                name,
                product_identification_helper: { purl: `pkg:rpm/redhat/${name}?arch=src` },
              },
            },
          ],
        },
      ],
      relationships: [
        {
          category: 'default_component_of',
          full_product_name: { product_id: whole, name: `${name} of Red Hat products` },
          product_reference: product,
          relates_to_product_reference: 'red_hat_products',
        },
      ],
    },
    vulnerabilities: vulnerabilities.map((cve) => {
      const bug = bugs.get(cve);
      return {
        cve,
        ...(bug !== undefined && {
          ids: [{ system_name: 'Red Hat Bugzilla ID', text: bug }],
          references: [
            {
              category: 'external',
              summary: `RHBZ#${bug}`,
              url: `https://bugzilla.redhat.com/show_bug.cgi?id=${bug}`,
            },
          ],
        }),
        product_status: { fixed: [whole] },
      };
    }),
  })}\n`;
}
