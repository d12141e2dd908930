import { goldenTest } from '../golden.ts';
import { osv } from './osv.ts';

goldenTest(osv, import.meta.dirname, {
  folders: ['osv'],
  foreign: [
    'osv/PROVENANCE.md',
    'osv/schema/',
    'osv/osv.dev-website-testdata/README.md',
    // What another program makes of them.
    /-expected-\d+\.json$/,
  ],
});
