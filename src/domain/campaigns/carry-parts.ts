import { type Database, eventsById, lockHistory, type Tx } from '#base/db';
import { standing } from '#domain/issues';
import { carryValues, editables, keepAsProposal } from '#domain/proposals';
import { editableCampaignIssue } from './editable-campaign.ts';
import { clearParts, readParts, type SaidPart, saidOfIssues, spokenOf } from './store.ts';

/** What is said of campaigns and carried bears this author of the entry; the credit stays with who said it. */
const ACTOR = 'machine:campaigns';

/**
 * What people said of an issue's part in campaigns goes with it into the one that it became part of. Where the other is said of
 * that one, it becomes a proposal in its author's name: nothing is lost.
 *
 * @returns how many words went along, those that are proposed now included
 */
export async function carryParts(database: Database, at: Date): Promise<number> {
  if ((await movedIssues(database.queries)).size === 0) return 0;
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const moved = await movedIssues(tx);
    const said = await saidOfIssues(tx, [...moved.keys()]);
    const events = await eventsById(
      tx,
      said.map(({ version }) => version),
    );
    // The earliest word first, each on top of what is there by then.
    for (const part of said) {
      const to = moved.get(part.issue) ?? part.issue;
      await carryPart(tx, { ...part, to, setAt: events.get(part.version)?.at ?? at }, at);
    }
    await clearParts(tx, [...moved.keys()]);
    return said.length;
  });
}

async function movedIssues(queries: Database['queries']): Promise<Map<string, string>> {
  const spoken = await spokenOf(queries);
  const now = await standing(queries, spoken);
  return new Map(
    spoken.flatMap((from) => {
      const to = now.get(from);
      return to === undefined || to === from ? [] : [[from, to] as const];
    }),
  );
}

async function carryPart(tx: Tx, part: SaidPart & { to: string; setAt: Date }, at: Date): Promise<void> {
  const { campaign, issue: from, to, said, saidBy: author, version, setAt } = part;
  const id = `${campaign}/${to}`;
  const before = (await readParts(tx, [id])).get(id) ?? { value: null, version: 0 };
  const change = { kind: editableCampaignIssue.kind, id, field: 'value', value: said, saw: before.version };
  const carrying = {
    ...{ kinds: editables([editableCampaignIssue]), actor: ACTOR },
    ...{ cause: `${from} is part of ${to} now`, at },
  };
  if (before.value === null)
    await carryValues(tx, [{ change, before, author, setAt, event: version }], carrying);
  else if (before.value !== said)
    await keepAsProposal(
      tx,
      {
        ...{ author, changes: [{ ...change, carried: version }] },
        remark: `said of ${from} before it became part of ${to}`,
      },
      carrying,
    );
}
