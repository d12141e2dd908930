import type { Claim, IssueBrief, IssueFields, IssueLine, StatusWord } from '#domain/issues';
import type { GoneLine, SuggestionDismissal, WaitingLine } from '#domain/matching';
import { type Seen, seenText, statusWords } from '#faces/editing';
import type { ClaimState } from './decisions.ts';
import type { Called } from './names.ts';
import type { Site } from './site.ts';

/** What a channel shows of a suggestion, and what people said of it. */
export interface QueueCell {
  channel: string;
  /** `absent`: the channel has no such package; `unknown` also where nothing of it was ever read. */
  verdict: 'affected' | 'not_affected' | 'unknown' | 'absent';
  version: string | null;
  /** Why the machine sees it so. */
  why: string | null;
  decided: { status: StatusWord; words: string; by: Called; version: number } | null;
}

/** A suggestion that waits, as the page and its JSON have it. */
export interface QueueRow {
  /** `NSI-2017-0043/openssl`: what changes name. */
  id: string;
  number: number;
  issue: string;
  package: string;
  title: string;
  product: string;
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  opened: string;
  /** The first few, and how many there are. */
  vulnerabilities: string[];
  vulnerabilityCount: number;
  advisories: IssueBrief['advisories'];
  advisoryCount: number;
  /** How urgent, and why. */
  urgency: number;
  urgent: string[];
  /** That it is the package, 0 to 1, and why. */
  score: number;
  reasons: string[];
  /** Why it is asked again; null where nobody has decided. */
  again: string[] | null;
  /** What was decided before. */
  before: { decision: 'accepted' | 'dismissed'; reason: SuggestionDismissal | null; by: Called } | null;
  /** What a decision has to have seen. */
  version: number;
  /** One for each channel of the table, in its order. */
  cells: QueueCell[];
  claim: ClaimState;
  /** Until when it is in one's own batch; null where it is not. */
  until: string | null;
  /** The reason for which it would be dismissed, if it were. */
  likely: SuggestionDismissal;
}

/** A suggestion that was asked for anew and waits no more. */
export interface GoneRow {
  id: string;
  number: number;
  issue: string;
  package: string;
  decision: 'accepted' | 'dismissed' | null;
  reason: SuggestionDismissal | null;
  by: Called | null;
  version: number;
}

/** Rows in the order of the queue; those of issues that were dismissed or merged since it was written are left out. */
export async function queueRows(
  site: Pick<Site, 'names' | 'now'>,
  waiting: readonly WaitingLine[],
  lines: ReadonlyMap<string, IssueLine>,
  channels: readonly { name: string; read: boolean }[],
): Promise<QueueRow[]> {
  const now = site.now().toISOString();
  const claims = new Map(
    [...lines].map(([id, { fields }]) => {
      const value = (fields.claim?.value ?? null) as Claim | null;
      return [
        id,
        { version: fields.claim?.version ?? 0, value: value !== null && value.until > now ? value : null },
      ];
    }),
  );
  const names = await site.names([
    ...waiting.map(({ decided }) => decided?.by),
    ...[...lines.values()].flatMap((line) => line.deciders),
    ...[...claims.values()].map(({ value }) => value?.person),
  ]);
  return waiting.flatMap((line): QueueRow[] => {
    const { suggestion, issue: id, attr } = line;
    const about = lines.get(id);
    if (about === undefined || isDismissed(about.fields)) return [];
    const claim = claims.get(id);
    const cells = channels.map(({ name, read }): QueueCell => {
      const cell = line.channels.find(({ channel }) => channel === name);
      const box = about.decided(attr, name);
      const said =
        box === null
          ? null
          : {
              status: box.value.status,
              words: statusWords(box.value),
              by: names(box.changedBy),
              version: box.version,
            };
      if (cell === undefined)
        return {
          channel: name,
          verdict: read ? 'absent' : 'unknown',
          version: null,
          why: null,
          decided: said,
        };
      const [first] = cell.evidence;
      const why = first === undefined ? null : `${first.vulnerability}: ${first.why}`;
      return { channel: name, verdict: cell.verdict, version: cell.version, why, decided: said };
    });
    const { decision = null, reason = null, by = '', version = 0 } = line.decided ?? {};
    return [
      {
        id: `${id}/${attr}`,
        number: suggestion,
        issue: id,
        package: attr,
        title: about.issue.title,
        product: about.issue.product,
        severity: about.issue.severity,
        opened: line.opened.slice(0, 10),
        vulnerabilities: about.brief?.vulnerabilities ?? [],
        vulnerabilityCount: about.brief?.vulnerabilityCount ?? 0,
        advisories: about.brief?.advisories ?? [],
        advisoryCount: about.brief?.advisoryCount ?? 0,
        urgency: line.urgency,
        urgent: line.parts.map(({ why }) => why),
        score: line.score,
        reasons: line.reasons.map(({ why }) => why),
        again: line.again,
        before: decision === null ? null : { decision, reason, by: names(by) },
        version,
        cells,
        claim: {
          issue: id,
          version: claim?.version ?? 0,
          by: claim?.value == null ? null : names(claim.value.person),
          person: claim?.value?.person ?? null,
          until: claim?.value?.until ?? null,
        },
        until: line.until,
        likely: likelyReason(line),
      },
    ];
  });
}

export async function goneRows(site: Pick<Site, 'names'>, gone: readonly GoneLine[]): Promise<GoneRow[]> {
  const names = await site.names(gone.map(({ decided }) => decided?.by));
  return gone.map(({ suggestion, issue, attr, decided }) => ({
    id: `${issue}/${attr}`,
    number: suggestion,
    issue,
    package: attr,
    decision: decided?.decision ?? null,
    reason: decided?.reason ?? null,
    by: decided?.decision == null ? null : names(decided.by),
    version: decided?.version ?? 0,
  }));
}

/** The field that a decision sets, as it was seen. */
export function decisionField({ id, version }: Pick<QueueRow, 'id' | 'version'>): Seen {
  return { kind: 'suggestion', id, field: 'decision', saw: version };
}

export function decisionAt(row: Pick<QueueRow, 'id' | 'version'>): string {
  return seenText(decisionField(row));
}

function isDismissed(fields: IssueFields): boolean {
  return fields.dismissed?.value != null;
}

/** Where patches name all that may hit it, it is patched; otherwise what the matcher takes for it is most often another thing. */
function likelyReason({ channels }: WaitingLine): SuggestionDismissal {
  const open = channels.filter(({ verdict }) => verdict !== 'not_affected');
  return open.length > 0 && open.every(({ patched }) => patched.length > 0) ? 'patched' : 'wrong_product';
}
