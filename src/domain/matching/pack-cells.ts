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

/** As it is stored: attributes, reasons, and for each channel its packages as [place of the attribute, version, verdict, place of the reason]. */
export type PackedCells = [
  attrs: string[],
  whys: string[],
  channels: [string, [number, string, number, number][]][],
];

/** What is found for one issue in each channel, the worst package first. Texts that come again stand there once. */
export function packCells(found: readonly Pick<Suggestion, 'attr' | 'channels'>[]): PackedCells {
  const whys = new Map<string, number>();
  const attrs = [...new Set(found.map(({ attr }) => attr))].sort();
  const places = new Map(attrs.map((attr, place) => [attr, place]));
  const channels = new Map<string, [number, string, number, number][]>();
  for (const { attr, channels: own } of found) {
    for (const { channel, version, verdict } of own) {
      const why = tellingWhy(verdict);
      const place = whys.get(why) ?? whys.size;
      whys.set(why, place);
      const rows = channels.get(channel) ?? [];
      rows.push([places.get(attr) ?? 0, version, VERDICTS.indexOf(verdict.verdict), place]);
      channels.set(channel, rows);
    }
  }
  // Attributes are in order, so their places are too.
  for (const rows of channels.values()) rows.sort((a, b) => a[2] - b[2] || a[0] - b[0]);
  return [attrs, [...whys.keys()], [...channels]];
}

/** The inverse of packCells: packages by channel. */
export function unpackCells([attrs, whys, channels]: PackedCells): Map<string, CellPackage[]> {
  return new Map(
    channels.map(([channel, rows]) => [
      channel,
      rows.map(([attr, version, verdict, why]) => ({
        attr: attrs[attr] ?? '',
        version,
        verdict: VERDICTS[verdict] ?? 'unknown',
        why: whys[why] ?? '',
      })),
    ]),
  );
}

/** Of the evidence, the first line that says what the whole says. */
export function tellingWhy({ verdict, evidence }: Pick<PackageVerdict, 'verdict' | 'evidence'>): string {
  const telling = evidence.find((line) => line.verdict === verdict);
  return telling === undefined ? '' : `${telling.vulnerability}: ${telling.why}`;
}
