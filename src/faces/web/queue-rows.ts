import type {
  Claim,
  IssueBrief,
  IssueExploitation,
  IssueFields,
  IssueLine,
  StatusWord,
} from '#domain/issues';
import type { GoneLine, SuggestionDismissal, WaitingLine } from '#domain/matching';
import { type Seen, seenText, statusWords } from '#faces/editing';
import type { ClaimState } from './decisions.ts';
import type { Called, Names } from './names.ts';
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
  /** Whether it is used by attackers, or likely to be. */
  exploitation: IssueExploitation | null;
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

/** A row that is made when it is drawn: what was drawn of it before may do. */
export interface LazyRow {
  until: string | null;
  /** `person:3`; null where nobody works on its issue. */
  claimedBy: string | null;
  /** What it is made of, for whoever keeps what was drawn: another object when the suggestion or what is found of it changed. */
  owner: object;
  parts: readonly (string | number | object | null | undefined)[];
  make(): QueueRow;
}

/** Rows in the order of the queue; those of issues that were dismissed or merged since it was written are left out. */
export async function queueRows(
  site: Pick<Site, 'names' | 'now'>,
  waiting: readonly WaitingLine[],
  lines: ReadonlyMap<string, IssueLine>,
  channels: readonly { name: string; read: boolean }[],
): Promise<LazyRow[]> {
  const now = site.now().toISOString();
  const claims = new Map([...lines].map(([id, { fields }]) => [id, claimIn(fields, now)]));
  const names = await site.names([
    ...waiting.map(({ decided }) => decided?.by),
    ...[...lines.values()].flatMap((line) => line.deciders),
    ...[...claims.values()].map(({ value }) => value?.person),
  ]);
  const columns = channels.map(({ name, read }) => `${name} ${read}`).join(' ');
  return waiting.flatMap((line): LazyRow[] => {
    const about = lines.get(line.issue);
    const claim = claims.get(line.issue);
    if (about === undefined || claim === undefined || isDismissed(about.fields)) return [];
    return [
      {
        until: line.until,
        claimedBy: claim.value?.person ?? null,
        owner: line.shown,
        parts: [
          ...[about, line.urgency, line.opened, line.until, line.decided?.version],
          ...[columns, now.slice(0, 10), names.epoch],
        ],
        make: () => rowOf(line, about, claim, channels, names),
      },
    ];
  });
}

interface StandingClaim {
  version: number;
  value: Claim | null;
}

/** One that has run out claims nothing. */
function claimIn({ claim }: IssueFields, now: string): StandingClaim {
  const value = (claim?.value ?? null) as Claim | null;
  return { version: claim?.version ?? 0, value: value !== null && value.until > now ? value : null };
}

function rowOf(
  line: WaitingLine,
  about: IssueLine,
  claim: StandingClaim,
  channels: readonly { name: string; read: boolean }[],
  names: Names,
): QueueRow {
  const { suggestion, issue: id, attr, shown } = line;
  const { decision = null, reason = null, by = '', version = 0 } = line.decided ?? {};
  return {
    id: `${id}/${attr}`,
    number: suggestion,
    issue: id,
    package: attr,
    title: about.issue.title,
    product: about.issue.product,
    severity: about.issue.severity,
    opened: line.opened.slice(0, 10),
    exploitation: about.exploitation,
    vulnerabilities: about.brief?.vulnerabilities ?? [],
    vulnerabilityCount: about.brief?.vulnerabilityCount ?? 0,
    advisories: about.brief?.advisories ?? [],
    advisoryCount: about.brief?.advisoryCount ?? 0,
    urgency: line.urgency,
    urgent: shown.parts.map(({ why }) => why),
    score: shown.score,
    reasons: shown.reasons.map(({ why }) => why),
    again: shown.again,
    before: decision === null ? null : { decision, reason, by: names(by) },
    version,
    cells: channels.map((channel) => cellOf(channel, line, about, names)),
    claim: {
      issue: id,
      version: claim.version,
      by: claim.value === null ? null : names(claim.value.person),
      person: claim.value?.person ?? null,
      until: claim.value?.until ?? null,
    },
    until: line.until,
    likely: likelyReason(shown),
  };
}

function cellOf(
  { name, read }: { name: string; read: boolean },
  { attr, shown }: WaitingLine,
  about: IssueLine,
  names: Names,
): QueueCell {
  const cell = shown.channels.find(({ channel }) => channel === name);
  const box = about.decided(attr, name);
  const decided =
    box === null
      ? null
      : {
          status: box.value.status,
          words: statusWords(box.value),
          by: names(box.changedBy),
          version: box.version,
        };
  if (cell === undefined)
    return { channel: name, verdict: read ? 'absent' : 'unknown', version: null, why: null, decided };
  const [first] = cell.evidence;
  const why = first === undefined ? null : `${first.vulnerability}: ${first.why}`;
  return { channel: name, verdict: cell.verdict, version: cell.version, why, decided };
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
function likelyReason({ channels }: WaitingLine['shown']): SuggestionDismissal {
  const open = channels.filter(({ verdict }) => verdict !== 'not_affected');
  return open.length > 0 && open.every(({ patched }) => patched.length > 0) ? 'patched' : 'wrong_product';
}
