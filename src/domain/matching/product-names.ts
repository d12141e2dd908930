import { type ProductNames, REGISTRIES } from './candidates.ts';

/** What a report says of a product's name. */
interface NameFact {
  ecosystem: string;
  vendor: string | null;
  name: string;
  note: string | null;
  vulnerability?: string;
  denied?: boolean;
}

/**
 * Who names packages independently, by the ecosystem of a report: a rebuild of Red Hat's packages says its names again. Registries of
 * languages stand for themselves.
 */
const NAMERS: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'debian',
      'ubuntu',
      'gentoo',
      'redhat',
      'fedora',
      'suse',
      'arch',
      'alpine',
      'mageia',
      'slackware',
      'freebsd',
    ],
    ...['netbsd', ...REGISTRIES.keys()],
  ]
    .map((id): [string, string] => [id, id])
    .concat(['centos', 'alma', 'rocky', 'oracle', 'amazon'].map((id): [string, string] => [id, 'redhat'])),
);

/** So many are told of. */
const DENIALS = 5;

/** Every name that reports give to a product, once each; `said`: those that people give it. */
export function productNames(
  product: string,
  facts: readonly NameFact[],
  said: readonly string[] = [],
): ProductNames {
  const distributions = new Map<string, ProductNames['distributions'][number]>();
  const cpes = new Map<string, ProductNames['cpes'][number]>();
  const denied = new Set<string>();
  for (const { ecosystem, vendor, name, note, vulnerability, denied: denies = false } of facts) {
    if (denies && vulnerability !== undefined && denied.size < DENIALS)
      denied.add(`${ecosystem} looked into ${vulnerability} and rejects it for its ${name}`);
    const namer = NAMERS.get(ecosystem);
    const key = `${namer ?? ecosystem}\n${vendor ?? ''}\n${name}`;
    if (namer !== undefined) distributions.set(key, { name, ecosystem: namer });
    else if (ecosystem === 'cpe' || ecosystem === 'cve') {
      // Limited only where every mention is.
      const known = cpes.get(key);
      cpes.set(key, { vendor, name, only: known === undefined ? note : known.only === null ? null : note });
    }
  }
  return {
    product,
    distributions: [...distributions.values()],
    cpes: [...cpes.values()],
    ...(said.length > 0 && { said }),
    ...(denied.size > 0 && { denied: [...denied].sort() }),
  };
}
