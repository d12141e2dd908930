import { identify } from './package-name.ts';

/** What is needed of a package to see which others are the same. */
export interface FamilyMember {
  attr: string;
  pname: string;
  version: string;
  position: string | null;
  patches: readonly string[];
}

/**
 * For every attribute the one that stands for it: of all attributes that are the same upstream release, from the same file
 * of nixpkgs with the same patches, the one with the fewest dots, then the shortest, then the first by alphabet. So
 * `python27Packages.requests` and `python35Packages.requests` are one line to look at, not two. Other versions stay
 * apart: `openssl` and `openssl_1_0_2`, the kernels 4.4 and 4.9. A module that was built for several kernels is one
 * package, unless it has no version of its own.
 */
export function representatives(packages: readonly FamilyMember[]): Map<string, string> {
  const kernels = kernelVersions(packages);
  const best = new Map<string, string>();
  const keys = packages.map((one) => {
    const key = familyKey(one, kernels.get(setOf(one.attr)));
    const rival = best.get(key);
    if (rival === undefined || plainer(one.attr, rival)) best.set(key, one.attr);
    return key;
  });
  return new Map(packages.map(({ attr }, i) => [attr, best.get(keys[i] ?? '') ?? attr]));
}

/** Keys of what no kernel has a part in: the same object comes again with every revision. */
const KEYS = new WeakMap<FamilyMember, string>();

function familyKey(one: FamilyMember, kernel: string | undefined): string {
  if (kernel !== undefined) return makeKey(one, kernel);
  const known = KEYS.get(one);
  if (known !== undefined) return known;
  const key = makeKey(one, kernel);
  KEYS.set(one, key);
  return key;
}

function makeKey(one: FamilyMember, kernel: string | undefined): string {
  const plain = kernel === undefined ? one : withoutKernel(one, kernel);
  const { name, version } = identify(plain);
  return [name, version, one.position ?? '', ...one.patches].join('\n');
}

function plainer(a: string, b: string): boolean {
  const dots = a.split('.').length - b.split('.').length;
  if (dots !== 0) return dots < 0;
  return a.length === b.length ? a < b : a.length < b.length;
}

function setOf(attr: string): string {
  return attr.slice(0, Math.max(0, attr.lastIndexOf('.')));
}

/** Which kernel the modules of each `linuxPackages…` are built for: as the kernel itself says, or its own tools do. */
export function kernelVersions(packages: Iterable<{ attr: string; version: string }>): Map<string, string> {
  const found = new Map<string, string>();
  for (const { attr, version } of packages) {
    if (/^linuxPackages[^.]*\.(?:kernel|perf|cpupower)$/.test(attr) && /^\d/.test(version))
      found.set(setOf(attr), version);
  }
  return found;
}

/** A module's name and version without its kernel's (`0.8-4.4.95`, `4.4.95-1.0`, pname `blcr_4.4.95`), where something is left. */
function withoutKernel<T extends { pname: string; version: string }>(one: T, kernel: string): T {
  const pname = one.pname.endsWith(`_${kernel}`) ? one.pname.slice(0, -kernel.length - 1) : one.pname;
  if (one.version.endsWith(`-${kernel}`))
    return { ...one, pname, version: one.version.slice(0, -kernel.length - 1) };
  if (one.version.startsWith(`${kernel}-`))
    return { ...one, pname, version: one.version.slice(kernel.length + 1) };
  return { ...one, pname };
}
