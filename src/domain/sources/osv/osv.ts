import type { Source } from '../source.ts';
import { osvJson, osvYaml } from './records.ts';

const BUCKET = 'https://osv-vulnerabilities.storage.googleapis.com';
/** Registries whose packages a distribution packages, and that publish nowhere else. Distributions' own zips are with their sources. */
const ECOSYSTEMS = [
  ...['PyPI', 'crates.io', 'Go', 'RubyGems', 'Packagist', 'Hackage', 'Hex', 'Maven', 'npm', 'Pub', 'CRAN'],
  ...['Bioconductor', 'Opam', 'Julia', 'OSS-Fuzz'],
];

/** OSV: records of flaws in packages of registries, in one form whoever wrote them. */
export const osv: Source = {
  id: 'osv',
  aliases: ['osv.dev'],
  title: 'OSV',
  homepage: 'https://osv.dev/',
  licence: {
    name: 'of each database: CC-BY-4.0, CC0, Apache-2.0',
    url: 'https://google.github.io/osv.dev/data/#licensing',
    attribution: 'OSV.dev and the databases that it gathers, https://osv.dev/',
  },
  version: 1,
  expectEveryHours: 48,
  usualPerWeek: [100, 20_000],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [osvJson, osvYaml],
  feeds: ECOSYSTEMS.map((ecosystem) => ({
    format: 'osv',
    url: `${BUCKET}/${encodeURIComponent(ecosystem)}/all.zip`,
    path: `osv/${ecosystem}/all.zip`,
    since: '2022-01-01',
  })),
};
