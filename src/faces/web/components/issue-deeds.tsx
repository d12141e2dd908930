import { PACKAGE_KINDS } from '#domain/issues';
import type { Permission } from '#domain/policies';
import { EDIT_ADDRESS } from '../editing-addresses.ts';
import { listPackageAddress, mergeAddress, splitAddress, withQuery } from '../list-addresses.ts';
import { issueAddress } from './addresses.ts';
import { WatchForm } from './watch-form.tsx';

/** What people say of an issue itself: the version of each field that they saw. */
export type SeenFields = Readonly<Record<'title' | 'severity' | 'summary', number>>;

export interface IssueDeedsProps {
  id: string;
  permission: Permission;
  /** Whether whoever reads decides what is one issue and what is two. */
  mayGroup: boolean;
  seen: SeenFields;
  vulnerabilities: number;
  watched: boolean;
}

/** What can be done with an issue as a whole: each is a page or a form of its own. */
export function IssueDeeds({ id, permission, mayGroup, seen, vulnerabilities, watched }: IssueDeedsProps) {
  if (permission === 'refuse') return null;
  return (
    <nav class="issue-deeds" aria-label="This issue">
      <ul class="plain">
        {(['title', 'severity', 'summary'] as const).map((field) => (
          <li>
            <a href={editAddress(id, field, seen[field])}>Edit {field}</a>
          </li>
        ))}
        <li>
          <a href="#list-package">List a package</a>
        </li>
        {mayGroup ? (
          <li>
            <a href={mergeAddress(id)}>Merge</a>
          </li>
        ) : null}
        {mayGroup && vulnerabilities > 1 ? (
          <li>
            <a href={splitAddress(id)}>Split</a>
          </li>
        ) : null}
        <li>
          <WatchForm topic={`issue:${id}`} watched={watched} back={issueAddress(id)} />
        </li>
      </ul>
    </nav>
  );
}

function editAddress(id: string, field: string, saw: number): string {
  return withQuery(EDIT_ADDRESS, { at: `issue/${id}#${field}@${saw}`, back: issueAddress(id) });
}

/** What each kind of package is called where one is listed. */
export const KIND_WORDS: Readonly<Record<(typeof PACKAGE_KINDS)[number], string>> = {
  attribute: 'package',
  module: 'NixOS module',
  nix: 'release of Nix',
};

/** Lists a package, a module or a release of Nix under an issue, though nothing suggested it. */
export function ListPackageForm({ id, permission }: Pick<IssueDeedsProps, 'id' | 'permission'>) {
  if (permission === 'refuse') return null;
  return (
    <form class="list-package" method="post" action={listPackageAddress(id)} id="list-package" data-keep>
      <p class="field">
        <label for="list-package-name">List under it</label>
        <input
          id="list-package-name"
          name="package"
          required
          maxlength={200}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder="openssl, services.openssh, nix-2.3.1"
        />
      </p>
      <p class="field">
        <label for="list-package-kind">as a</label>
        <select id="list-package-kind" name="kind">
          {PACKAGE_KINDS.map((kind) => (
            <option value={kind}>{KIND_WORDS[kind]}</option>
          ))}
        </select>
      </p>
      <button type="submit" class="button">
        {permission === 'propose' ? 'Propose' : 'List it'}
      </button>
    </form>
  );
}
