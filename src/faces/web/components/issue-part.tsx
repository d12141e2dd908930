import type { IssuePart } from '#domain/issues';
import { issueAddress, reportAddress } from './addresses.ts';
import { Id } from './links.tsx';
import { counted } from './times.tsx';

export type PartShown = IssuePart;

/** A field of which people said different things. */
export interface Collided {
  subject: string;
  words: [string, string];
}

const SHOWN = 20;

/** An issue before it is joined with another: what it holds. */
export function IssuePartView({ part }: { part: PartShown }) {
  const { id, title, vulnerabilities, reports, comments, said } = part;
  return (
    <section aria-label={id}>
      <h3>
        <Id id={id} href={issueAddress(id)} /> {title}
      </h3>
      <p class="small">
        {counted(vulnerabilities.length, 'vulnerability', 'vulnerabilities')},{' '}
        {counted(reports.length, 'report')}, {counted(comments, 'comment')}, {counted(said, 'thing')} said by
        people
      </p>
      <p class="mono small">{shortened(vulnerabilities)}</p>
      <ReportNames reports={reports} />
    </section>
  );
}

/** Reports by their key, the first twenty of them. */
export function ReportNames({ reports }: { reports: IssuePart['reports'] }) {
  return (
    <ul class="plain small">
      {reports.slice(0, SHOWN).map(({ source, key, title }) => (
        <li>
          <Id id={key} href={reportAddress(source, key)} /> {title === key ? '' : title}
        </li>
      ))}
      {reports.length > SHOWN ? <li class="quiet">and {reports.length - SHOWN} more</li> : null}
    </ul>
  );
}

export function shortened(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
