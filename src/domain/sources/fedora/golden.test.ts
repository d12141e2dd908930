import { goldenTest } from '../golden.ts';
import { fedora } from './fedora.ts';

goldenTest(fedora, import.meta.dirname, {
  folders: ['fedora'],
  foreign: [
    'fedora/PROVENANCE.md',
    'fedora/bodhi/releases/',
    'fedora/bugzilla/',
    // Made up by createrepo_c for its own tests: none is of Fedora.
    'fedora/updateinfo/createrepo_c/',
    /\/repomd\.xml$/,
    /-modules\.yaml\.gz$/,
    'fedora/updateinfo/fullfiletimelist-',
  ],
});
