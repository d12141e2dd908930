import { goldenTest } from '../golden.ts';
import { mozilla } from './mozilla.ts';

goldenTest(mozilla, import.meta.dirname, {
  folders: ['mozilla'],
  foreign: ['mozilla/PROVENANCE.md', 'mozilla/README.upstream.md'],
});
