import { vulnerabilityAddress } from '../list-addresses.ts';
import type { ThreadView } from '../thread-views.ts';
import { OutsideLink } from './links.tsx';
import { counted } from './times.tsx';

/** Of a long list so much is said in a line. */
const SHOWN = 6;

const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['good', 'signed'],
  ['part', 'holds a signed text'],
  ['bad', 'bad signature'],
  ['unknown_key', 'signed by an unknown key'],
  ['unreadable', 'unreadable signature'],
  ['unchecked', 'signature not checked'],
]);

/** What the signatures of a thread or a message come to. */
export function SignatureMark({ state }: { state: string | null }) {
  if (state === null) return null;
  return <span class={`signature signature-${state}`}>{SIGNATURES.get(state) ?? state}</span>;
}

/** What a thread speaks of: vulnerabilities, products, advisories, patches. */
export function ThreadFacts({ thread, all = false }: { thread: ThreadView; all?: boolean }) {
  const { cves, products, advisories, patches } = thread;
  const shown = <T,>(list: readonly T[]) => (all ? list : list.slice(0, SHOWN));
  const rest = (list: readonly unknown[]) =>
    all || list.length <= SHOWN ? null : <span class="quiet"> and {list.length - SHOWN} more</span>;
  const empty = cves.length + products.length + advisories.length + patches.length === 0;
  if (empty) return <span class="quiet">names no vulnerability, product or patch</span>;
  return (
    <span class="thread-facts">
      {products.length === 0 ? null : (
        <strong>
          {shown(products).join(', ')}
          {rest(products)}{' '}
        </strong>
      )}
      {shown(cves).map((id) => (
        <>
          <a class="id" href={vulnerabilityAddress(id)}>
            {id}
          </a>{' '}
        </>
      ))}
      {rest(cves)}
      {shown(advisories).map((id) => (
        <>
          <span class="id">{id}</span>{' '}
        </>
      ))}
      {rest(advisories)}
      {patches.length === 0 ? null : all ? (
        <span>
          {patches.map(({ label, url }) => (
            <>
              {url === null ? (
                <span class="id">{label}</span>
              ) : (
                <OutsideLink href={url}>{label}</OutsideLink>
              )}{' '}
            </>
          ))}
        </span>
      ) : (
        <span class="patch-count">{counted(patches.length, 'patch', 'patches')}</span>
      )}
    </span>
  );
}

/** What brought a thread back that somebody had decided on. */
export function AddedFacts({ thread }: { thread: ThreadView }) {
  const { added, decision } = thread;
  if (added.length === 0) return null;
  const words = added
    .slice(0, SHOWN)
    .map(({ kind, label }) => (kind === 'patch' ? `the patch ${label}` : label));
  const rest = added.length > SHOWN ? `, and ${added.length - SHOWN} more` : '';
  return (
    <p class="note added">
      Came in since it was {decision === null ? 'brought in as history' : `decided (${decision})`}:{' '}
      <strong>{`${words.join(', ')}${rest}`}</strong>
    </p>
  );
}
