import { MusterError } from '#base/errors';
import { isFew } from './judge-source.ts';
import type { Source } from './source.ts';

/** Why a file is held, in numbers. */
export interface HeldFacts {
  kind: 'few' | 'gone' | 'many';
  /** Reports that it no longer holds, of those that it held. */
  gone: number;
  of: number;
  /** Reports that it holds now, and those among them that are new or changed. */
  now: number;
  changed: number;
  /** Some of those that are gone. */
  examples: string[];
}

/** Carries the holding of a file out of its transaction, which is rolled back: nothing of it was applied. */
export class Held extends MusterError {
  readonly facts: HeldFacts;
  readonly path: string;
  /** Of what is held. */
  readonly hash: Buffer;
  constructor(source: Source, path: string, facts: HeldFacts, hash: Buffer) {
    const { gone, of, changed, now } = facts;
    const why =
      facts.kind === 'many'
        ? `${changed} of its ${now} reports changed at once`
        : `no longer holds ${gone} of its ${of} reports (usual is at most ${Math.round(source.maxRemovedShare * 100)} %)`;
    super('SOURCE_GUARDED', `${source.id}: ${path} ${why}; nothing of it was applied`);
    this.facts = facts;
    this.path = path;
    this.hash = hash;
  }
}

/** Small files may lose a few without anybody's leave. */
const FEW = 5;
/** A change of as many reports as usually come in this many weeks, and of half of the file, is unlike a source. */
const WEEKS_AT_ONCE = 4;
const MANY_AT_LEAST = 200;

/**
 * Whether a file is too unlike the one before it to be applied without a person: it lost more than its source usually takes
 * back, which is more likely a mishap than right, or most of it changed at once.
 *
 * @param sameParser whether what it held was read by the present parser: a new one changes everything
 */
export function unlikely(
  { maxRemovedShare, usualPerWeek: [, most] }: Pick<Source, 'maxRemovedShare' | 'usualPerWeek'>,
  { gone, of, now, changed }: Pick<HeldFacts, 'gone' | 'of' | 'now' | 'changed'>,
  sameParser: boolean,
): HeldFacts['kind'] | null {
  if (gone > FEW && gone > of * maxRemovedShare) return isFew(now, of) ? 'few' : 'gone';
  const many = changed >= MANY_AT_LEAST && changed > now / 2 && changed > most * WEEKS_AT_ONCE;
  return sameParser && many ? 'many' : null;
}
