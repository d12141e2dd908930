import { z } from 'zod';
import { channelsKnown } from '#domain/channels';
import { isMachine, mayDecide } from '#domain/policies';
import type { Editable } from '#domain/proposals';
import { looksOfIssues } from './ask-boxes.ts';
import { barredStep, parseBoxId, type Status, statusSchema } from './status.ts';
import { keepLooks, passLooks, writeLooks } from './store-looks.ts';
import { eraseBoxes, readBoxes, writeBoxes } from './store-statuses.ts';

/** The box issue × package × channel; its one field is `value`, a status (status.ts) or null where nobody looked. */
export const editableStatus: Editable = {
  kind: 'status',
  fields: { value: z.union([statusSchema, z.null()]) },
  async read(tx, ids) {
    const boxes = await readBoxes(tx, ids);
    const channelOf = (id: string) => parseBoxId(id)?.channel ?? '';
    const known = await channelsKnown(tx, [...new Set([...boxes.keys()].map(channelOf))]);
    return new Map(
      [...boxes].flatMap(([id, value]) => (known.has(channelOf(id)) ? [[id, { value }] as const] : [])),
    );
  },
  bar: (change, before) =>
    barredStep(
      (before.value as Status | null)?.status ?? null,
      (change.value as Status | null)?.status ?? null,
    ),
  may: (actor) => mayDecide(actor),
  async write(tx, changes) {
    const boxes = changes.flatMap(({ id, value, version, actor }) => {
      const box = parseBoxId(id);
      return box === null ? [] : [{ ...box, version, emptied: value === null, unseen: isMachine(actor) }];
    });
    await writeBoxes(tx, changes);
    const seen = boxes.filter(({ unseen }) => !unseen);
    const set = seen.filter(({ emptied }) => !emptied).map(({ issue }) => issue);
    const marks = await keepLooks(tx, await looksOfIssues(tx, set));
    await writeLooks(
      tx,
      seen.map(({ emptied, ...box }) => ({ ...box, mark: emptied ? null : (marks.get(box.issue) ?? null) })),
    );
    // What a machine sets nobody has looked at: what had changed before is asked still.
    await passLooks(
      tx,
      boxes.filter(({ unseen }) => unseen),
    );
  },
  erase: eraseBoxes,
  history(id) {
    const box = parseBoxId(id);
    return {
      entity: 'issue',
      entityId: box?.issue ?? id,
      topics: box === null ? [] : [`package:${box.package}`, `channel:${box.channel}`],
    };
  },
};
