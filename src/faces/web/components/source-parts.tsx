import type { Frame, SourceFreshness } from '../layout.tsx';
import type { AlarmRow, BatchRow } from '../pages/source.tsx';
import { sourceTitle } from '../source-titles.ts';
import { sourceAddress } from './addresses.ts';
import { Empty } from './figures.tsx';
import { counted, number, When } from './times.tsx';

const STATE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ fresh: 'fresh', silent: 'silent', failing: 'failing', never: 'never read' }),
);

/** How a source does, in a word; and that its forms were never held against real documents. */
export function StateMark({ source }: { source: { state: SourceFreshness['state']; unproven: boolean } }) {
  return (
    <>
      <span class={`source-state source-${source.state === 'fresh' ? 'fresh' : 'late'}`}>
        {STATE_WORDS.get(source.state) ?? 'unknown'}
      </span>
      {source.unproven ? (
        <span class="version quiet">unproven: no real document of it was read yet</span>
      ) : null}
    </>
  );
}

/** "3 days" */
export function rhythm(hours: number): string {
  if (hours === 1) return 'hour';
  if (hours < 48) return counted(hours, 'hour');
  return counted(Math.round(hours / 24), 'day');
}

/** Alarms in lines, each with since when, and whether it is over. */
export function AlarmList({ alarms, now, none }: { alarms: readonly AlarmRow[]; now: string; none: string }) {
  if (alarms.length === 0) return <Empty>{none}</Empty>;
  return (
    <ul class="plain alarms">
      {alarms.map(({ source, subject, words, openedAt, closedAt }) => (
        <li>
          <p class={closedAt === null ? 'source-state source-late' : 'source-state quiet'}>
            <span>
              <a href={sourceAddress(source)}>{sourceTitle(source)}</a> {words}
            </span>
          </p>
          <p class="version quiet">
            {subject === '' ? null : <span class="mono">{subject} · </span>}
            {closedAt === null ? 'since ' : 'from '}
            <When at={openedAt} now={now} />
            {closedAt === null ? null : (
              <>
                {' '}
                until <When at={closedAt} now={now} />
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

interface BatchListProps {
  batches: readonly BatchRow[];
  permission: 'apply' | 'propose' | 'refuse';
  frame: Frame;
}

/** Files that were not applied, with the forms that release or refuse them. */
export function BatchList({ batches, permission, frame }: BatchListProps) {
  return (
    <ul class="plain batches">
      {batches.map((batch) => {
        const { id, source, path, heldAt, facts, decision, by, decidedAt, appliedAt, overtaken } = batch;
        const open = appliedAt === null && !overtaken;
        return (
          <li id={`batch-${id}`}>
            <h3>
              <a href={sourceAddress(source)}>{sourceTitle(source)}</a> <span class="mono small">{path}</span>
            </h3>
            <p>{batchWords(batch)}. Nothing of it was applied.</p>
            {facts.examples.length === 0 ? null : (
              <details>
                <summary>Some that are gone</summary>
                <p class="mono small">{facts.examples.join(', ')}</p>
              </details>
            )}
            <p class="version quiet">
              held <When at={heldAt} now={frame.now} />
              {decision === null ? null : (
                <>
                  {' '}
                  · {decision} by {by ?? 'somebody'} <When at={decidedAt} now={frame.now} />
                </>
              )}
              {appliedAt === null ? null : (
                <>
                  {' '}
                  · applied <When at={appliedAt} now={frame.now} />
                </>
              )}
              {overtaken ? ' · a later one came' : ''}
            </p>
            {open && permission !== 'refuse' ? (
              <BatchForm batch={batch} permission={permission} back={frame.path} />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

function batchWords({ kind, facts: { gone, of, now, changed } }: BatchRow): string {
  if (kind === 'many') return `${number(changed)} of its ${number(now)} reports changed at once`;
  return `${number(gone)} of its ${number(of)} reports are gone; it holds ${number(now)}`;
}

function BatchForm({ batch, permission, back }: { batch: BatchRow; permission: string; back: string }) {
  const change = (as: 'released' | 'refused') =>
    JSON.stringify({
      ...{ kind: 'batch', id: String(batch.id), field: 'decision', value: { as }, saw: batch.version },
    });
  const propose = permission === 'propose';
  return (
    <form class="deed" method="post" action="/changes">
      <input type="hidden" name="back" value={back} />
      <p class="field">
        <label for={`batch-${batch.id}-why`}>Why</label>
        <input id={`batch-${batch.id}-why`} name="remark" required minlength={3} maxlength={2000} />
      </p>
      <p class="buttons">
        <button type="submit" class="button" name="change" value={change('released')}>
          {propose ? 'Propose to release it' : 'Release it: it is right'}
        </button>
        <button type="submit" class="button" name="change" value={change('refused')}>
          {propose ? 'Propose to refuse it' : 'Refuse it: keep what is stored'}
        </button>
      </p>
    </form>
  );
}

/** Begins or ends the watching of a source (its id), or of `all`; nothing for visitors. */
export function WatchForm({ of, watching, back }: { of: string; watching: boolean | null; back: string }) {
  if (watching === null) return null;
  const what = of === 'all' ? 'all sources' : 'this source';
  return (
    <form class="watch" method="post" action={`${sourceAddress(of)}/watch`}>
      <input type="hidden" name="watch" value={watching ? 'no' : 'yes'} />
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="button">
        {watching ? `Tell me no more of ${what}` : `Tell me when something is wrong with ${what}`}
      </button>
    </form>
  );
}
