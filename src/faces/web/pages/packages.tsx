import type { FoundPackage } from '#domain/channels';
import { packageAddress } from '../components/addresses.ts';
import { Empty } from '../components/figures.tsx';
import { counted } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { PACKAGES_ADDRESS } from '../list-addresses.ts';

export interface PackagesPageProps {
  frame: Frame;
  /** What was asked for; empty where nothing was. */
  words: string;
  /** The likeliest first. */
  packages: FoundPackage[];
  /** Whether there are more than these. */
  more: boolean;
}

/** Packages by a part of their name. */
export function PackagesPage({ frame, words, packages, more }: PackagesPageProps) {
  return (
    <Layout frame={frame} title={words === '' ? 'Packages' : `Packages like ${words}`}>
      <header class="page-head">
        <p class="kicker">What can be vulnerable</p>
        <h1>Packages</h1>
      </header>
      <section aria-label="Search packages">
        <form class="search" action={PACKAGES_ADDRESS} method="get">
          <label class="hidden" for="package">
            Part of a package's name
          </label>
          <input
            id="package"
            name="q"
            type="search"
            value={words}
            placeholder="Part of a name"
            autocomplete="off"
            spellcheck={false}
          />
          <button type="submit">Find</button>
        </form>
      </section>
      <section aria-label="Packages found">
        {words === '' ? (
          <p class="prose quiet">Type a part of a name, as “openssl” or “pythonPackages.requests”.</p>
        ) : packages.length === 0 ? (
          <Empty>
            No channel has a package whose name contains “{words}”. It may be there under another name, or
            bundled in something else.
          </Empty>
        ) : (
          <>
            <PackageTable packages={packages} />
            <p class="quiet small">
              {more
                ? `The first ${packages.length}; more letters find fewer.`
                : counted(packages.length, 'package')}
            </p>
          </>
        )}
      </section>
    </Layout>
  );
}

/** Packages with the version that each channel has. */
export function PackageTable({ packages }: { packages: readonly FoundPackage[] }) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Packages with their version in each channel</caption>
        <thead>
          <tr>
            <th scope="col">Package</th>
            <th scope="col">Name</th>
            <th scope="col">Versions</th>
          </tr>
        </thead>
        <tbody>
          {packages.map(({ attr, pname, versions }) => (
            <tr>
              <th scope="row" class="cell-issue">
                <a class="title" href={packageAddress(attr)}>
                  {attr}
                </a>
              </th>
              <td data-label="Name">
                <span class="mono small">{pname}</span>
              </td>
              <td data-label="Versions">
                <span>{versionWords(versions)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "1.0.2j in nixos-16.09, nixos-17.03; 1.1.0c in nixos-unstable" */
function versionWords(versions: FoundPackage['versions']): string {
  const channelsOf = new Map<string, string[]>();
  for (const { channel, version } of versions)
    channelsOf.set(version, [...(channelsOf.get(version) ?? []), channel]);
  return [...channelsOf]
    .map(([version, channels]) => `${version || 'no version'} in ${channels.join(', ')}`)
    .join('; ');
}
