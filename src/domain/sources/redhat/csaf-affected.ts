import type { CsafDocument, CsafProduct, CsafStatus, CsafVulnerability } from '#base/formats';
import type { Affected } from '../source.ts';
import { type Component, componentOf } from './package-name.ts';
import { releaseOf } from './release.ts';
import { statusOf } from './words.ts';

type Status = NonNullable<Affected['status']>;

const STATUS: Record<CsafStatus, Status> = {
  first_affected: 'affected',
  first_fixed: 'fixed',
  fixed: 'fixed',
  known_affected: 'affected',
  known_not_affected: 'not_affected',
  last_affected: 'affected',
  recommended: 'fixed',
  under_investigation: 'under_investigation',
};

/** A product id of the document, understood. */
interface Item {
  component: Component;
  /** Product ids of what it is a component of: packages of one platform come from the same place. */
  platform: string;
  release?: string;
}

/**
 * Packages that a document speaks of. It names every package of every architecture, module and repository, thousands of
 * product ids; here is one row for each source package, release, status and fixed version, with the vulnerability only
 * where it is not about all that the document names.
 *
 * Binary packages count as their source package: the one of the same version in the same repository. In an advisory
 * everything rebuilt is "fixed", so that fixed does not imply that an earlier version was affected. What is not affected
 * is kept for RHEL only: of its layered products Red Hat lists by the thousand what was beside the flaw.
 */
export function affectedIn(document: CsafDocument): Affected[] {
  const items = itemsOf(document.products);
  const sources = sourcesOf(items);
  const rows = new Map<string, { row: Affected; about: Set<number> }>();
  for (const [index, vulnerability] of document.vulnerabilities.entries()) {
    for (const row of rowsOf(vulnerability, document.id, items, sources)) {
      const key = JSON.stringify([row.name, row.release, row.status, row.fixed, row.note]);
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { row, about: new Set([index]) });
      else known.about.add(index);
    }
  }
  return [...rows.values()].flatMap(({ row, about }) => {
    if (about.size === document.vulnerabilities.length) return [row];
    return [...about].flatMap((index) => {
      const { cve } = document.vulnerabilities[index] ?? {};
      return cve === undefined ? [] : [{ ...row, vulnerability: cve }];
    });
  });
}

function itemsOf(products: ReadonlyMap<string, CsafProduct>): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const product of products.values()) {
    const item = itemOf(product, products);
    if (item !== null) items.set(product.id, item);
  }
  return items;
}

/** A relationship is "component, part of a module, part of a product": a module more at most, but any number is followed. */
const MAX_STEPS = 8;

function itemOf(product: CsafProduct, products: ReadonlyMap<string, CsafProduct>): Item | null {
  if (product.component === undefined || product.partOf === undefined) return wholeProduct(product);
  const part = products.get(product.component);
  const component = componentOf(product.component, part?.purl);
  let of: CsafProduct | undefined = products.get(product.partOf);
  let module = component.module;
  for (let step = 0; of?.partOf !== undefined && of.component !== undefined && step < MAX_STEPS; step++) {
    module ??= componentOf(of.component, products.get(of.component)?.purl).module;
    of = products.get(of.partOf);
  }
  const release = releaseOf(of?.cpe);
  return {
    component: { ...component, ...(module !== undefined && { module }) },
    platform: product.partOf,
    ...(release !== undefined && { release }),
  };
}

/** Products without components, such as middleware: the product itself is what is fixed. */
function wholeProduct(product: CsafProduct): Item | null {
  if (product.cpe === undefined) return null;
  const release = releaseOf(product.cpe);
  if (release === undefined) return null;
  return { component: { name: product.name, kind: 'other' }, platform: product.id, release };
}

/** Names of source packages by platform and version. */
function sourcesOf(items: ReadonlyMap<string, Item>): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  for (const { component, platform } of items.values()) {
    if (component.kind !== 'source') continue;
    const key = sourceKey(platform, component);
    const names = sources.get(key);
    if (names === undefined) sources.set(key, [component.name]);
    else if (!names.includes(component.name)) names.push(component.name);
  }
  return sources;
}

function sourceKey(platform: string, { evr }: Component): string {
  return `${platform}\n${evr ?? ''}`;
}

function rowsOf(
  vulnerability: CsafVulnerability,
  own: string,
  items: ReadonlyMap<string, Item>,
  sources: ReadonlyMap<string, string[]>,
): Affected[] {
  const remarks = remarksOf(vulnerability, own);
  const rows = new Map<string, Affected>();
  /** Packages of a release that something is wrong with: what else is said of them as "not affected" is about some part. */
  const hit = new Set<string>();
  for (const { status, products } of vulnerability.status) {
    const withSource = new Set<string>();
    const modules = new Set<string>();
    for (const id of products) {
      const item = items.get(id);
      if (item?.component.kind === 'source') withSource.add(item.platform);
      if (item !== undefined && item.component.kind !== 'module')
        modules.add(`${item.component.module}\n${item.release}`);
    }
    for (const id of products) {
      const item = items.get(id);
      if (item === undefined) continue;
      const { component, release } = item;
      // A module is its packages, where they are named.
      if (component.kind === 'module' && modules.has(`${component.module}\n${release}`)) continue;
      if (status === 'known_not_affected' && !/^el\d/.test(release ?? '')) continue;
      const name = packageOf(item, sources, withSource.has(item.platform));
      if (name === null) continue;
      const row = rowOf(name, item, STATUS[status], remarks.get(id));
      rows.set(JSON.stringify(row), row);
      if (row.status !== 'not_affected') hit.add(`${name}\n${release}`);
    }
  }
  return [...rows.values()].filter(
    ({ status, name, release }) => status !== 'not_affected' || !hit.has(`${name}\n${release}`),
  );
}

/** The source package of a component; null for a binary whose source, of another version, stands beside it. */
function packageOf(
  { component, platform }: Item,
  sources: ReadonlyMap<string, string[]>,
  besideSource: boolean,
): string | null {
  if (component.kind !== 'binary') return component.name;
  const names = sources.get(sourceKey(platform, component)) ?? [];
  const [first] = names;
  if (names.length === 1 && first !== undefined) return first;
  const prefix = names.find((name) => component.name.startsWith(name));
  if (prefix !== undefined) return prefix;
  return besideSource || /-debug(?:info|source)(?:-|$)/.test(component.name) ? null : component.name;
}

function rowOf(
  name: string,
  { component, release }: Item,
  status: Status,
  remark: Remark | undefined,
): Affected {
  const evr = status === 'fixed' ? component.evr : undefined;
  const notes = [
    ...(component.module === undefined ? [] : [`module ${component.module}`]),
    ...(component.kind === 'container' ? ['container'] : []),
    ...(remark?.note === undefined ? [] : [remark.note]),
  ];
  return {
    ecosystem: 'redhat',
    name,
    ...(release !== undefined && { release }),
    status: status === 'affected' ? (remark?.status ?? status) : status,
    ...(evr !== undefined && {
      fixed: evr,
      versions: { scheme: 'rpm', affected: [], unaffected: [{ min: evr }], otherwise: 'unknown' },
    }),
    ...(notes.length > 0 && { note: notes.join('; ').slice(0, 500) }),
  };
}

interface Remark {
  status?: Status;
  note?: string;
}

/** What is said of single products beside their status: the erratum that fixed it, "Will not fix", why it is not affected. */
function remarksOf({ remediations, flags }: CsafVulnerability, own: string): Map<string, Remark> {
  const remarks = new Map<string, Remark>();
  for (const { category, details, url, products } of remediations) {
    const remark = remarkOf(category, details, url);
    if (remark !== null && remark.note !== own) for (const id of products) remarks.set(id, remark);
  }
  for (const { label, products } of flags) {
    for (const id of products) remarks.set(id, { note: label.slice(0, 100) });
  }
  return remarks;
}

function remarkOf(category: string, details: string, url: string | undefined): Remark | null {
  if (category === 'vendor_fix') {
    const id = /\/errata\/(RH[SBE]A-\d{4}:\d{3,6})$/.exec(url ?? '')?.[1];
    return id === undefined ? null : { note: id };
  }
  if (category !== 'no_fix_planned' && category !== 'none_available') return null;
  const status = statusOf(details) ?? (category === 'no_fix_planned' ? 'wont_fix' : 'affected');
  return { status, note: details.trim().slice(0, 200) };
}
