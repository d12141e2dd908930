import type { StatusWord } from '#domain/issues';
import type { PackageHistory } from '#domain/matching';
import { clip, exposureOf, type Span, union, without } from './exposure.ts';

/** What people said of an issue, as far as it decides when a channel was exposed. */
export interface Said {
  /** ISO day on which the problem became public. */
  opened: string;
  /** It is none of ours, or no problem. */
  dismissed: boolean;
  /** Packages that people said are not what the issue is about, and those of which they decided at all. */
  notMeant: ReadonlySet<string>;
  decided: ReadonlySet<string>;
  statuses: readonly {
    package: string;
    /** A module, or a release of Nix: no package set has it. */
    kind: 'attribute' | 'module' | 'nix';
    channel: string;
    word: StatusWord;
    /** ISO day. */
    since: string;
  }[];
}

/** An issue in a channel: when the channel was exposed, and when nobody can say. */
export interface IssueExposure {
  exposed: Span[];
  unknown: Span[];
  /** Packages through which it is exposed at present. */
  hit: string[];
  looked: boolean;
}

/** What its packages looked like, and what people said of them, put together: days count once, through whichever package. */
export function issueExposure(
  histories: readonly PackageHistory[],
  { opened, dismissed, notMeant, decided, statuses }: Said,
  channel: string,
): IssueExposure {
  const own = statuses.filter((status) => status.channel === channel);
  const looked = dismissed || own.length > 0 || histories.some(({ attr }) => decided.has(attr));
  if (dismissed) return { exposed: [], unknown: [], hit: [], looked };
  const said = new Map(own.map((status) => [status.package, status]));
  const meant = histories.filter(({ attr }) => said.has(attr) || !notMeant.has(attr));
  const seen = new Set(meant.map(({ attr }) => attr));
  const spans = meant.map(({ attr, periods }) => ({
    attr,
    spans: exposureOf({ periods, status: said.get(attr) ?? null }, opened),
  }));
  // Of what no package set has nobody knows more than people say.
  for (const status of own) {
    if (seen.has(status.package) || (status.word === 'fixed' && status.kind === 'attribute')) continue;
    const periods = [{ from: opened, to: null, verdict: 'unknown' as const }];
    spans.push({ attr: status.package, spans: exposureOf({ periods, status }, opened) });
  }
  const exposed = union(spans.flatMap((each) => each.spans));
  const open = meant.filter(
    ({ attr }) => (said.get(attr)?.word ?? 'under_investigation') === 'under_investigation',
  );
  const unknown = union(
    open.flatMap(({ periods }) =>
      periods.flatMap((period) => (period.verdict === 'unknown' ? clip(period, opened) : [])),
    ),
  );
  return {
    exposed,
    unknown: without(unknown, exposed),
    hit: spans.flatMap(({ attr, spans: all }) => (all.at(-1)?.to === null ? [attr] : [])).sort(),
    looked,
  };
}
