import type { VersionRange, VersionStatement } from '#base/versions';
import { DocumentProblem } from '../source.ts';

/** One `<vulnerable>` or `<unaffected>` of a package. */
export interface GlsaRange {
  unaffected: boolean;
  /** le, lt, eq, gt, ge, and rle, rlt, rgt, rge: the same among the revisions of one version. */
  range: string;
  version: string;
  /** The slot that it speaks of; "*" is all of them. */
  slot: string;
}

/** No ebuild has had a revision beyond three digits, save for dates. */
const LAST_REVISION = '-r999999999';

/**
 * The versions that one range means, in Gentoo's order (PMS 3.3). The r-forms compare revisions of one version only:
 * `rge 1.2-r3` is 1.2-r3 up to the last revision of 1.2, and `rlt 1.2-r3` is 1.2 (which is 1.2-r0) up to before 1.2-r3.
 * `eq 7.3*` is all that begins with 7.3, up to before the first that can come in 7.4, which is 7.4_alpha.
 * Throws `bad-grammar` for anything else.
 */
export function toVersionRange({ range, version }: GlsaRange, where: string): VersionRange {
  const prefix = /^(\d[\w.-]*?)\.?\*$/.exec(version)?.[1];
  if (prefix !== undefined && range === 'eq') return prefixRange(prefix, where);
  const bare = prefix ?? version;
  if (!/^\d[\w.+-]{0,100}$/.test(bare)) throw unclear(where, `"${version.slice(0, 60)}" is not a version`);
  const [, base = bare] = /^(.*?)(?:-r\d+)?$/.exec(bare) ?? [];
  switch (range) {
    case 'lt':
      return { max: bare };
    case 'le':
      return { max: bare, maxInclusive: true };
    case 'eq':
      return { min: bare, max: bare, maxInclusive: true };
    case 'ge':
      return { min: bare };
    case 'gt':
      return { min: bare, minInclusive: false };
    case 'rlt':
      return { min: base, max: bare };
    case 'rle':
      return { min: base, max: bare, maxInclusive: true };
    case 'rge':
      return { min: bare, max: base + LAST_REVISION, maxInclusive: true };
    case 'rgt':
      return { min: bare, minInclusive: false, max: base + LAST_REVISION, maxInclusive: true };
    default:
      throw unclear(where, `"${range.slice(0, 60)}" is not a kind of range`);
  }
}

function prefixRange(prefix: string, where: string): VersionRange {
  const [, head = '', last] = /^((?:\d+\.)*)(\d{1,12})$/.exec(prefix) ?? [];
  if (last === undefined) throw unclear(where, `"${prefix}*" is not a beginning of a version`);
  return { min: `${prefix}_alpha`, max: `${head}${Number(last) + 1}_alpha` };
}

function unclear(where: string, message: string): DocumentProblem {
  return new DocumentProblem('bad-grammar', where, `${where}: ${message}`);
}

/** What an advisory says of one package in one slot (null: of the package as such). */
export interface SlotStatement {
  slot: string | null;
  statement: VersionStatement;
  /** The version to upgrade to, where there is exactly one that is not a revision of an older version. */
  fixed: string | null;
  /** Whether any version of the package is called fixed; old advisories that only mask a package have none. */
  hasFix: boolean;
}

/**
 * Slots are lines of one package that are installed beside each other (dev-lang/python:2.7 and :3.9), and a range with
 * a slot speaks of that line alone: unaffected from 2.7.18 on in slot 2.7 says nothing of 3.6. Each slot thus gets a
 * statement of its own, of its ranges and those for all slots; and the package as such gets one where any range for
 * all slots is about it.
 */
export function slotStatements(ranges: readonly GlsaRange[], where: string): SlotStatement[] {
  const slots = [...new Set(ranges.map(({ slot }) => slot))].filter((slot) => slot !== '*');
  const general = ranges.filter(({ slot }) => slot === '*');
  const rows = slots.map((slot) =>
    statementOf(slot, [...ranges.filter((range) => range.slot === slot), ...general], where),
  );
  return general.length > 0
    ? [{ ...statementOf(null, general, where), hasFix: ranges.some(isFix) }, ...rows]
    : rows;
}

function isFix({ unaffected, range }: GlsaRange): boolean {
  return unaffected && /^r?g[et]$/.test(range);
}

function statementOf(slot: string | null, ranges: readonly GlsaRange[], where: string): SlotStatement {
  const fixes = ranges.filter(isFix);
  const upgrades = fixes.filter(({ range, slot: own }) => range === 'ge' && own === (slot ?? '*'));
  return {
    slot,
    statement: {
      scheme: 'gentoo',
      affected: ranges.filter(({ unaffected }) => !unaffected).map((range) => toVersionRange(range, where)),
      unaffected: ranges.filter(({ unaffected }) => unaffected).map((range) => toVersionRange(range, where)),
      otherwise: 'unknown',
    },
    fixed: upgrades.length === 1 ? (upgrades[0]?.version ?? null) : null,
    hasFix: fixes.length > 0,
  };
}
