import { type PackageOutline, packageName, representatives } from '#domain/channels';
import { canonicalProduct } from '#domain/issues';
import { type NameIndex, nameIndex } from './candidates.ts';
import { type MatchPackage, namesOf } from './package-names.ts';

/** One channel's packages, as they are matched. */
export interface ChannelPackages {
  channel: string;
  packages: readonly MatchPackage[];
}

/** The packages of all channels: what is the same in several of them stands in the index once. */
export interface PackageSet {
  channels: readonly string[];
  index: NameIndex;
  /** The channels that have a package, in the order of the channels. */
  channelsOf: ReadonlyMap<MatchPackage, readonly string[]>;
}

export function packageSet(channels: readonly ChannelPackages[]): PackageSet {
  const channelsOf = new Map<MatchPackage, string[]>();
  for (const { channel, packages } of channels) {
    for (const pkg of packages) {
      const list = channelsOf.get(pkg);
      if (list === undefined) channelsOf.set(pkg, [channel]);
      else list.push(channel);
    }
  }
  return {
    channels: channels.map(({ channel }) => channel),
    index: nameIndex(channelsOf.keys()),
    channelsOf,
  };
}

/**
 * Makes of a channel's packages those that are matched: of the attributes that are the same package, one. Packages that do
 * not differ in anything that matters here are one and the same object, in whichever channels they are.
 */
export function packageReader(): (outlines: readonly PackageOutline[]) => MatchPackage[] {
  const names = new Map<string, { name: string; product: string }>();
  const known = new Map<string, MatchPackage>();
  /** Of outlines that were read before: the same object comes again with every revision. */
  const read = new WeakMap<PackageOutline, MatchPackage>();

  function meant(pname: string): { name: string; product: string } {
    const before = names.get(pname);
    if (before !== undefined) return before;
    const name = packageName(pname);
    const both = { name, product: canonicalProduct('nixpkgs', name) };
    names.set(pname, both);
    return both;
  }

  return (outlines) => {
    const representative = representatives(outlines);
    return outlines
      .filter(({ attr }) => representative.get(attr) === attr)
      .map((outline) => {
        const before = read.get(outline);
        if (before !== undefined) return before;
        const { attr, pname, version, patches, knownVulnerabilities, homepage, sourceUrl } = outline;
        const pkg = {
          ...{ attr, pname, ...meant(pname), version, patches, knownVulnerabilities, homepage, sourceUrl },
        };
        const key = keyOf(pkg);
        const same = known.get(key) ?? pkg;
        known.set(key, same);
        read.set(outline, same);
        return same;
      });
  };
}

/** Everything of a package that a suggestion may depend on. */
function keyOf({
  attr,
  pname,
  version,
  patches,
  knownVulnerabilities,
  homepage,
  sourceUrl,
}: MatchPackage): string {
  const lists = patches.length + knownVulnerabilities.length === 0 ? [] : [patches, knownVulnerabilities];
  return [
    attr,
    pname,
    version,
    homepage ?? '',
    sourceUrl ?? '',
    ...lists.map((list) => JSON.stringify(list)),
  ].join('\n');
}

/**
 * Names of the packages that came, went, or are not what they were. Only issues that look for packages under one of them may
 * come out otherwise. The packages of both must come from one `packageReader`.
 */
export function changedNames(before: readonly MatchPackage[], now: readonly MatchPackage[]): Set<string> {
  const [old, fresh] = [new Set(before), new Set(now)];
  const changed = [...before.filter((pkg) => !fresh.has(pkg)), ...now.filter((pkg) => !old.has(pkg))];
  return new Set(changed.flatMap((pkg) => [...namesOf(pkg)]));
}
