import { goldenTest } from '../golden.ts';
import { epss } from './epss.ts';

goldenTest(epss, import.meta.dirname, {
  folders: ['epss'],
  foreign: ['epss/PROVENANCE.md', 'epss/vulnerablecode/epss-expected.json'],
  refused: [
    'epss/csv/vunnel/invalid-header.csv: bad-grammar line 2',
    'epss/csv/vunnel/missing-date.csv: bad-date score_date',
  ],
});
