import { goldenTest } from '../golden.ts';
import { mageia } from './mageia.ts';

goldenTest(mageia, import.meta.dirname, {
  folders: ['mageia'],
  foreign: ['mageia/PROVENANCE.md'],
});
