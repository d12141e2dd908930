import { goldenTest } from '../golden.ts';
import { arch } from './arch.ts';

goldenTest(arch, import.meta.dirname, {
  folders: ['arch'],
  foreign: [
    'arch/PROVENANCE.md',
    // The tracker's own templates, and the page of the wiki that came before it.
    'arch/tracker-source/',
    'arch/wiki/',
  ],
  refused: ['arch/vuln-list-update/invalid.json: not-json'],
});
