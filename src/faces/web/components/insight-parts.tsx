import type { ExposureLine } from '#domain/insight';
import { insightDataAddress } from '../list-addresses.ts';
import type { Child } from '../markup/markup.ts';
import { channelAddress, issueAddress, packageAddress } from './addresses.ts';
import { IdList } from './links.tsx';
import { SeverityMark } from './marks.tsx';
import { Day, number } from './times.tsx';

/** A part of the page of figures: what it shows, how that is computed, and its data. */
export function InsightPart({
  id,
  title,
  how,
  children,
}: {
  id: string;
  title: string;
  /** How it is computed, for whoever doubts it. */
  how: string;
  children?: Child;
}) {
  return (
    <section class="insight-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
      <p class="quiet small insight-how">
        {how} Data: <a href={insightDataAddress(id, 'csv')}>CSV</a>,{' '}
        <a href={insightDataAddress(id, 'json')}>JSON</a>.
      </p>
    </section>
  );
}

/** Issues that channels are exposed to, one a line. */
export function ExposureTable({
  lines,
  caption,
  last,
}: {
  lines: readonly ExposureLine[];
  caption: string;
  /** One more column. */
  last?: { head: string; cell: (index: number) => Child };
}) {
  return (
    <div class="wide">
      <table class="cards insight-lines">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Issue</th>
            <th scope="col">Severity</th>
            <th scope="col">Channel</th>
            <th scope="col">Packages</th>
            <th scope="col">Public</th>
            <th scope="col" class="cell-number">
              Days exposed
            </th>
            {last === undefined ? null : <th scope="col">{last.head}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ issue, title, severity, channel, packages, opened, days }, index) => (
            <tr>
              <th scope="row">
                <a class="title" href={issueAddress(issue)}>
                  {title}
                </a>{' '}
                <code class="id">{issue}</code>
              </th>
              <td data-label="Severity">
                <SeverityMark severity={severity} />
              </td>
              <td data-label="Channel">
                <span>
                  {channel.split(', ').map((name, place) => (
                    <>
                      {place === 0 ? '' : ', '}
                      <a href={channelAddress(name)}>{name}</a>
                    </>
                  ))}
                </span>
              </td>
              <td data-label="Packages">
                <span>
                  <IdList ids={packages} limit={3} href={packageAddress} />
                </span>
              </td>
              <td data-label="Public">
                <Day at={opened} />
              </td>
              <td class="cell-number" data-label="Days exposed">
                <span>{number(days)}</span>
              </td>
              {last === undefined ? null : <td data-label={last.head}>{last.cell(index)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A small table of figures: the first column heads its row, what is no element stands to the right. */
export function FigureTable({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly Child[])[];
}) {
  const sides = head.map((_, column) =>
    column > 0 && rows.every((row) => typeof row[column] !== 'object') ? 'cell-number' : undefined,
  );
  return (
    <div class="wide">
      <table class="cards figures">
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th scope="col" class={sides[index]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells]) => (
            <tr>
              <th scope="row">{first}</th>
              {cells.map((cell, index) => (
                <td class={sides[index + 1]} data-label={head[index + 1]}>
                  <span>{typeof cell === 'number' ? number(cell) : cell}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many lines a list has beyond those that are shown, and where all of them are. */
export function More({ part, shown, total }: { part: string; shown: number; total: number }) {
  if (total <= shown) return null;
  return (
    <p class="quiet small insight-more">
      and {number(total - shown)} more: <a href={insightDataAddress(part, 'csv')}>all of them as CSV</a>,{' '}
      <a href={insightDataAddress(part, 'json')}>as JSON</a>
    </p>
  );
}

/** "86 %"; what cannot be said is a dash. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}
