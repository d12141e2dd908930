import type { Queries } from '#base/db';
import { attributesKnown } from '#domain/channels';
import { packagesOfIssues, parseBoxId } from '#domain/issues';
import type { Change, Refusal } from '#domain/proposals';

/** What an option path (`services.openssh`), and a release of Nix (`nix-2.3.1`) look like. */
const OPTION_PATH = /^[A-Za-z_][\w'<>-]*(?:\.[\w'<>*-]+)*$/;
const NIX_RELEASE = /^nix-\d+(?:\.\d+){1,3}(?:pre[\w.]*)?$/;

/**
 * Which changes name a package that nobody has ever heard of. A status can be set for an attribute that some channel has or
 * had, and for whatever the issue lists already; an issue can list an attribute, an option path or a release of Nix.
 */
export async function unknownNames(queries: Queries, changes: readonly Change[]): Promise<Refusal[]> {
  const named = changes.flatMap((change) => packagesOf(change).map((each) => ({ change, ...each })));
  const asked = named.filter(({ kind }) => kind === 'attribute');
  if (named.length === 0) return [];
  const [known, listed] = await Promise.all([
    attributesKnown(queries, [...new Set(asked.map(({ name }) => name))]),
    packagesOfIssues(queries, [
      ...new Set(asked.filter(({ change }) => change.kind === 'status').map(({ issue }) => issue)),
    ]),
  ]);
  const onIssue = new Set(listed.map((each) => `${each.issue}/${each.package}`));
  return named.flatMap(({ change, issue, name, kind }) => {
    const fine =
      kind === 'module'
        ? OPTION_PATH.test(name)
        : kind === 'nix'
          ? NIX_RELEASE.test(name)
          : known.has(name) || (change.kind === 'status' && onIssue.has(`${issue}/${name}`));
    if (fine) return [];
    const { id, field } = change;
    return [{ kind: change.kind, id, field, code: 'UNKNOWN' as const, why: `${WHY[kind]}: ${name}` }];
  });
}

const WHY = {
  attribute: 'no channel has or had a package of that name, and the issue lists none',
  module: 'that is no option path',
  nix: 'that is no release of Nix (nix-2.3.1)',
} as const;

interface NamedPackage {
  issue: string;
  name: string;
  kind: keyof typeof WHY;
}

function packagesOf({ kind, id, value }: Change): NamedPackage[] {
  if (kind === 'status') {
    const box = parseBoxId(id);
    return box === null ? [] : [{ issue: box.issue, name: box.package, kind: 'attribute' }];
  }
  if (kind === 'package') {
    // To take a package off the list it need not exist any more.
    if (value === null) return [];
    const slash = id.indexOf('/');
    return [{ issue: id.slice(0, slash), name: id.slice(slash + 1), kind: listedAs(value) }];
  }
  if (kind !== 'new_issue') return [];
  const { packages } = (value ?? {}) as { packages?: unknown };
  // What is no list of packages the kind itself refuses.
  if (!Array.isArray(packages)) return [];
  return packages.slice(0, MOST_LISTED).flatMap((each: unknown) => {
    const { package: name, kind: listed } = (each ?? {}) as { package?: unknown; kind?: unknown };
    return typeof name === 'string' ? [{ issue: '', name, kind: listedAs(listed) }] : [];
  });
}

/** More than a new issue may list. */
const MOST_LISTED = 60;

function listedAs(value: unknown): keyof typeof WHY {
  return value === 'module' || value === 'nix' ? value : 'attribute';
}
