import { goldenTest } from '../golden.ts';
import { oracle } from './oracle.ts';

goldenTest(oracle, import.meta.dirname, {
  folders: ['oracle'],
  foreign: ['oracle/PROVENANCE.md', 'oracle/oval/vuls/invalid.xml'],
});
