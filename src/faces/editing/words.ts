import { oneLine } from '#base/formats';
import type { CampaignWord, RegroupingWord } from '#domain/campaigns';
import type { Claim, Dismissal, IntakeDecision, Justification, Status, StatusWord } from '#domain/issues';
import { parseBoxId } from '#domain/issues';
import type { Decision, RuleValue, SuggestionDismissal } from '#domain/matching';
import type { Change, FieldValue } from '#domain/proposals';
import { isGateNumber } from '#domain/roundup';
import type { ThreadDecision, ThreadDismissal } from '#domain/threads';

/** Words under names: what is no name of ours (`__proto__`) has none. */
function table<Name extends string>(words: Record<Name, string>): Readonly<Record<Name, string>> {
  return Object.assign(Object.create(null) as Record<Name, string>, words);
}

/** Each status in the words that people read. */
export const STATUS_WORDS: Readonly<Record<StatusWord, string>> = table({
  under_investigation: 'under investigation',
  affected: 'affected',
  fix_pending: 'fix pending',
  wont_fix: 'won’t fix',
  postponed: 'postponed',
  fixed: 'fixed',
  not_affected: 'not affected',
});

/** OpenVEX's justifications as halves of sentences, in the order of the keys 1 to 5. */
export const JUSTIFICATION_WORDS: Readonly<Record<Justification, string>> = table({
  component_not_present: 'the component is not present',
  vulnerable_code_not_present: 'the vulnerable code is not present',
  vulnerable_code_not_in_execute_path: 'the vulnerable code is never executed',
  vulnerable_code_cannot_be_controlled_by_adversary: 'no adversary can control the vulnerable code',
  inline_mitigations_already_exist: 'mitigations are built in already',
});

export const DISMISSAL_WORDS: Readonly<Record<Dismissal['reason'], string>> = table({
  not_packaged: 'not packaged',
  hosted_service_only: 'only as a hosted service',
  hardware_only: 'hardware only',
  other_platform_only: 'only on other platforms',
  not_a_vulnerability: 'not a vulnerability',
  disputed: 'disputed',
});

/** Why a suggestion is none of ours, in the order of the keys 1 to 7. */
export const SUGGESTION_WORDS: Readonly<Record<SuggestionDismissal, string>> = table({
  wrong_product: 'another product',
  not_our_version: 'not our version',
  patched: 'patched already',
  other_platform: 'another platform',
  not_a_vulnerability: 'not a vulnerability',
  duplicate: 'a duplicate',
  other: 'another reason',
});

/** Why a thread of a mailing list is none of ours, in the order of the keys 1 to 7. */
export const THREAD_WORDS: Readonly<Record<ThreadDismissal, string>> = table({
  not_packaged: 'not packaged',
  not_affected: 'not affected',
  not_a_vulnerability: 'not a vulnerability',
  known_already: 'known already',
  talk: 'only talk',
  spam: 'spam',
  other: 'another reason',
});

const FIELD_WORDS: Readonly<Record<string, string>> = table({
  title: 'title',
  severity: 'severity',
  summary: 'summary',
  claim: 'claim',
  emergency: 'emergency',
  help_wanted: 'help wanted',
  dismissed: 'dismissal',
});

/** How an actor is called: `person:3` → `@fpletz`. Whoever has no names at hand gets them as they are stored. */
export type NameOf = (actor: string) => string;
const asStored: NameOf = (actor) => actor;

/** How one kind of thing is spoken of. */
interface KindWords {
  /** What a change is about, without its issue: that stands beside. */
  subject(id: string, field: string): string;
  /** The issue that it belongs to; null where it belongs to none. */
  issue?(id: string): string;
  value(value: FieldValue, field: string, nameOf: NameOf): string;
}

const upTo = (id: string) => id.slice(0, id.indexOf('/'));
const after = (id: string) => id.slice(id.indexOf('/') + 1);
/** What somebody wrote, where a line of it has to do. */
const SHORT = 200;

const KINDS: Readonly<Record<string, KindWords>> = {
  status: {
    subject(id) {
      const box = parseBoxId(id);
      return box === null ? id : `${box.package} in ${box.channel}`;
    },
    issue: upTo,
    value: (value) => (value === null ? 'unknown' : statusWords(value as Status)),
  },
  package: {
    subject: (id) => `package ${after(id)}`,
    issue: upTo,
    value: (value) => (value === null ? 'not listed' : `listed as ${article(String(value))}`),
  },
  issue: {
    subject: (_, field) => FIELD_WORDS[field] ?? field,
    issue: (id) => id,
    value(value, field, nameOf) {
      if (field === 'claim') return claimWords(value as Claim | null, nameOf);
      if (field === 'dismissed') return dismissalWords(value as Dismissal | null);
      if (field === 'emergency' || field === 'help_wanted') return value === true ? 'yes' : 'no';
      return value === null ? 'as derived' : String(value);
    },
  },
  suggestion: {
    subject: (id) => `suggestion of ${after(id)}`,
    issue: upTo,
    value: (value) => (value === null ? 'not decided' : decisionWords(value as unknown as Decision)),
  },
  rule: {
    subject: () => 'rule',
    value: (value) => (value === null ? 'does not hold' : ruleWords(value as unknown as RuleValue)),
  },
  comment: {
    subject: (id) => `comment ${after(id)}`,
    issue: upTo,
    value: (value) => (value === null ? 'taken back' : oneLine(String(value), SHORT)),
  },
  new_issue: {
    subject: () => 'new issue',
    value: (value) => (value === null ? 'taken back' : draftWords(value as unknown as DraftWords)),
  },
  intake: {
    subject: (id) => `report ${id} of a visitor`,
    value: (value) => (value === null ? 'waits' : intakeWords(value as unknown as IntakeDecision)),
  },
  thread: {
    subject: (id, field) => (field === 'claim' ? `claim of thread ${id}` : `thread ${id}`),
    value: (value, field, nameOf) => {
      if (field === 'claim') return claimWords(value as Claim | null, nameOf);
      return value === null ? 'waits' : threadWords(value as unknown as ThreadDecision);
    },
  },
  batch: {
    subject: (id) => `held batch ${id}`,
    value: (value) => (value === null ? 'waits' : String((value as { as: string }).as)),
  },
  campaign: {
    subject: (id) => `campaign ${id}`,
    value: (value) => (value === null ? 'as derived' : `called ${(value as unknown as CampaignWord).title}`),
  },
  campaign_issue: {
    subject: (id) => `part in campaign ${upTo(id)}`,
    issue: after,
    value: (value) =>
      value === null ? 'as derived' : value === 'in' ? 'belongs to it' : 'does not belong to it',
  },
  regrouping: {
    subject: () => 'suggestion to merge or split',
    value: (value) => (value === null ? 'waits' : regroupingWords(value as unknown as RegroupingWord)),
  },
  rota: {
    subject: (id) => `lead of the week of ${id}`,
    value: (value, _, nameOf) => (value === null ? 'nobody' : nameOf(String(value))),
  },
  roundup: {
    subject: (id, field) => `${field} of roundup ${id}`,
    value: (value, _, nameOf) => (value === null ? 'nobody' : nameOf(String(value))),
  },
  roundup_line: {
    subject(id, field) {
      const number = Number(upTo(id));
      const list = isGateNumber(number) ? 'the release gate' : `roundup ${number}`;
      return `${field === 'done' ? 'line' : 'remark'} in ${list}`;
    },
    issue: after,
    value: (value, field) => {
      if (field === 'done') return value === true ? 'done' : 'to do';
      return value === null ? 'none' : oneLine(String(value), SHORT);
    },
  },
  roundup_item: {
    subject: (id) => `checklist of roundup ${upTo(id)}`,
    value(value) {
      if (value === null) return 'taken off';
      const { words, done } = value as { words: string; done: boolean };
      return `${words}: ${done ? 'done' : 'to do'}`;
    },
  },
};

/** What a change is about: "openssl in nixos-17.03", "severity". The issue is not named: it stands beside. */
export function subjectWords({ kind, id, field }: Pick<Change, 'kind' | 'id' | 'field'>): string {
  return ofKind(kind)?.subject(id, field) ?? `${field.replaceAll('_', ' ')} of ${kind} ${id}`;
}

/** The issue that a change is about; null where it is about something else. */
export function issueOfChange({ kind, id }: Pick<Change, 'kind' | 'id'>): string | null {
  return ofKind(kind)?.issue?.(id) ?? null;
}

/** What a field holds, in words. Undefined is what nobody knows any more (redacted). */
export function valueWords(
  { kind, field }: Pick<Change, 'kind' | 'field'>,
  value: FieldValue | undefined,
  nameOf: NameOf = asStored,
): string {
  if (value === undefined) return 'no longer known';
  return ofKind(kind)?.value(value, field, nameOf) ?? JSON.stringify(value);
}

function ofKind(kind: string): KindWords | undefined {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
}

/** "fixed in 1.0.2k", "not affected: the component is not present", "postponed until 2017-07-01" */
export function statusWords(value: Status): string {
  const parts = value as Partial<Record<'fixedIn' | 'until' | 'justification' | 'note', string>>;
  const word = STATUS_WORDS[value.status] ?? value.status;
  const what =
    parts.fixedIn !== undefined
      ? `${word} in ${parts.fixedIn}`
      : parts.until !== undefined
        ? `${word} until ${parts.until}`
        : word;
  const why = [
    parts.justification === undefined ? '' : JUSTIFICATION_WORDS[parts.justification as Justification],
    parts.note ?? '',
  ].filter((text) => text !== '');
  return why.length === 0 ? what : `${what}: ${why.join('; ')}`;
}

function claimWords(value: Claim | null, nameOf: NameOf): string {
  return value === null
    ? 'claimed by nobody'
    : `claimed by ${nameOf(value.person)} until ${value.until.slice(0, 10)}`;
}

function dismissalWords(value: Dismissal | null): string {
  return value === null ? 'not dismissed' : `dismissed (${DISMISSAL_WORDS[value.reason]}): ${value.note}`;
}

function article(kind: string): string {
  if (kind === 'module') return 'a NixOS module';
  return kind === 'nix' ? 'a release of Nix' : 'an attribute';
}

function decisionWords(value: Decision): string {
  const note = value.note === undefined ? '' : `: ${value.note}`;
  if (value.decision === 'accepted') return `accepted${note}`;
  return `dismissed (${value.reason.replaceAll('_', ' ')})${note}`;
}

/** "openssl is not what records call openssl:openssl_for_windows, in nixos-17.03 (wrong product)" */
function ruleWords({ attr, vendor, product, channel, reason, note }: RuleValue): string {
  const named = vendor === undefined ? product : `${vendor}:${product}`;
  const where = channel === undefined ? '' : `, in ${channel}`;
  const why = `${reason.replaceAll('_', ' ')}${note === undefined ? '' : `: ${note}`}`;
  return `${attr} is not what records call ${named}${where} (${why})`;
}

interface DraftWords {
  product: string;
  title: string;
}

function draftWords({ product, title }: DraftWords): string {
  return title.startsWith(`${product}:`) ? title : `${product}: ${title}`;
}

/** "dismissed (only talk)", "waits again", "belongs to NSI-2017-0043", "a new issue: openssl: denial of service" */
export function threadWords(value: ThreadDecision): string {
  if (value.as === 'attached') return `belongs to ${value.issue}`;
  // What was redacted has no draft any more.
  if (value.as === 'issue') {
    const draft = value.draft as DraftWords | undefined;
    return draft === undefined ? 'a new issue' : `a new issue: ${draftWords(draft)}`;
  }
  if (value.as === 'waiting') return 'waits again';
  const note = (value.note ?? '') === '' ? '' : `: ${value.note}`;
  return `dismissed (${THREAD_WORDS[value.reason]})${note}`;
}

function regroupingWords({ reason, note }: RegroupingWord): string {
  return `dismissed (${reason.replaceAll('_', ' ')})${note === undefined ? '' : `: ${note}`}`;
}

function intakeWords(value: IntakeDecision): string {
  if (value.as === 'dismissed') return `dismissed: ${value.reason}`;
  if (value.as === 'issue') return `a new issue: ${draftWords(value.draft)}`;
  return value.as === 'comment' ? `released as a comment on ${value.issue}` : `belongs to ${value.issue}`;
}
