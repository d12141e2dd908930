import type { MatchPackage } from './package-names.ts';

/** For tests: a package as the matcher sees it; what is not said follows from its attribute. */
export function samplePackage(attr: string, more: Partial<MatchPackage> = {}): MatchPackage {
  const pname = more.pname ?? attr.slice(attr.lastIndexOf('.') + 1);
  const name = more.name ?? pname.toLowerCase();
  return {
    attr,
    pname,
    name,
    product: name,
    version: '1.0',
    patches: [],
    knownVulnerabilities: [],
    homepage: null,
    sourceUrl: null,
    ...more,
  };
}
