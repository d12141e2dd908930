import type { StoredRegrouping } from '#domain/campaigns';

/** Why a suggestion to merge or split was made, in sentences; ids as the sources write them. */
export function regroupingWords({ kind, reasons }: Pick<StoredRegrouping, 'kind' | 'reasons'>): string[] {
  return reasons.map((reason) => sentenceOf(kind, reason));
}

function sentenceOf(kind: StoredRegrouping['kind'], reason: StoredRegrouping['reasons'][number]): string {
  switch (reason.kind) {
    case 'reports': {
      const share = `${Math.round(reason.likeness * 100)} in a hundred`;
      if (kind === 'merge')
        return `${listed(reason.together)} ${reason.together.length === 1 ? 'speaks' : 'speak'} of both: of the reports on a flaw of either, ${share} are on both${reason.apart.length === 0 ? '' : `; ${listed(reason.apart)} of one only`}.`;
      return `${listed(reason.apart)} ${reason.apart.length === 1 ? 'speaks' : 'speak'} of one side only${reason.together.length === 0 ? ', and no report of both' : `; of both only ${listed(reason.together)}`} (${share} of the reports on a flaw of either).`;
    }
    case 'alias':
      return `${reason.ids.join(' and ')} are one flaw, say records of ${reason.sources.join(', ')}.`;
    case 'thread':
      return `Thread ${reason.thread} of a mailing list names ${listed(reason.ids)} together.`;
  }
}

function listed(ids: readonly string[]): string {
  if (ids.length > 4) return `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`;
  const last = ids.at(-1) ?? '';
  return ids.length < 2 ? last : `${ids.slice(0, -1).join(', ')} and ${last}`;
}
