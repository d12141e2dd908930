import { goldenTest } from '../golden.ts';
import { redhat } from './redhat.ts';

goldenTest(redhat, import.meta.dirname, {
  folders: ['redhat/osv', 'redhat/oval-v1', 'redhat/oval-v2', 'redhat/cvrf', 'redhat/centos'],
  foreign: ['redhat/cvrf/cvrf_20231016.tar.gz!/index.txt', /\/PULP_MANIFEST$/, 'redhat/oval-v2/v2/feed.json'],
});
