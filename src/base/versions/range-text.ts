import { LONGEST_VERSION } from './comparator.ts';
import type { VersionRange } from './range.ts';

const OPERATOR = /^(<=|<|>=|>|==?)\s*(.*)$/;
const VERSION = '([vV]?[0-9][0-9A-Za-z._+~:-]*)';
const UP_TO = new RegExp(
  `^(?:versions? )?${VERSION},? (?:and|or) (?:prior|earlier|below|before|older|lower|previous)(?: versions?)?$`,
  'i',
);
const FROM = new RegExp(
  `^(?:versions? )?${VERSION},? (?:and|or) (?:later|above|newer|higher|up)(?: versions?)?$`,
  'i',
);
const BEFORE = new RegExp(
  `^(?:(?:all )?versions? )?(?:before|prior to|earlier than)(?: version)? ${VERSION}$`,
  'i',
);
const THROUGH = new RegExp(
  `^(?:(?:all )?versions? )?(?:up to|through|until) (?:and including )?${VERSION}$`,
  'i',
);
const BETWEEN = new RegExp(`^(?:(?:from|versions?) )?${VERSION} (?:-|to|through|up to) ${VERSION}$`, 'i');

/**
 * The range that a source wrote as text in a field for one version: ">= 1.2.0, < 1.2.5" (GitHub), "8.0.27 and prior"
 * (Oracle), "before 3.4", "1.0 - 1.4"; commas join to one range. null where it is no such text, so a plain version is null as well.
 */
export function readRangeText(text: string): VersionRange | null {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  if (trimmed.length > LONGEST_VERSION) return null;
  if (/^[<>=]/.test(trimmed)) return readConditions(trimmed);
  const [, upTo] = UP_TO.exec(trimmed) ?? [];
  if (upTo !== undefined) return { max: upTo, maxInclusive: true };
  const [, from] = FROM.exec(trimmed) ?? [];
  if (from !== undefined) return { min: from };
  const [, before] = BEFORE.exec(trimmed) ?? [];
  if (before !== undefined) return { max: before };
  const [, through] = THROUGH.exec(trimmed) ?? [];
  if (through !== undefined) return { max: through, maxInclusive: true };
  const [, min, max] = BETWEEN.exec(trimmed) ?? [];
  return min === undefined || max === undefined ? null : { min, max, maxInclusive: true };
}

function readConditions(text: string): VersionRange | null {
  const range: VersionRange = {};
  for (const condition of text.split(',')) {
    const [, operator, rest = ''] = OPERATOR.exec(condition.trim()) ?? [];
    const version = rest.trim();
    if (operator === undefined || version === '' || /[\s<>=]/.test(version)) return null;
    if (operator.startsWith('>')) {
      range.min = version;
      range.minInclusive = operator === '>=';
    } else if (operator.startsWith('<')) {
      range.max = version;
      range.maxInclusive = operator === '<=';
    } else {
      Object.assign(range, { min: version, max: version, maxInclusive: true });
    }
  }
  return range;
}
