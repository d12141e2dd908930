import { parseCpe } from '#base/formats';

/** Products of Red Hat that are RHEL with longer support, by the name in their CPE. */
const STREAMS = new Map([
  ['rhel_aus', 'aus'],
  ['rhel_e4s', 'e4s'],
  ['rhel_els', 'els'],
  ['rhel_eus', 'eus'],
  ['rhel_eus_long_life', 'eus-long-life'],
  ['rhel_extras', 'extras'],
  ['rhel_extras_oracle_java', 'extras'],
  ['rhel_mission_critical', 'mission-critical'],
  ['rhel_tus', 'tus'],
]);

/**
 * A release from the CPE of a product: `el7` for RHEL 7 (BaseOS, AppStream and the rest are one), `el8.2-aus` for a
 * stream with longer support, `satellite-6.13` for any other product. Undefined for what is no CPE.
 */
export function releaseOf(cpe: string | undefined): string | undefined {
  const name = cpe === undefined ? null : parseCpe(cpe);
  if (name === null) return undefined;
  const { product, version } = name;
  const known = version !== '*' && version !== '-';
  if (product === 'enterprise_linux') return known ? `el${version}` : 'el';
  const stream = STREAMS.get(product);
  if (stream !== undefined && known) return `el${version}-${stream}`;
  return known ? `${product}-${version}` : product;
}

/** "el7" for a package that says in its release for which RHEL it was built ("…48.el6_8.1", "…module+el8.1.0+3334"). */
export function releaseInName(evr: string): string | undefined {
  const match = /[.+]el(\d{1,2})(?![0-9])/.exec(evr);
  return match === null ? undefined : `el${match[1]}`;
}
