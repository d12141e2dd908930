export { SCHEMES, type Scheme, type Verdict, type VersionRange, type VersionStatement } from './range.ts';
