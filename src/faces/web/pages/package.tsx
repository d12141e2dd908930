import type { ChannelHead } from '#domain/roundup';
import { channelAddress, packageAddress } from '../components/addresses.ts';
import { EditingAsks } from '../components/editing-asks.tsx';
import { Empty, Facts } from '../components/figures.tsx';
import { OutsideLink } from '../components/links.tsx';
import { Lifecycle } from '../components/marks.tsx';
import { type SuggestionRow, SuggestionTable } from '../components/suggestions.tsx';
import { counted, When } from '../components/times.tsx';
import { WatchForm } from '../components/watch-form.tsx';
import { type DecisionIndex, type Editing, NO_DECISIONS, READING } from '../decisions.ts';
import { type Frame, Layout } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';

/** A package in one channel's newest revision. */
export interface PackageInChannel {
  channel: ChannelHead;
  /** Null: the channel does not have it. */
  version: string | null;
  since: string | null;
  /** Patch file names, in the order in which they are applied. */
  patches: string[];
  /** Address of the file that defines it, and its path. */
  position: { path: string; url: string | null } | null;
  knownVulnerabilities: string[];
}

export interface PackagePageProps {
  frame: Frame;
  attr: string;
  pname: string;
  kind: 'attribute' | 'module' | 'nix';
  description: string | null;
  homepage: string | null;
  licences: string[];
  maintainers: { name: string; github: string | null }[];
  channels: PackageInChannel[];
  /** Issues that may concern it, the gravest first. */
  suggestions: SuggestionRow[];
  /** How many there are. */
  total: number;
  /** The issue behind which these are; null for the first ones. */
  after: string | null;
  /** The last of these, where there are more. */
  next: string | null;
  /** What people decided of them, and what the reader may do. Never in the JSON. */
  decisions?: DecisionIndex;
  editing?: Editing;
  /** Whether whoever reads watches it; null for visitors. */
  watched?: boolean | null;
}

const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ attribute: 'Package', module: 'NixOS module', nix: 'Nix' }),
);

/** What can be vulnerable: which version each channel has, with which patches, and what may concern it. */
export function PackagePage(props: PackagePageProps) {
  const { frame, attr, channels, suggestions, decisions = NO_DECISIONS, editing = READING } = props;
  return (
    <Layout
      frame={frame}
      title={attr}
      description={props.description ?? `${attr} in the channels of ${frame.team}`}
      live={[`package:${attr}`, 'issue:*']}
    >
      <header class="page-head">
        <p class="kicker">{KINDS.get(props.kind) ?? 'Package'}</p>
        <h1 class="mono">{attr}</h1>
        {props.description === null ? null : <p class="lead">{props.description}</p>}
        <Facts
          facts={[
            ...(props.pname === attr
              ? []
              : [{ name: 'Name', value: <span class="mono">{props.pname}</span> }]),
            {
              name: 'Maintainers',
              value:
                props.maintainers.length === 0 ? (
                  <strong class="warn">nobody</strong>
                ) : (
                  <Maintainers maintainers={props.maintainers} />
                ),
            },
            ...(props.homepage === null
              ? []
              : [
                  {
                    name: 'Homepage',
                    value: <OutsideLink href={props.homepage}>{shortAddress(props.homepage)}</OutsideLink>,
                  },
                ]),
            ...(props.licences.length === 0 ? [] : [{ name: 'Licence', value: props.licences.join(', ') }]),
          ]}
        />
        {props.watched == null ? null : (
          <WatchForm topic={`package:${attr}`} watched={props.watched} back={packageAddress(attr)} />
        )}
      </header>
      <section aria-labelledby="versions">
        <h2 id="versions">In each channel</h2>
        {channels.length === 0 ? (
          <Empty>No channel has been imported yet.</Empty>
        ) : (
          <VersionTable {...props} />
        )}
      </section>
      <section aria-labelledby="suggestions">
        <h2 id="suggestions">
          {props.total === 0 ? 'Issues' : `${counted(props.total, 'issue')} that may concern it`}
        </h2>
        {props.total === 0 ? (
          <Empty>
            Nothing that other distributions announced looks like this package. Nobody has said that it is
            safe.
          </Empty>
        ) : (
          <SuggestionTable
            rows={suggestions}
            channels={channels.map(({ channel }) => channel)}
            caption={`Issues that may concern ${attr}, by channel`}
            decisions={decisions}
            editing={editing}
            back={withQuery(packageAddress(attr), { after: props.after ?? undefined })}
          />
        )}
        {props.after === null && props.next === null ? null : (
          <nav class="pager" aria-label="Issues">
            {props.after === null ? (
              <span />
            ) : (
              <a href={`${packageAddress(attr)}#suggestions`}>← The first ones</a>
            )}
            {props.next === null ? (
              <span />
            ) : (
              <a rel="next" href={`${withQuery(packageAddress(attr), { after: props.next })}#suggestions`}>
                The next ones →
              </a>
            )}
          </nav>
        )}
      </section>
      {editing.permission === 'refuse' ? null : <EditingAsks today={frame.now.slice(0, 10)} />}
    </Layout>
  );
}

function Maintainers({ maintainers }: { maintainers: PackagePageProps['maintainers'] }) {
  return (
    <>
      {maintainers.map(({ name, github }, index) => (
        <>
          {index === 0 ? '' : ', '}
          <OutsideLink
            href={
              github === null
                ? null
                : `https://github.com/${encodeURIComponent(github.replace(/\p{Cs}/gu, ''))}`
            }
          >
            {name}
          </OutsideLink>
        </>
      ))}
    </>
  );
}

function VersionTable({ frame, attr, channels }: PackagePageProps) {
  return (
    <div class="wide">
      <table class="cards">
        <caption class="hidden">Version and patches of {attr} in each channel</caption>
        <thead>
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Life</th>
            <th scope="col">Version</th>
            <th scope="col">Since</th>
            <th scope="col">Patches</th>
            <th scope="col">Defined in</th>
          </tr>
        </thead>
        <tbody>
          {channels.map(({ channel, version, since, patches, position, knownVulnerabilities }) => (
            <tr>
              <th scope="row" data-label="Channel">
                <a href={channelAddress(channel.name)}>{channel.name}</a>
              </th>
              <td data-label="Life">
                <Lifecycle lifecycle={channel.lifecycle} />
              </td>
              <td data-label="Version">
                {version === null ? (
                  <span class="quiet">not there</span>
                ) : (
                  <span class="mono">{version || 'no version'}</span>
                )}
                {knownVulnerabilities.length === 0 ? null : (
                  <span class="version warn">marked insecure: {knownVulnerabilities.join('; ')}</span>
                )}
              </td>
              <td data-label="Since">
                {version === null ? (
                  <span class="quiet">–</span>
                ) : (
                  <When at={since} now={frame.now} none="–" />
                )}
              </td>
              <td data-label="Patches">
                {patches.length === 0 ? (
                  <span class="quiet">none</span>
                ) : (
                  <ul class="plain mono small">
                    {patches.map((patch) => (
                      <li>{patch}</li>
                    ))}
                  </ul>
                )}
              </td>
              <td data-label="Defined in">
                {position === null ? (
                  <span class="quiet">–</span>
                ) : (
                  <OutsideLink class="mono small" href={position.url}>
                    {position.path}
                  </OutsideLink>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Without the parts that all addresses share. */
function shortAddress(address: string): string {
  return address
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/\/$/, '')
    .slice(0, 60);
}
