import type {
  Claim,
  IssueFields,
  IssueLine,
  LineStatus,
  Status,
  StatusWord,
  StoredStatus,
} from '#domain/issues';
import { boxId, fieldsOfIssues, statusesOf } from '#domain/issues';
import { mayDecide, type Permission } from '#domain/policies';
import { statusWords } from '#faces/editing';
import type { Called, Names } from './names.ts';
import type { Site } from './site.ts';
import type { Who } from './who.ts';

/** What people said of a box, as a cell shows it. */
export interface BoxDecision {
  status: StatusWord;
  /** "fixed in 1.0.2k" */
  words: string;
  /** The event that set it: what an edit has to have seen. */
  version: number;
  by: Called;
}

/** What people said of a box (issue × package × channel). */
export interface DecidedBox extends BoxDecision {
  issue: string;
  package: string;
  channel: string;
  at: string;
}

/** Who works on an issue. */
export interface ClaimState {
  issue: string;
  /** What an edit has to have seen. */
  version: number;
  /** Null where nobody claims it (any more). */
  by: Called | null;
  person: string | null;
  until: string | null;
}

/** What people decided of some issues, as pages and their JSON have it. */
export interface Decisions {
  boxes: DecidedBox[];
  claims: ClaimState[];
}

/** What whoever reads a page may do on it, and who they are. */
export interface Editing {
  /** Statuses: set at once, propose, or only read. */
  permission: Permission;
  /** `person:3`; null for visitors. */
  person: string | null;
}

export const READING: Editing = { permission: 'refuse', person: null };

export function editingOf({ actor }: Who): Editing {
  return { permission: mayDecide(actor), person: actor.account === null ? null : actor.id };
}

/** Two queries, and the names that are not known yet. */
export async function readDecisions(site: Site, issues: readonly string[]): Promise<Decisions> {
  const { queries } = site.database;
  const [statuses, fields] = await Promise.all([
    statusesOf(queries, issues),
    fieldsOfIssues(queries, issues),
  ]);
  return decisionsFrom(site, statuses, fields);
}

/** The same of what was read already: no query but for names that are not known yet. */
export async function decisionsFrom(
  site: Pick<Site, 'names' | 'now'>,
  statuses: readonly StoredStatus[],
  fields: Iterable<readonly [string, IssueFields]>,
): Promise<Decisions> {
  const now = site.now().toISOString();
  const claims = [...fields].flatMap(([issue, own]) => claimIn(issue, own, now) ?? []);
  const names = await site.names([
    ...statuses.map(({ changedBy }) => changedBy),
    ...claims.map(({ value }) => value?.person),
  ]);
  return {
    boxes: statuses.map(({ issue, package: name, channel, value, version, changedBy, changedAt }) => ({
      issue,
      package: name,
      channel,
      status: (value as Status).status,
      words: statusWords(value),
      version,
      by: names(changedBy),
      at: changedAt.toISOString(),
    })),
    claims: claims.map((claim) => claimState(claim, names)),
  };
}

interface StandingClaim {
  issue: string;
  version: number;
  value: Claim | null;
}

/** One that has run out claims nothing; its version is what an edit has to have seen all the same. */
function claimIn(issue: string, { claim }: IssueFields, now: string): StandingClaim | null {
  if (claim === undefined) return null;
  const value = claim.value as Claim | null;
  return { issue, version: claim.version, value: value !== null && value.until > now ? value : null };
}

function claimState({ issue, version, value }: StandingClaim, names: Names): ClaimState {
  return {
    issue,
    version,
    by: value === null ? null : names(value.person),
    person: value?.person ?? null,
    until: value?.until ?? null,
  };
}

/** Decisions by what they are about. */
export interface DecisionIndex {
  box(issue: string, name: string, channel: string): BoxDecision | null;
  claim(issue: string): ClaimState;
  /** Another one as soon as anybody may be called otherwise than before. */
  epoch: number;
}

export function indexDecisions({ boxes, claims }: Decisions): DecisionIndex {
  const byBox = new Map(
    boxes.map((box) => [boxId({ issue: box.issue, package: box.package, channel: box.channel }), box]),
  );
  const byIssue = new Map(claims.map((claim) => [claim.issue, claim]));
  return {
    box: (issue, name, channel) => byBox.get(boxId({ issue, package: name, channel })) ?? null,
    claim: (issue) => byIssue.get(issue) ?? unclaimed(issue),
    epoch: 0,
  };
}

/** The same for lines of a list, which show few of them: each is made when it is asked for. */
export async function decisionsOnLines(
  site: Pick<Site, 'names' | 'now'>,
  lines: ReadonlyMap<string, IssueLine>,
): Promise<DecisionIndex> {
  const now = site.now().toISOString();
  const claims = new Map(
    [...lines].flatMap(([id, { fields }]) => {
      const claim = claimIn(id, fields, now);
      return claim === null ? [] : [[id, claim] as const];
    }),
  );
  const actors = new Set<string>();
  for (const { deciders } of lines.values()) for (const actor of deciders) actors.add(actor);
  for (const { value } of claims.values()) if (value !== null) actors.add(value.person);
  const names = await site.names(actors);
  return {
    box: (issue, name, channel) => {
      const decided = lines.get(issue)?.decided(name, channel) ?? null;
      return decided === null ? null : new LineDecision(decided, names);
    },
    claim: (issue) => {
      const claim = claims.get(issue);
      return claim === undefined ? unclaimed(issue) : claimState(claim, names);
    },
    epoch: names.epoch,
  };
}

/** Its words and its name are made when they are shown. */
class LineDecision implements BoxDecision {
  readonly #decided: LineStatus;
  readonly #names: Names;

  constructor(decided: LineStatus, names: Names) {
    this.#decided = decided;
    this.#names = names;
  }

  get status(): StatusWord {
    return this.#decided.value.status;
  }
  get words(): string {
    return statusWords(this.#decided.value);
  }
  get version(): number {
    return this.#decided.version;
  }
  get by(): Called {
    return this.#names(this.#decided.changedBy);
  }
}

function unclaimed(issue: string): ClaimState {
  return { issue, version: 0, by: null, person: null, until: null };
}

export const NO_DECISIONS: DecisionIndex = indexDecisions({ boxes: [], claims: [] });
