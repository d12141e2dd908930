import { namesOf } from '../source-titles.ts';
import { anchor, reportAddress } from './addresses.ts';
import { Empty } from './figures.tsx';
import { Id } from './links.tsx';
import { SeverityMark, type SeverityWord } from './marks.tsx';
import { When } from './times.tsx';

/** One flaw, as the sources describe it. */
export interface VulnerabilityFacts {
  id: string;
  aliases: string[];
  state: 'published' | 'reserved' | 'rejected';
  /** Since when, and by whose records; by nobody's where reports alone name it. Left out of what was made before these were known. */
  stateSince?: string | null;
  stateBy?: string[];
  severity: SeverityWord;
  score: number | null;
  /** "3.0" and the vector, where a score is known. */
  cvss: { version: string; vector: string } | null;
  published: string | null;
  description: string | null;
  /** "CWE-125" */
  weaknesses: string[];
  /** Records that describe it: where the text comes from. */
  records: { source: string; key: string; title: string }[];
}

const STATES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    reserved: 'the number is taken, its text is not public',
    rejected: 'the number was withdrawn',
  }),
);

/** "rejected since 2017-08-08 by the word of CVE.org and NVD: the number was withdrawn" */
function stateWords({ state, stateSince, stateBy = [] }: VulnerabilityFacts): string {
  const meaning = STATES.get(state) ?? '';
  if (state === 'reserved' && stateBy.length === 0) return 'no record that we read describes it yet';
  const since = stateSince == null ? '' : ` since ${stateSince.slice(0, 10)}`;
  const by = stateBy.length === 0 ? '' : ` by the word of ${namesOf(stateBy)}`;
  return `${state}${since}${by}: ${meaning}`;
}

export function VulnerabilityList({
  vulnerabilities,
  now,
}: {
  vulnerabilities: readonly VulnerabilityFacts[];
  now: string;
}) {
  if (vulnerabilities.length === 0) return <Empty>The advisories name no vulnerability by number.</Empty>;
  return (
    <div class="vulnerabilities">
      {vulnerabilities.map((one) => (
        <article class="vulnerability" id={anchor('vulnerability', one.id)}>
          <h3>
            <Id id={one.id} />
          </h3>
          <p class="meta">
            <SeverityMark severity={one.severity} />
            {one.score === null ? null : (
              <span class="score" title={one.cvss?.vector}>
                {one.score.toFixed(1)}
              </span>
            )}
            {one.cvss === null ? null : <span class="quiet">CVSS {one.cvss.version}</span>}
            {one.weaknesses.map((weakness) => (
              <span class="mono small">{weakness}</span>
            ))}
            {one.aliases.length === 0 ? null : <span class="quiet">also {one.aliases.join(', ')}</span>}
            <span class="quiet">
              published <When at={one.published} now={now} none="no date" />
            </span>
          </p>
          {STATES.has(one.state) ? <p class="note">{stateWords(one)}</p> : null}
          <p class="prose">{one.description ?? <span class="quiet">No source describes it yet.</span>}</p>
          {one.cvss === null ? null : <p class="mono small quiet vector">{one.cvss.vector}</p>}
          {one.records.length === 0 ? null : (
            <p class="small">
              <span class="quiet">Read from </span>
              {one.records.map(({ source, key, title }, index) => (
                <>
                  {index === 0 ? '' : ', '}
                  <a href={reportAddress(source, key)}>{title}</a>
                </>
              ))}
            </p>
          )}
        </article>
      ))}
    </div>
  );
}
