import { goldenTest } from '../golden.ts';
import { ghsa } from './ghsa.ts';

goldenTest(ghsa, import.meta.dirname, {
  folders: ['ghsa'],
  foreign: ['ghsa/PROVENANCE.md', /!\/advisory-database-main\/(?:[A-Z_]+\.md|\.github\/.*)$/],
});
