import { goldenTest } from '../golden.ts';
import { suse } from './suse.ts';

goldenTest(suse, import.meta.dirname, {
  folders: ['suse'],
  foreign: [
    'suse/PROVENANCE.md',
    'suse/backports/',
    'suse/scores/',
    /!\/csaf(?:-vex)?\/(?:index\.txt|changes\.csv|LICENSE|[\w-]+\.json\.(?:asc|sha256))$/,
    'suse/oval/vuls/indexof.html',
    // What another program makes of them.
    'suse/oval/vunnel/snapshots/',
  ],
  refused: ['suse/cvrf/broken-cvrf-data.xml: truncated line 186, column 0'],
});
