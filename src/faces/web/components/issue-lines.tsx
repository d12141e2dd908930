import type { ChannelCell, ChannelHead, RoundupLine } from '#domain/roundup';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { anchor, channelAddress, issueAddress, packageAddress, roundupAddress } from './addresses.ts';
import { ClaimMark } from './claim-mark.tsx';
import { Id, IdList, OutsideLink } from './links.tsx';
import { SeverityMark, TickMark, VerdictMark } from './marks.tsx';
import { StatusCell } from './status-cell.tsx';
import { counted, Day, daysBetween } from './times.tsx';

export interface IssueTitleProps {
  title: string;
  href: string;
  /** Set where the project stands beside the title: it is then not shown twice, only read aloud. */
  project?: string;
  /** Of a line in a list: Enter opens it. */
  opens?: boolean;
}

/** A title; its project ("openssl:") steps back behind what is wrong with it. */
export function IssueTitle({ title, href, project, opens = false }: IssueTitleProps) {
  const colon = title.indexOf(': ');
  const open = opens ? '' : undefined;
  if (colon <= 0 || colon > 60)
    return (
      <a class="title" href={href} data-open={open}>
        {title}
      </a>
    );
  const name = title.slice(0, colon);
  return (
    <a class="title" href={href} data-open={open}>
      <span class={name === project ? 'hidden' : 'project'}>{name}:</span> {title.slice(colon + 2)}
    </a>
  );
}

export interface IssueLineProps {
  line: RoundupLine;
  product: string;
  now: string;
  /** Of the project's first line: how many lines its name stands beside. */
  group?: number | undefined;
  /** What people decided of it. */
  decisions?: DecisionIndex;
  editing?: Editing;
  /** The page that forms lead back to. */
  back?: string;
}

/** One line of a roundup, as a row of its table. */
export function IssueLine({
  line,
  product,
  now,
  group,
  decisions = NO_DECISIONS,
  editing = READING,
  back = '/',
}: IssueLineProps) {
  const href = issueAddress(line.issue);
  const id = /^[A-Za-z0-9-]+$/.test(line.issue) ? line.issue : anchor('line', line.issue);
  return (
    <tr class={line.done ? 'line line-done' : 'line'} id={id} data-item data-fragment={`issue:${line.issue}`}>
      {group === undefined ? null : (
        <th scope="rowgroup" rowspan={group} class="cell-project" id={anchor('project', product)}>
          <div class="stays">
            <a href={`#${anchor('project', product)}`}>{product}</a>
            {group === 1 ? null : <span class="version quiet">{counted(group, 'issue')}</span>}
          </div>
        </th>
      )}
      <td class="cell-tick">
        <TickMark done={line.done} />
      </td>
      <th scope="row" class="cell-issue">
        <IssueTitle title={line.title} href={href} project={product} opens />
        <p class="meta">
          <Id id={line.issue} href={href} />{' '}
          <span class="ids">
            <IdList ids={line.vulnerabilities} limit={3} />
          </span>{' '}
          <ClaimMark claim={decisions.claim(line.issue)} editing={editing} back={back} />
          {line.carriedFrom === null ? null : (
            <>
              {' '}
              <a class="carried" href={roundupAddress(line.carriedFrom)}>
                since roundup {line.carriedFrom}
              </a>
            </>
          )}
        </p>
        <AdvisoryLinks advisories={line.advisories} />
        <Remark line={line} />
      </th>
      <td class="cell-severity" data-label="Severity">
        <SeverityMark severity={line.severity} />
      </td>
      {line.cells.map((cell) => (
        <td
          class={`cell-channel cell-${cell.verdict === 'absent' ? 'absent' : 'found'}`}
          data-label={cell.channel}
        >
          <ChannelState
            cell={cell}
            product={product}
            issue={line.issue}
            decisions={decisions}
            editing={editing}
            back={back}
          />
        </td>
      ))}
      <td class="cell-number" data-label="Patches">
        {line.patches.length === 0 ? (
          <span class="quiet">0</span>
        ) : (
          <a
            href={`${href}#others`}
            aria-label={`${counted(line.patches.length, 'patch', 'patches')} for ${line.issue}`}
          >
            {line.patches.length}
          </a>
        )}
      </td>
      <td class="cell-since" data-label="Exposed since">
        <Exposure line={line} now={now} />
      </td>
      {editing.permission === 'refuse' ? null : (
        <td class="cell-pick" data-label="Select">
          <input
            type="checkbox"
            class="pick"
            name="issue"
            value={line.issue}
            form="bulk"
            aria-label={`Select ${line.issue}`}
          />
        </td>
      )}
    </tr>
  );
}

const SHOWN_ADVISORIES = 8;

function AdvisoryLinks({ advisories }: { advisories: RoundupLine['advisories'] }) {
  if (advisories.length === 0) return null;
  const more = advisories.length - SHOWN_ADVISORIES;
  return (
    <p class="advisories">
      <span class="hidden">Announced as </span>
      {advisories.slice(0, SHOWN_ADVISORIES).map(({ id, url, published }) => (
        <>
          <OutsideLink class="advisory" href={url} title={published ?? undefined}>
            {id}
          </OutsideLink>{' '}
        </>
      ))}
      {more > 0 ? <span class="quiet">+{more}</span> : null}
    </p>
  );
}

function Remark({ line }: { line: RoundupLine }) {
  if (line.remark === null && line.doneBy === null) return null;
  return (
    <p class="remark">
      {line.remark}
      {line.doneBy === null ? null : (
        <span class="quiet">
          {line.remark === null ? 'ticked by ' : ' · ticked by '}
          {line.doneBy}
        </span>
      )}
    </p>
  );
}

export interface ChannelStateProps {
  cell: ChannelCell;
  product: string;
  /** Where it is known of which issue it is the state: what people decided, and the way to the form. */
  issue?: string;
  decisions?: DecisionIndex;
  editing?: Editing;
  back?: string;
}

/** The state of a channel, with the versions that it comes from: what people decided, else what the machine sees. */
export function ChannelState({
  cell,
  product,
  issue,
  decisions = NO_DECISIONS,
  editing = READING,
  back = '/',
}: ChannelStateProps) {
  const shown = cell.packages.slice(0, 2);
  const more = cell.packages.length - shown.length;
  return (
    <>
      {issue === undefined ? (
        <VerdictMark verdict={cell.verdict} why={shown[0]?.why || undefined} />
      ) : (
        <StatusCell
          issue={issue}
          channel={cell.channel}
          boxes={cell.packages.map(({ attr, verdict, why }) => ({
            package: attr,
            verdict,
            why: why || undefined,
            decided: decisions.box(issue, attr, cell.channel),
          }))}
          editing={editing}
          back={back}
        />
      )}
      {shown.map(({ attr, version }) => (
        <span class="version">
          <a href={packageAddress(attr)}>
            {attr === product ? version || attr : `${attr} ${version}`.trim()}
          </a>
        </span>
      ))}
      {more > 0 ? <span class="version quiet">+{more}</span> : null}
    </>
  );
}

/** Since when users have been exposed: the first announcement, where something of ours looks hit; otherwise only since when it is public. */
function Exposure({ line, now }: { line: RoundupLine; now: string }) {
  const since = firstPublished(line);
  if (since === null) return <span class="quiet">no date</span>;
  const hit = line.cells.some(({ verdict }) => verdict === 'affected');
  const days = daysBetween(since, now);
  if (!hit || line.done)
    return (
      <span class="quiet">
        public <Day at={since} />
      </span>
    );
  return (
    <>
      <Day at={since} />
      {days === null ? null : <span class="version quiet">{counted(Math.max(0, days), 'day')}</span>}
    </>
  );
}

/** Date of the oldest advisory that has one. */
function firstPublished({ advisories }: Pick<RoundupLine, 'advisories'>): string | null {
  const dates = advisories.flatMap(({ published }) => (published === null ? [] : [published]));
  return dates.reduce<string | null>((first, date) => (first === null || date < first ? date : first), null);
}

/** Heads of the columns, one for each channel. */
export function ChannelHeads({ channels }: { channels: readonly ChannelHead[] }) {
  return (
    <>
      {channels.map(({ name, lifecycle }) => (
        <th scope="col" class="head-channel">
          <a href={channelAddress(name)}>{name}</a>
          {lifecycle === 'supported' ? null : (
            <span class={`head-lifecycle head-lifecycle-${lifecycle === 'end_of_life' ? 'end' : 'other'}`}>
              {lifecycle === 'end_of_life' ? 'end of life' : lifecycle}
            </span>
          )}
        </th>
      ))}
    </>
  );
}
