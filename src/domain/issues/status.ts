import { z } from 'zod';

/** OpenVEX's five reasons for `not_affected` (OpenVEX specification 0.2.0, Status Justifications). */
export const JUSTIFICATIONS = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;

/** What can be said of a box (issue × package × channel): OpenVEX's four words, and our own stages of `affected`. */
export const STATUSES = [
  'under_investigation',
  'affected',
  'fix_pending',
  'wont_fix',
  'postponed',
  'fixed',
  'not_affected',
] as const;

export type StatusWord = (typeof STATUSES)[number];
export type Justification = (typeof JUSTIFICATIONS)[number];

const words = z.string().trim().min(1).max(4000);
const note = words.optional();
const link = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
  .max(2000)
  .optional();
const day = z.iso.date('must be a day like 2017-06-22');

/** A status as people set it. What a word needs is asked for; what it cannot have is refused. */
export const statusSchema = z.discriminatedUnion(
  'status',
  [
    z.strictObject({ status: z.literal('under_investigation'), note }),
    z.strictObject({ status: z.literal('affected'), note, link }),
    z.strictObject({ status: z.literal('fix_pending'), note, link }),
    z.strictObject({ status: z.literal('wont_fix'), note: words, link }),
    z.strictObject({ status: z.literal('postponed'), until: day, note, link }),
    z.strictObject({
      status: z.literal('fixed'),
      fixedIn: z.string().trim().min(1).max(200).optional(),
      note,
      link,
    }),
    z
      .strictObject({
        status: z.literal('not_affected'),
        justification: z.enum(JUSTIFICATIONS).optional(),
        note,
        link,
      })
      .refine(({ justification, note: why }) => justification !== undefined || why !== undefined, {
        message: 'not_affected needs a justification or a note that says why',
      }),
  ],
  { error: `must have a status, one of: ${STATUSES.join(', ')}` },
);

export type Status = z.infer<typeof statusSchema>;

/** Where one may go from there. Out of `fixed` and `not_affected` the way leads through looking again. */
export const TRANSITIONS: Readonly<Record<StatusWord, readonly StatusWord[]>> = {
  under_investigation: STATUSES.filter((word) => word !== 'under_investigation'),
  affected: STATUSES.filter((word) => word !== 'affected'),
  fix_pending: STATUSES.filter((word) => word !== 'fix_pending'),
  wont_fix: STATUSES.filter((word) => word !== 'wont_fix'),
  postponed: STATUSES.filter((word) => word !== 'postponed'),
  fixed: ['under_investigation', 'affected'],
  not_affected: ['under_investigation', 'affected'],
};

/** Why a box may not go from one status to another, or null. From none to any; back to none only by undo. */
export function barredStep(from: StatusWord | null, to: StatusWord | null): string | null {
  if (to === null) return from === null ? null : 'a status is not taken away but undone, or changed';
  if (from === null || from === to || TRANSITIONS[from].includes(to)) return null;
  return `what is ${from} cannot become ${to}: first ${TRANSITIONS[from].join(' or ')}`;
}

/** What a box is when the day has come up to which it was postponed. */
export function affectedAgain({ note, link }: Extract<Status, { status: 'postponed' }>): Status {
  return {
    status: 'affected',
    ...(note === undefined ? {} : { note }),
    ...(link === undefined ? {} : { link }),
  };
}

/** OpenVEX's word for each of ours (our stages are all `affected`). */
export function openVexStatus(
  word: StatusWord,
): 'under_investigation' | 'affected' | 'fixed' | 'not_affected' {
  if (word === 'under_investigation' || word === 'fixed' || word === 'not_affected') return word;
  return 'affected';
}

/** Whether work is left: neither fixed, nor not affected, nor decided to stay as it is. */
export function isOpen(word: StatusWord): boolean {
  return word !== 'fixed' && word !== 'not_affected' && word !== 'wont_fix';
}

/** A box: `NSI-2017-0043/openssl/nixos-17.03`. Neither issue ids nor channel names hold a slash. */
export interface Box {
  issue: string;
  package: string;
  channel: string;
}

export function boxId({ issue, package: name, channel }: Box): string {
  return `${issue}/${name}/${channel}`;
}

/** The box that an id names; null where it names none. */
export function parseBoxId(id: string): Box | null {
  const match = /^([^/]+)\/(.+)\/([^/]+)$/.exec(id);
  const [, issue, name, channel] = match ?? [];
  if (issue === undefined || name === undefined || channel === undefined) return null;
  return { issue, package: name, channel };
}
