import { goldenTest } from '../golden.ts';
import { alpine } from './alpine.ts';

goldenTest(alpine, import.meta.dirname, {
  folders: ['alpine'],
  foreign: [
    'alpine/PROVENANCE.md',
    /!\/(?:Makefile|README\.md|secfixes\.lua)$/,
    'alpine/secdb/secfixes.lua',
    /\.html$/,
    'alpine/vulnerablecode/expected-',
  ],
});
