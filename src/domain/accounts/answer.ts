/** Why something is refused: what was sent is no such thing, taken by somebody else, not there, not theirs to do, barred as things stand, not who they say, or too often. */
export type RefusalCode = 'MALFORMED' | 'TAKEN' | 'UNKNOWN' | 'FORBIDDEN' | 'BARRED' | 'WRONG' | 'LIMITED';

/** A refusal that was foreseen, in a sentence for whoever asked. */
export interface Refused {
  outcome: 'refused';
  code: RefusalCode;
  why: string;
  /** The field of the form that it is about. */
  field: string | null;
  /** With LIMITED: when to try again. */
  afterSeconds: number | null;
}

/** Done, with what came of it; or refused, and then nothing was changed. */
export type Outcome<T extends object = object> = ({ outcome: 'done' } & T) | Refused;

export function refused(code: RefusalCode, why: string, field: string | null = null): Refused {
  return { outcome: 'refused', code, why, field, afterSeconds: null };
}

export function limited(afterSeconds: number): Refused {
  const wait = afterSeconds < 90 ? `${afterSeconds} seconds` : `${Math.ceil(afterSeconds / 60)} minutes`;
  return {
    outcome: 'refused',
    code: 'LIMITED',
    why: `Too many attempts. Try again in ${wait}.`,
    field: null,
    afterSeconds,
  };
}
