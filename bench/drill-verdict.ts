/** One change as its editor made it, and what the server said in the end. */
export interface Attempt {
  /** `NSI-2017-0001/openssl/nixos-17.03` */
  box: string;
  /** What it says, as nobody else says it. */
  note: string;
  /** The version of the box that its editor saw. */
  saw: number;
  answer:
    | { outcome: 'accepted'; version: number }
    | { outcome: 'conflict'; version: number; theirs: string | null; yours: string | null }
    | { outcome: 'other'; why: string };
}

/** An entry of the history that set a box. */
export interface Entry {
  id: number;
  box: string;
  note: string | null;
  /** The entry that it replaced; 0 for none. */
  was: number;
}

/** A box as it stands in the end. */
export interface Standing {
  version: number;
  note: string | null;
}

/** What became of the changes. All is well where everything but the first two is 0. */
export interface Verdict {
  accepted: number;
  refused: number;
  /** Changes that were acknowledged and are not in the history as acknowledged, or were overwritten by somebody who had not seen them. */
  lost: number;
  /** Changes that stand in the history more than once. */
  duplicated: number;
  /** Entries that set a box although nobody was told that they did. */
  unasked: number;
  /** Changes that were not made and have no 409 with what was theirs and yours. */
  withoutAnswer: number;
  /** Boxes that do not hold what the last entry about them says. */
  astray: number;
}

/** Compares what editors were told with the history and with the boxes as they stand. Looks at nothing else. */
export function judge(
  attempts: readonly Attempt[],
  entries: readonly Entry[],
  boxes: ReadonlyMap<string, Standing>,
): Verdict {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const sawOf = new Map(attempts.map(({ note, saw }) => [note, saw]));
  const told = new Set<number>();
  const lost = new Set<string>();
  let withoutAnswer = 0;
  for (const { box, note, saw, answer } of attempts) {
    if (answer.outcome === 'accepted') {
      told.add(answer.version);
      const entry = byId.get(answer.version);
      if (entry?.box !== box || entry.note !== note) lost.add(note);
    } else if (!isTrueConflict(answer, { box, note, saw }, byId)) withoutAnswer += 1;
  }
  const last = new Map<string, Entry>();
  const times = new Map<string, number>();
  for (const entry of entries) {
    const before = last.get(entry.box);
    // Whoever wrote over it had not seen it: it was accepted and nobody ever read it.
    const saw = sawOf.get(entry.note ?? '');
    if (before !== undefined && (entry.was !== before.id || (saw !== undefined && saw !== before.id)))
      lost.add(before.note ?? `entry ${before.id}`);
    last.set(entry.box, entry);
    if (entry.note !== null) times.set(entry.note, (times.get(entry.note) ?? 0) + 1);
  }
  const astray = [...new Set([...last.keys(), ...boxes.keys()])].filter((box) => {
    const [entry, standing] = [last.get(box), boxes.get(box)];
    return entry?.id !== standing?.version || entry?.note !== standing?.note;
  });
  return {
    accepted: attempts.filter(({ answer }) => answer.outcome === 'accepted').length,
    refused: attempts.filter(({ answer }) => answer.outcome === 'conflict').length,
    lost: lost.size,
    duplicated: [...times.values()].filter((count) => count > 1).length,
    unasked: entries.filter(({ id }) => !told.has(id)).length,
    withoutAnswer,
    astray: astray.length,
  };
}

/** Whether a refusal is right and says why: somebody else's change of this box that its author had not seen. */
function isTrueConflict(
  answer: Attempt['answer'],
  { box, note, saw }: Pick<Attempt, 'box' | 'note' | 'saw'>,
  byId: ReadonlyMap<number, Entry>,
): boolean {
  if (answer.outcome !== 'conflict') return false;
  const theirs = byId.get(answer.version);
  return (
    answer.version !== saw &&
    answer.yours === note &&
    theirs?.box === box &&
    theirs.note === answer.theirs &&
    theirs.note !== note
  );
}

/** Whether nothing went wrong. */
export function isClean({ lost, duplicated, unasked, withoutAnswer, astray }: Verdict): boolean {
  return lost + duplicated + unasked + withoutAnswer + astray === 0;
}
