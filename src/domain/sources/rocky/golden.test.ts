import { goldenTest } from '../golden.ts';
import { rocky } from './rocky.ts';

goldenTest(rocky, import.meta.dirname, {
  folders: ['rocky'],
  foreign: ['rocky/PROVENANCE.md', /\/repomd\.xml$/, /-modules\.yaml\.xz$/, /\/fullfiletimelist(?:-vault)?$/],
});
