import { goldenTest } from '../golden.ts';
import { freebsd } from './freebsd.ts';

goldenTest(freebsd, import.meta.dirname, {
  folders: ['freebsd'],
  foreign: ['freebsd/PROVENANCE.md'],
});
