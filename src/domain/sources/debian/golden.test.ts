import { goldenTest } from '../golden.ts';
import { debian } from './debian.ts';

goldenTest(debian, import.meta.dirname, {
  folders: ['debian/osv', 'debian/oval'],
  foreign: ['debian/oval/index.html'],
});
