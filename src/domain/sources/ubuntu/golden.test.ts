import { goldenTest } from '../golden.ts';
import { ubuntu } from './ubuntu.ts';

goldenTest(ubuntu, import.meta.dirname, {
  folders: ['ubuntu/osv', 'ubuntu/oval', 'ubuntu/vex'],
  foreign: ['ubuntu/oval/indexof_valid.html'],
});
