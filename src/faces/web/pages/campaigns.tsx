import { campaignAddress, issueAddress } from '../components/addresses.ts';
import { Carried } from '../components/editing-forms.tsx';
import { Empty } from '../components/figures.tsx';
import { HistoryList } from '../components/history-list.tsx';
import { counted, Day } from '../components/times.tsx';
import type { HistoryEntry } from '../history-entries.ts';
import { type Frame, Layout } from '../layout.tsx';
import { CAMPAIGNS_ADDRESS, vulnerabilityAddress, withQuery } from '../list-addresses.ts';
import type { Child } from '../markup/markup.ts';

/** A story as pages and their JSON have it. */
export interface CampaignView {
  name: string;
  kind: 'nickname' | 'vulnerability' | 'thread' | 'people';
  title: string;
  note: string | null;
  vulnerabilities: string[];
  since: string | null;
}

const KINDS: Readonly<Record<CampaignView['kind'], string>> = {
  nickname: 'has a name',
  vulnerability: 'one vulnerability',
  thread: 'one mail thread',
  people: 'people say so',
};

/** Products named in a line; of the others only how many there are is said. */
const MOST_PRODUCTS = 6;

export interface CampaignsPageProps {
  frame: Frame;
  kind: CampaignView['kind'] | null;
  campaigns: (CampaignView & { issues: number; products: string[] })[];
  next: number | null;
  permission: 'apply' | 'propose' | 'refuse';
  changeKey: string;
}

/** Stories that issues of several products belong to, and the form that opens another. */
export function CampaignsPage(props: CampaignsPageProps) {
  const { frame, kind, campaigns, next, permission, changeKey } = props;
  return (
    <Layout
      frame={frame}
      title="Campaigns"
      description="Stories that issues of several products belong to."
      live={['campaigns']}
    >
      <header class="page-head">
        <h1>Campaigns</h1>
        <p class="lead">
          Issues of several products that are one story: a name, one vulnerability, one mail thread. Each
          product has its own fix, and so its own issue.
        </p>
      </header>
      <nav class="filters" aria-label="Which campaigns">
        <ul class="plain">
          <li>
            <a href={CAMPAIGNS_ADDRESS} aria-current={kind === null ? 'true' : undefined}>
              all
            </a>
          </li>
          {(['nickname', 'vulnerability', 'thread', 'people'] as const).map((each) => (
            <li>
              <a
                href={withQuery(CAMPAIGNS_ADDRESS, { kind: each })}
                aria-current={kind === each ? 'true' : undefined}
              >
                {KINDS[each]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {campaigns.length === 0 ? (
        <Empty>No issues of several products are known to be one story.</Empty>
      ) : (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Campaign</th>
              <th scope="col">Products</th>
              <th scope="col" class="number">
                Issues
              </th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody data-items>
            {campaigns.map(({ name, title, kind: why, issues, products, since }) => (
              <tr data-item tabindex={-1} id={`campaign-${name}`}>
                <th scope="row">
                  <a href={campaignAddress(name)} data-open>
                    {title}
                  </a>{' '}
                  {kind === null ? <span class="quiet small">{KINDS[why]}</span> : null}
                </th>
                <td data-label="Products">{productsShown(products)}</td>
                <td data-label="Issues" class="number">
                  {issues}
                </td>
                <td data-label="Since">
                  {since === null ? <span class="quiet">—</span> : <Day at={since} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next === null ? null : (
        <nav class="pager" aria-label="Pages">
          <span />
          <a rel="next" href={withQuery(CAMPAIGNS_ADDRESS, { kind: kind ?? undefined, page: next })}>
            More
          </a>
        </nav>
      )}
      {permission === 'refuse' ? null : (
        <section aria-labelledby="open-one">
          <h2 id="open-one">Open one of your own</h2>
          <form method="post" action={CAMPAIGNS_ADDRESS} data-keep>
            <input type="hidden" name="key" value={`${changeKey}-open`} />
            <TitleFields title="" note="" required />
            <p class="field">
              <label for="campaign-name">
                Its name in addresses <span class="quiet">if not as the title</span>
              </label>
              <input
                id="campaign-name"
                name="name"
                maxlength={63}
                placeholder="stack-clash"
                autocomplete="off"
                spellcheck={false}
              />
            </p>
            <button type="submit" class="button">
              {permission === 'propose' ? 'Propose it' : 'Open it'}
            </button>
          </form>
        </section>
      )}
    </Layout>
  );
}

/** What people call a campaign. */
function TitleFields({ title, note, required }: { title: string; note: string; required: boolean }) {
  return (
    <>
      <p class="field">
        <label for="campaign-title">
          Title {required ? null : <span class="quiet">empty: as derived</span>}
        </label>
        <input
          id="campaign-title"
          name="title"
          value={title}
          required={required}
          maxlength={100}
          autocomplete="off"
        />
      </p>
      <p class="field">
        <label for="campaign-note">
          Note <span class="quiet">if there is something to say</span>
        </label>
        <textarea id="campaign-note" name="note" rows={2} maxlength={2000}>
          {note}
        </textarea>
      </p>
    </>
  );
}

function productsShown(products: readonly string[]): string {
  const shown = products.slice(0, MOST_PRODUCTS).join(', ');
  const rest = products.length - MOST_PRODUCTS;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

export interface CampaignPageProps {
  frame: Frame;
  campaign: CampaignView;
  /** What people say that it is called; null where they say nothing. */
  called: { title: string; note: string | null } | null;
  /** What another word on that has to have seen. */
  version: number;
  issues: {
    id: string;
    title: string;
    vulnerabilities: string[];
    addedBy: string | null;
    version: number;
  }[];
  /** Taken out by people; `derived`: they would belong to it else, the others had been added by people. */
  out: { id: string; title: string; by: string; version: number; derived: boolean }[];
  thread: { number: number; href: string } | null;
  history: HistoryEntry[];
  permission: 'apply' | 'propose' | 'refuse';
  changeKey: string;
}

/** One story: its issues, why each belongs to it, and the forms that add one or take one out. */
export function CampaignPage(props: CampaignPageProps) {
  const { frame, campaign, called, version, issues, out, thread, history, permission, changeKey } = props;
  const { name, title, kind, note, vulnerabilities, since } = campaign;
  const word = permission === 'propose' ? 'Propose to ' : '';
  return (
    <Layout
      frame={frame}
      title={title}
      description={`${title}: ${counted(issues.length, 'issue')} that are one story.`}
      live={[`campaign:${name}`]}
    >
      <header class="page-head">
        <p class="kicker">
          <a href={CAMPAIGNS_ADDRESS}>Campaign</a> · {KINDS[kind]}{' '}
          {since === null ? null : (
            <>
              · <Day at={since} />
            </>
          )}
        </p>
        <h1>{title}</h1>
        {note === null ? null : <p>{note}</p>}
        {thread === null ? null : (
          <p>
            <a href={thread.href}>Thread {thread.number}</a> names them together.
          </p>
        )}
        {vulnerabilities.length === 0 ? null : (
          <p class="small">
            {vulnerabilities.map((id, index) => (
              <>
                {index === 0 ? '' : ', '}
                <a class="id" href={vulnerabilityAddress(id)}>
                  {id}
                </a>
              </>
            ))}
          </p>
        )}
      </header>
      <section aria-labelledby="issues">
        <h2 id="issues">{counted(issues.length, 'issue')}</h2>
        {issues.length === 0 ? (
          <Empty>No issue belongs to it yet.</Empty>
        ) : (
          <ul class="plain" data-items>
            {issues.map((issue) => (
              <li data-item tabindex={-1} id={`issue-${issue.id}`}>
                <a class="id" href={issueAddress(issue.id)} data-open>
                  {issue.id}
                </a>{' '}
                {issue.title}{' '}
                <span class="quiet">
                  {issue.vulnerabilities.length > 0
                    ? `for ${issue.vulnerabilities.slice(0, 4).join(', ')}${issue.vulnerabilities.length > 4 ? ` and ${issue.vulnerabilities.length - 4} more` : ''}`
                    : `added by ${issue.addedBy ?? 'somebody'}`}
                </span>
                {permission === 'refuse' ? null : (
                  <PartForm name={name} issue={issue.id} saw={issue.version} deed="out" changeKey={changeKey}>
                    <button type="submit" class="button button-quiet" aria-label={`Take ${issue.id} out`}>
                      {word === '' ? 'Take out' : `${word}take out`}
                    </button>
                  </PartForm>
                )}
              </li>
            ))}
          </ul>
        )}
        {out.length === 0 ? null : (
          <>
            <h3>Taken out</h3>
            <ul class="plain">
              {out.map((issue) => (
                <li>
                  <a class="id" href={issueAddress(issue.id)}>
                    {issue.id}
                  </a>{' '}
                  {issue.title} <span class="quiet">by {issue.by}</span>
                  {permission === 'refuse' ? null : (
                    <PartForm
                      name={name}
                      issue={issue.id}
                      saw={issue.version}
                      deed={issue.derived ? 'back' : 'in'}
                      changeKey={changeKey}
                    >
                      <button type="submit" class="button button-quiet" aria-label={`Put ${issue.id} back`}>
                        {word === '' ? 'Put back' : `${word}put back`}
                      </button>
                    </PartForm>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
        {permission === 'refuse' ? null : (
          <form method="post" action={campaignAddress(name)} data-keep>
            <Carried back={campaignAddress(name)} changeKey={`${changeKey}-in`}>
              <input type="hidden" name="deed" value="in" />
            </Carried>
            <p class="field">
              <label for="campaign-issue">An issue that belongs to it, too</label>
              <input
                id="campaign-issue"
                name="issue"
                required
                maxlength={64}
                placeholder="NSI-2017-0043"
                autocomplete="off"
                spellcheck={false}
              />
            </p>
            <button type="submit" class="button">
              {word === '' ? 'Add it' : `${word}add it`}
            </button>
          </form>
        )}
      </section>
      {permission === 'refuse' ? null : (
        <section aria-labelledby="called">
          <h2 id="called">What it is called</h2>
          <form method="post" action={campaignAddress(name)} data-keep>
            <Carried back={campaignAddress(name)} changeKey={`${changeKey}-title`}>
              <input type="hidden" name="deed" value="title" />
              <input type="hidden" name="saw" value={String(version)} />
            </Carried>
            <TitleFields title={called?.title ?? ''} note={called?.note ?? ''} required={kind === 'people'} />
            <button type="submit" class="button">
              {word === '' ? 'Call it so' : `${word}call it so`}
            </button>
          </form>
        </section>
      )}
      <section aria-labelledby="history">
        <h2 id="history">What happened</h2>
        <HistoryList entries={history} now={frame.now} back={frame.path} onPageOf />
      </section>
    </Layout>
  );
}

interface PartFormProps {
  name: string;
  issue: string;
  saw: number;
  deed: 'in' | 'out' | 'back';
  changeKey: string;
  children: Child;
}

function PartForm({ name, issue, saw, deed, changeKey, children }: PartFormProps) {
  return (
    <form method="post" action={campaignAddress(name)} class="inline">
      <Carried back={campaignAddress(name)} changeKey={`${changeKey}-${issue}`}>
        <input type="hidden" name="deed" value={deed} />
        <input type="hidden" name="issue" value={issue} />
        <input type="hidden" name="saw" value={String(saw)} />
      </Carried>
      {children}
    </form>
  );
}
