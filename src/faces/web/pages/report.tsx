import { issueAddress, ownAddress } from '../components/addresses.ts';
import { Empty, Facts } from '../components/figures.tsx';
import { Id, OutsideLink } from '../components/links.tsx';
import { SeverityMark, type SeverityWord } from '../components/marks.tsx';
import { counted, Day, number, When } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';

/** What a report says of one package of its source's world. */
export interface AffectedRow {
  ecosystem: string;
  vendor: string | null;
  name: string;
  release: string | null;
  status: string | null;
  fixed: string | null;
  /** Its versions in words: "before 1.0.2k". */
  range: string | null;
  vulnerability: string | null;
  note: string | null;
}

export interface ReportPageProps {
  frame: Frame;
  source: { id: string; title: string; licence: { name: string; url: string } };
  /** Its key in the source: "DSA-3773-1". */
  id: string;
  kind: 'advisory' | 'record' | 'tracker';
  title: string;
  description: string | null;
  /** Where the source shows it. */
  url: string | null;
  published: string | null;
  modified: string | null;
  fetchedFirst: string;
  fetchedLast: string;
  /** Its content's number here, from 1. */
  revision: number;
  /** Set where the source no longer has it. */
  goneAt: string | null;
  withdrawn: string | null;
  state: 'published' | 'reserved' | 'rejected' | null;
  severity: SeverityWord;
  /** The source's own word. */
  severityAs: string | null;
  cvss: { version: string; vector: string; score: number; by: string | null }[];
  vulnerabilities: string[];
  aliases: string[];
  weaknesses: string[];
  cites: string[];
  links: { url: string; kind: string; note: string | null }[];
  affected: AffectedRow[];
  issues: { id: string; title: string; coverage: 'full' | 'partial' }[];
  /** Where the raw bytes are, and how many. */
  raw: { href: string; bytes: number };
}

const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ advisory: 'Advisory', record: 'Record', tracker: 'Tracker entry' }),
);

/** One document of a source: what it says as we read it, and its bytes. */
export function ReportPage(props: ReportPageProps) {
  const { frame, source, affected, issues } = props;
  return (
    <Layout frame={frame} title={props.id} description={`${props.title} (${source.title})`}>
      <header class="page-head">
        <p class="kicker">
          {KINDS.get(props.kind) ?? 'Report'} of {source.title} · <Id id={props.id} />
        </p>
        <h1>{props.title}</h1>
        {props.withdrawn === null ? null : (
          <p class="note">
            Withdrawn by {source.title}: {props.withdrawn}
          </p>
        )}
        {props.goneAt === null ? null : (
          <p class="note">
            {source.title} no longer has it since <Day at={props.goneAt} />. What we read is kept.
          </p>
        )}
        <ReportFacts {...props} />
      </header>
      {props.description === null ? null : (
        <section aria-labelledby="description">
          <h2 id="description">What it says</h2>
          {paragraphs(props.description).map((text) => (
            <p class="prose pre">{text}</p>
          ))}
        </section>
      )}
      <section aria-labelledby="issues">
        <h2 id="issues">Issues</h2>
        {issues.length === 0 ? (
          <Empty>It belongs to no issue.</Empty>
        ) : (
          <ul class="plain">
            {issues.map(({ id, title, coverage }) => (
              <li>
                <Id id={id} href={issueAddress(id)} /> {title}
                {coverage === 'partial' ? <span class="quiet"> in part</span> : null}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="affected">
        <h2 id="affected">{counted(affected.length, 'package')} as read</h2>
        {affected.length === 0 ? (
          <Empty>It names no package.</Empty>
        ) : (
          <AffectedTable affected={affected} id={props.id} />
        )}
      </section>
      <Links {...props} />
      <section aria-labelledby="raw">
        <h2 id="raw">As it came</h2>
        <p>
          <a href={ownAddress(props.raw.href)} download="">
            Raw document
          </a>{' '}
          <span class="quiet">
            {number(props.raw.bytes)} bytes, unchanged · licence{' '}
            <OutsideLink href={source.licence.url}>{source.licence.name}</OutsideLink>
          </span>
        </p>
      </section>
    </Layout>
  );
}

function ReportFacts(props: ReportPageProps) {
  const { frame } = props;
  return (
    <Facts
      facts={[
        {
          name: 'Severity',
          value: (
            <>
              <SeverityMark severity={props.severity} />{' '}
              {props.severityAs === null ? null : <span class="quiet">“{props.severityAs}”</span>}
            </>
          ),
        },
        { name: 'Published', value: <Day at={props.published} /> },
        ...(props.modified === null ? [] : [{ name: 'Changed', value: <Day at={props.modified} /> }]),
        { name: 'Read', value: <When at={props.fetchedLast} now={frame.now} /> },
        ...(props.revision > 1
          ? [{ name: 'Revision', value: `${props.revision}, first read ${props.fetchedFirst.slice(0, 10)}` }]
          : []),
        ...(props.state === null || props.state === 'published'
          ? []
          : [{ name: 'State', value: props.state }]),
        ...(props.url === null
          ? []
          : [
              {
                name: 'Original',
                value: <OutsideLink href={props.url}>at {props.source.title}</OutsideLink>,
              },
            ]),
        ...props.cvss.map(({ version, score, by }) => ({
          name: `CVSS ${version}`,
          value: (
            <>
              {score.toFixed(1)} {by === null ? null : <span class="quiet">by {by}</span>}
            </>
          ),
        })),
      ]}
    />
  );
}

function AffectedTable({ affected, id }: { affected: readonly AffectedRow[]; id: string }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Packages that {id} names, as read</caption>
        <thead>
          <tr>
            <th scope="col">Package</th>
            <th scope="col">Release</th>
            <th scope="col">State</th>
            <th scope="col">Versions</th>
            <th scope="col">Fixed in</th>
            <th scope="col">Vulnerability</th>
          </tr>
        </thead>
        <tbody>
          {affected.map((row) => (
            <tr>
              <th scope="row" data-label="Package">
                {row.vendor === null ? '' : `${row.vendor} `}
                {row.name}
                <span class="version quiet">{row.ecosystem}</span>
              </th>
              <td data-label="Release">{row.release ?? <span class="quiet">–</span>}</td>
              <td data-label="State">
                {row.status === null ? <span class="quiet">not said</span> : row.status.replaceAll('_', ' ')}
                {row.note === null ? null : <span class="version quiet">{row.note}</span>}
              </td>
              <td data-label="Versions" class="mono small">
                {row.range ?? <span class="quiet">–</span>}
              </td>
              <td data-label="Fixed in" class="mono small">
                {row.fixed ?? <span class="quiet">–</span>}
              </td>
              <td data-label="Vulnerability">
                {row.vulnerability === null ? <span class="quiet">all</span> : <Id id={row.vulnerability} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Links({ vulnerabilities, aliases, weaknesses, cites, links }: ReportPageProps) {
  const lists = [
    { name: 'Vulnerabilities', ids: vulnerabilities },
    { name: 'The same flaw as', ids: aliases },
    { name: 'Weaknesses', ids: weaknesses },
    { name: 'Cites', ids: cites },
  ].filter(({ ids }) => ids.length > 0);
  if (lists.length === 0 && links.length === 0) return null;
  return (
    <section aria-labelledby="links">
      <h2 id="links">What it names</h2>
      {lists.map(({ name, ids }) => (
        <div class="aside">
          <h3>{name}</h3>
          <p class="id-run">
            {ids.map((id) => (
              <>
                <Id id={id} />{' '}
              </>
            ))}
          </p>
        </div>
      ))}
      {links.length === 0 ? null : (
        <div class="aside">
          <h3>Links</h3>
          <ul class="plain link-list">
            {links.map(({ url, kind, note }) => (
              <li>
                <span class="kind">{kind}</span> <OutsideLink href={url}>{url}</OutsideLink>
                {note === null ? null : <span class="quiet"> {note}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

/** Paragraphs of plain text: what an empty line separates. */
function paragraphs(text: string): string[] {
  return text.split(/\n[ \t]*\n/).filter((paragraph) => paragraph.trim() !== '');
}
