import { gateTitle, type ListedSection, type RoundupList } from '#domain/roundup';
import { anchor, channelAddress, listAddress, roundupAddress } from '../components/addresses.ts';
import { EditingAsks } from '../components/editing-asks.tsx';
import { Empty, Facts, ProgressBar } from '../components/figures.tsx';
import { ChannelHeads, IssueLine, type IssueLineProps } from '../components/issue-lines.tsx';
import { Legend } from '../components/marks.tsx';
import { EditForm } from '../components/status-cell.tsx';
import { TickForms } from '../components/tick-box.tsx';
import { counted, Day, When } from '../components/times.tsx';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { EDIT_ADDRESS } from '../editing-addresses.ts';
import { type Frame, Layout } from '../layout.tsx';
import { gateDeedAddress, ticksAddress } from '../list-addresses.ts';
import type { Markup } from '../markup/markup.ts';

export interface RoundupPageProps {
  frame: Frame;
  roundup: RoundupList;
  /** What people decided of its issues. */
  decisions?: DecisionIndex;
  editing?: Editing;
  /** Draws lines that did not change as they were drawn before. */
  drawLine?: DrawLine;
  /** The lines that a script asked for, by issue; null for the whole page. */
  only?: ReadonlySet<string> | null;
  /** Whether the reader may close a gate. */
  mayPlan?: boolean;
}

/** Draws a line, or gives what was drawn of it before. */
export type DrawLine = (props: IssueLineProps) => Markup;

/** The weekly list on one long page, grouped by project as the first one of 2016 was. */
export function RoundupPage({
  frame,
  roundup,
  decisions = NO_DECISIONS,
  editing = READING,
  drawLine = IssueLine,
  only = null,
  mayPlan = false,
}: RoundupPageProps) {
  const address = listAddress(roundup);
  const lines = { roundup, now: frame.now, decisions, editing, drawLine, only };
  const done = `${roundup.completed} of ${roundup.lines} done`;
  const { gate } = roundup;
  const name = nameOf(roundup);
  return (
    <Layout
      frame={frame}
      title={name}
      description={
        gate === undefined
          ? `${counted(roundup.lines, 'issue')} that others announced from ${roundup.coversSince} to ${roundup.coversUntil}: ${done}.`
          : `${counted(roundup.lines, 'issue')} to be gone through before a release branches off ${gate}: ${done}.`
      }
      alternates={[
        { type: 'application/json', href: `${address}.json` },
        { type: 'text/markdown', href: `${address}.md` },
      ]}
      live={[`roundup:${roundup.number}`, 'issue:*']}
      partial={only !== null}
    >
      <header class="page-head" id="head" data-with-any data-fragment={`roundup:${roundup.number}`}>
        <p class="kicker">
          {gate === undefined ? (
            <>
              Vulnerability Roundup · <Day at={roundup.coversSince} /> to <Day at={roundup.coversUntil} />
            </>
          ) : (
            <>
              Backlog of <a href={channelAddress(gate)}>{gate}</a> before a release, as of{' '}
              <Day at={roundup.coversSince} />
            </>
          )}
        </p>
        <h1>{name}</h1>
        <ProgressBar done={roundup.completed} total={roundup.lines} label={done} />
        <Facts
          facts={[
            { name: 'Remaining', value: <strong class="figure">{roundup.remaining}</strong> },
            { name: 'Completed', value: <strong class="figure">{roundup.completed}</strong> },
            ...(gate === undefined
              ? [{ name: 'Carried over', value: <strong class="figure">{roundup.carried}</strong> }]
              : []),
            { name: 'Lead', value: roundup.lead ?? <span class="quiet">nobody yet</span> },
            { name: 'Opened', value: <When at={roundup.openedAt} now={frame.now} /> },
            ...(roundup.closedAt === null
              ? []
              : [{ name: 'Closed', value: <When at={roundup.closedAt} now={frame.now} /> }]),
            {
              name: 'Also as',
              value: (
                <>
                  <a href={`${address}.md`}>markdown</a>, <a href={`${address}.json`}>JSON</a>
                </>
              ),
            },
            ...(roundup.previous === null
              ? []
              : [
                  {
                    name: 'Previous',
                    value: <a href={roundupAddress(roundup.previous)}>Roundup {roundup.previous}</a>,
                  },
                ]),
          ]}
        />
      </header>
      {only !== null ? (
        <>
          <ProjectIndex sections={roundup.sections} />
          <LinesTable {...lines} />
        </>
      ) : roundup.sections.length === 0 ? (
        gate !== undefined ? (
          <Empty>Nothing that we know of is open in {gate}.</Empty>
        ) : (
          <Empty>
            Nothing came in from <Day at={roundup.coversSince} /> to <Day at={roundup.coversUntil} />, and
            nothing was left over. What other distributions announce after that comes into the next roundup.
          </Empty>
        )
      ) : (
        <>
          <ProjectIndex sections={roundup.sections} />
          <Legend />
          <LinesTable {...lines} />
        </>
      )}
      <Thanks roundup={roundup} />
      {gate !== undefined && roundup.closedAt === null && mayPlan && only === null ? (
        <form method="post" action={`${gateDeedAddress(gate)}/close`} class="page-foot">
          <button type="submit" class="button">
            Close the gate
          </button>
        </form>
      ) : null}
      {editing.permission === 'refuse' ? null : <EditingAsks today={frame.now.slice(0, 10)} />}
    </Layout>
  );
}

/** "Roundup 31", "Release gate 26.11 of nixos-unstable" */
function nameOf({ number, gate, release = '' }: RoundupList): string {
  return gate === undefined ? `Roundup ${number}` : gateTitle({ channel: gate, release });
}

function ProjectIndex({ sections }: { sections: readonly ListedSection[] }) {
  return (
    <nav class="project-index" id="projects" data-with-any aria-label="Projects on this list">
      <h2>{counted(sections.length, 'project')}</h2>
      <ul>
        {sections.map(({ product, lines }) => {
          const open = lines.filter(({ done }) => !done).length;
          return (
            <li class={open === 0 ? 'index-done' : undefined}>
              <a href={`#${anchor('project', product)}`}>{product}</a>{' '}
              <span class="quiet">{open === 0 ? 'done' : open}</span>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

interface LinesTableProps {
  roundup: RoundupList;
  now: string;
  decisions: DecisionIndex;
  editing: Editing;
  drawLine: DrawLine;
  only: ReadonlySet<string> | null;
}

function LinesTable({ roundup, now, decisions, editing, drawLine, only }: LinesTableProps) {
  const back = listAddress(roundup);
  const edits = editing.permission !== 'refuse';
  return (
    <section aria-labelledby="lines" class="lines-section">
      <h2 id="lines" class="hidden">
        Issues by project
      </h2>
      {edits ? <BulkForm back={back} permission={editing.permission} /> : null}
      {edits ? <TickForms back={back} /> : null}
      {editing.person === null ? null : <EditForm back={back} />}
      <div class="wide" data-items>
        <table class={`lines grouped cards${roundup.channels.length > 5 ? ' many' : ''}`}>
          <caption class="hidden">
            Issues of {roundup.gate === undefined ? `roundup ${roundup.number}` : nameOf(roundup)}, by
            project, with the state of each channel
          </caption>
          <thead>
            <tr>
              <th scope="col">Project</th>
              <th scope="col" class="cell-tick">
                <span class="hidden">Done</span>
              </th>
              <th scope="col">Issue</th>
              <th scope="col">Severity</th>
              <ChannelHeads channels={roundup.channels} />
              <th scope="col" class="cell-number">
                Patches
              </th>
              <th scope="col">Exposed since</th>
              {edits ? (
                <th scope="col" class="cell-pick">
                  <span class="hidden">Select</span>
                </th>
              ) : null}
            </tr>
          </thead>
          {roundup.sections.map(({ product, lines }) => (
            <tbody>
              {lines.map((line, index) =>
                only !== null && !only.has(line.issue)
                  ? null
                  : drawLine({
                      list: roundup.number,
                      line,
                      product,
                      channels: roundup.channels,
                      now,
                      group: index === 0 ? lines.length : undefined,
                      decisions,
                      editing,
                    }),
              )}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

/** What is selected, as a form: without scripts it is the way to set many at once. */
function BulkForm({ back, permission }: { back: string; permission: Editing['permission'] }) {
  return (
    <form class="bulk" id="bulk" method="post" action={EDIT_ADDRESS}>
      <input type="hidden" name="back" value={back} />
      <button type="submit" class="button button-small">
        Set what is selected…
      </button>
      <button type="submit" class="button button-small" formaction={ticksAddress(back)}>
        {permission === 'propose' ? 'Propose that it is done' : 'Mark it as done'}
      </button>
    </form>
  );
}

function Thanks({ roundup }: { roundup: RoundupList }) {
  const { thanks } = roundup;
  return (
    <p class="page-foot" id="thanks" data-with-any hidden={thanks.length === 0}>
      Thanks to {thanks.join(', ')}.
    </p>
  );
}
