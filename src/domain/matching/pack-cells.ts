import type { Verdict } from '#base/versions';
import type { Suggestion } from './match-issue.ts';
import type { PackageVerdict } from './verdict.ts';

/** A package that looks like an issue's product, in one channel, as a line of a list shows it. */
export interface CellPackage {
  attr: string;
  version: string;
  verdict: Verdict;
  /** The sentence that tells most: "CVE-2017-3731: 1.0.2j < 1.0.2k, CVE record"; empty where there is none. */
  why: string;
}

/** The worst first: its place is the code that is stored. */
const VERDICTS = ['affected', 'unknown', 'not_affected'] as const satisfies readonly Verdict[];

/**
 * As it is stored. Texts stand there once; of each channel four numbers a package: places of its attribute, version, verdict
 * and reason.
 */
export type PackedCells = [
  attrs: string[],
  versions: string[],
  whys: string[],
  channels: string[],
  packages: number[][],
];

/** What is found for one issue in each channel, the worst package first. */
export function packCells(found: readonly Pick<Suggestion, 'attr' | 'channels'>[]): PackedCells {
  const attrs = [...new Set(found.map(({ attr }) => attr))].sort();
  const [placeOfAttr, versions, whys] = [placesOf(attrs), placesOf(), placesOf()];
  const channels = new Map<string, [number, number, number, number][]>();
  for (const { attr, channels: own } of found) {
    for (const { channel, version, verdict } of own) {
      const rows = channels.get(channel) ?? [];
      channels.set(channel, rows);
      rows.push([
        placeOfAttr.of(attr),
        versions.of(version),
        VERDICTS.indexOf(verdict.verdict),
        whys.of(tellingWhy(verdict)),
      ]);
    }
  }
  return [
    attrs,
    versions.all(),
    whys.all(),
    [...channels.keys()],
    // Attributes are in order, so their places are too.
    [...channels.values()].map((rows) => rows.sort((a, b) => a[2] - b[2] || a[0] - b[0]).flat()),
  ];
}

/** The inverse of packCells: packages by channel. */
export function unpackCells([attrs, versions, whys, channels, packages]: PackedCells): Map<
  string,
  CellPackage[]
> {
  return new Map(
    channels.map((channel, place) => {
      const numbers = packages[place] ?? [];
      const cell: CellPackage[] = [];
      for (let at = 0; at + 3 < numbers.length; at += 4)
        cell.push({
          attr: attrs[numbers[at] ?? -1] ?? '',
          version: versions[numbers[at + 1] ?? -1] ?? '',
          verdict: VERDICTS[numbers[at + 2] ?? -1] ?? 'unknown',
          why: whys[numbers[at + 3] ?? -1] ?? '',
        });
      return [channel, cell];
    }),
  );
}

/** Gives each text a place, the same one every time. */
function placesOf(first: readonly string[] = []): { of(text: string): number; all(): string[] } {
  const places = new Map(first.map((text, place) => [text, place]));
  return {
    of: (text) => {
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      return place;
    },
    all: () => [...places.keys()],
  };
}

/** Of the evidence, the first line that says what the whole says. */
export function tellingWhy({ verdict, evidence }: Pick<PackageVerdict, 'verdict' | 'evidence'>): string {
  const telling = evidence.find((line) => line.verdict === verdict);
  return telling === undefined ? '' : `${telling.vulnerability}: ${telling.why}`;
}
