import { goldenTest } from '../golden.ts';
import { alma } from './alma.ts';

goldenTest(alma, import.meta.dirname, {
  folders: ['alma'],
  foreign: ['alma/PROVENANCE.md', /\/repomd\.xml$/, /-modules\.yaml\.gz$/],
});
