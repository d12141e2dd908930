import { goldenTest } from '../golden.ts';
import { kev } from './kev.ts';

goldenTest(kev, import.meta.dirname, {
  folders: ['kev'],
  foreign: ['kev/PROVENANCE.md', 'kev/known_exploited_vulnerabilities_schema.json'],
});
