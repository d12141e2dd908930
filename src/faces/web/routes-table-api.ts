import { DOCUMENT_ADDRESS, OPERATIONS, type Operation, routeOf } from '#faces/api';
import { GATES_FEED, ISSUES_FEED, ROUNDUPS_FEED } from './feed-addresses.ts';
import { type Asking, byRole, everybody, type RouteRow } from './routes-table-row.ts';

/** What an operation answers where that does not follow from who may ask it at all, and how the tests ask it. */
interface Row {
  answers?: RouteRow['answers'];
  ask?: Asking;
}

const reads = (path: string): Row => ({ ask: { path: `/api/v1${path}` } });
const sends = (path: string, json: unknown = {}): Row => ({ ask: { path: `/api/v1${path}`, json } });
/** Contributors propose, triagers decide. */
const proposes = byRole({ visitor: 401, contributor: 202, triager: 200 });
const sets = (path: string, version: string, value: unknown): Row => ({
  answers: proposes,
  ask: { path: `/api/v1${path}`, json: { value }, headers: { 'If-Match': `"${version}"` } },
});
const makes = byRole({ visitor: 401, contributor: 201 });
const box = '/issues/{issue}/statuses/openssl/nixos-16.09';

const ROWS: Readonly<Record<string, Row>> = {
  listIssues: reads('/issues?limit=2'),
  getIssue: reads('/issues/{issue}'),
  createIssue: {
    answers: byRole({ visitor: 401, contributor: 202, triager: 201 }),
    ask: {
      path: '/api/v1/issues',
      json: { draft: { product: 'frobd', title: 'frobd forgets {number}' }, key: 'request-{number}' },
    },
  },
  mergeIssues: sends('/issues/{fresh-issue}/merge', {
    with: '{fresh-issue}',
    reason: 'one release fixes both',
  }),
  splitIssue: sends('/issues/{joined-issue}/split', {
    vulnerabilities: '{joined-part}',
    reason: 'they are two',
  }),
  getIssueField: reads('/issues/{issue}/fields/summary'),
  setIssueField: sets('/issues/{issue}/fields/summary', '{saw}', 'words {number}'),
  listStatuses: reads('/issues/{issue}/statuses'),
  getStatus: reads(box),
  setStatus: sets(box, '{box-saw}', { status: 'under_investigation', note: 'look {number}' }),
  search: reads('/search?q=openssl'),
  listComments: reads('/issues/{issue}/comments'),
  postComment: { answers: makes, ...sends('/issues/{issue}/comments', { body: 'words {number}' }) },
  getComment: reads('/issues/{issue}/comments/{comment}'),
  editComment: {
    ...sets('/issues/{issue}/comments/{own-comment}', '{own-comment-saw}', 'better words {number}'),
    answers: byRole({ visitor: 401, contributor: 200 }),
  },
  getListedPackage: reads('/issues/{issue}/packages/openssl'),
  listPackage: sets('/issues/{issue}/packages/frobd', '{listed-saw}', '{listed-other}'),
  getVulnerability: reads('/vulnerabilities/CVE-2017-3731'),
  getProvisionalId: reads('/provisional-ids/CVE-2017-XXXX'),
  getNumbers: reads('/numbers'),
  listReservedNumbers: reads('/numbers/reserved?limit=2'),
  getReport: reads('/reports/debian/DSA-3773-1'),
  findPackages: reads('/packages?q=ssl'),
  getPackage: reads('/packages/openssl'),
  getPackageHistory: reads('/packages/openssl/history?channel=nixos-16.09'),
  listRevisions: reads('/channels/nixos-16.09/revisions'),
  listChannelPackages: reads('/channels/nixos-16.09/packages?limit=3'),
  listChannelIssues: reads('/channels/nixos-16.09/issues'),
  getChannel: reads('/channels/nixos-16.09'),
  compareRevisions: reads('/channels/nixos-16.09/compare?from=latest'),
  decideSuggestions: {
    answers: proposes,
    ...sends('/suggestions/decisions', {
      decisions: [
        {
          id: '{issue}/openssl',
          decision: { decision: 'dismissed', reason: 'other', note: 'sample {number}' },
          saw: '{decision-saw}',
        },
      ],
    }),
  },
  takeBatch: sends('/me/batch', { limit: 3 }),
  skipSuggestions: sends('/me/skipped', { numbers: [1] }),
  unskipSuggestions: sends('/me/skipped/undo', { numbers: [1] }),
  getRule: reads('/rules/{rule}'),
  listCampaigns: reads('/campaigns'),
  getCampaign: reads('/campaigns/{campaign}'),
  setCampaign: sets('/campaigns/sample-{number}', '0', { title: 'Sample {number}' }),
  setCampaignIssue: sets('/campaigns/{campaign}/issues/{issue}', '{part-saw}', '{part-other}'),
  listRegroupings: reads('/regroupings?state=all'),
  setRegrouping: sets('/regroupings/{regrouping}', '{regrouping-saw}', {
    as: 'dismissed',
    reason: 'other',
    note: 'sample {number}',
  }),
  followRegrouping: sends('/regroupings/{fresh-regrouping}/follow', { reason: 'one release fixes both' }),
  listThreads: reads('/threads?state=all'),
  getThread: reads('/threads/{thread}'),
  listThreadMessages: reads('/threads/{thread}/messages'),
  getThreadPatch: reads('/threads/{thread}/messages/{mail}/patches/1'),
  setThreadField: {
    ...sets('/threads/{thread}/fields/decision', '{thread-saw}', {
      as: 'dismissed',
      reason: 'other',
      note: 'sample {number}',
      knew: 1,
    }),
  },
  redactMessage: sends('/threads/{thread}/messages/{fresh-mail}/redact', { reason: 'a sample' }),
  sendChanges: {
    answers: proposes,
    ...sends('/changes', {
      changes: [{ kind: 'issue', id: '{issue}', field: 'summary', value: 'words {number}', saw: '{saw}' }],
    }),
  },
  getField: reads('/fields?kind=issue&id={issue}&field=summary'),
  getProposal: reads('/proposals/{proposal}'),
  acceptProposal: sends('/proposals/{proposal}/accept'),
  rejectProposal: sends('/proposals/{proposal}/reject', { reason: 'it is not so' }),
  withdrawProposal: {
    answers: byRole({ visitor: 401, contributor: 403 }),
    ...sends('/proposals/{proposal}/withdraw'),
  },
  undoChangeSet: {
    answers: byRole({ visitor: 401, contributor: 403, triager: 200 }),
    ...sends('/proposals/{accepted}/undo'),
  },
  getEvent: reads('/events/{event}'),
  undoEvent: sends('/events/{event}/undo'),
  redactEvent: sends('/events/{event}/redact', { reason: 'a sample of redaction' }),
  getRoundup: reads('/roundups/1'),
  tickLines: { answers: proposes, ...sends('/roundups/1/ticks', { ticks: [{ issue: '{open-line}' }] }) },
  untickLine: { answers: proposes, ...reads('/roundups/1/ticks/{ticked}') },
  openGate: sends('/gates', { channel: '{gated}' }),
  getGate: reads('/gates/{gated}/{gate-release}'),
  tickGateLines: {
    answers: proposes,
    ...sends('/gates/{gated}/{gate-release}/ticks', { ticks: [{ issue: '{gate-open-line}' }] }),
  },
  untickGateLine: { answers: proposes, ...reads('/gates/{gated}/{gate-release}/ticks/{gate-ticked}') },
  closeGate: sends('/gates/{gated}/{gate-release}/close'),
  compareExposure: reads('/channels/nixos-16.09/exposure?from=latest'),
  listCredits: reads('/roundups/1/credits'),
  getSource: reads('/sources/debian'),
  listSourceRuns: reads('/sources/debian/runs'),
  fetchSource: sends('/sources/debian/fetch'),
  decideBatch: sets('/batches/{batch}/decision', '{batch-saw}', { as: 'refused' }),
  replayQuarantine: sends('/quarantine/replay', { reason: 'bad-id' }),
  getPerson: reads('/people/{handle}'),
  makeToken: { answers: makes, ...sends('/me/tokens', { name: 'ci', scopes: ['read'], days: 9 }) },
  revokeToken: reads('/me/tokens/{token}'),
  watch: sends('/me/watches/issue:{issue}'),
  unwatch: reads('/me/watches/issue:{issue}'),
  markNoticesSeen: sends('/me/notices/seen', { topic: 'issue:{issue}' }),
  setRole: sends('/accounts/{account}/role', { role: 'triager', reason: 'works well' }),
  closeAccount: sends('/accounts/{account}/disable', { reason: 'has left' }),
  openAccount: sends('/accounts/{closed-account}/enable'),
  reportProblem: { answers: everybody(200), ...sends('/intake', { isPublic: false }) },
  getIntake: reads('/intake/{intake}'),
};

/** Atom feeds, and the page of the API. */
export const FEED_ROUTES: readonly RouteRow[] = [
  { method: 'GET', path: ISSUES_FEED, what: 'issues, as Atom', answers: everybody(200) },
  { method: 'GET', path: ROUNDUPS_FEED, what: 'roundups, as Atom', answers: everybody(200) },
  { method: 'GET', path: GATES_FEED, what: 'release gates, as Atom', answers: everybody(200) },
  {
    method: 'GET',
    path: '/feeds/channels/:name',
    what: 'what is decided of a channel, as Atom',
    answers: everybody(200),
    ask: { path: '/feeds/channels/nixos-16.09' },
  },
  {
    method: 'GET',
    path: '/feeds/packages/:attr',
    what: 'what is decided of a package, as Atom',
    answers: everybody(200),
    ask: { path: '/feeds/packages/openssl' },
  },
  { method: 'GET', path: '/api', what: 'what programs can do', answers: everybody(200) },
  { method: 'GET', path: '/api.json', what: 'leads to the document of the API', answers: everybody(308) },
];

/** Every operation of the API, and its document. */
export const API_ROUTES: readonly RouteRow[] = [
  {
    method: 'GET',
    path: DOCUMENT_ADDRESS,
    what: 'the API’s document (OpenAPI 3.1)',
    answers: everybody(200),
  },
  ...OPERATIONS.map(rowOf),
];

function rowOf(one: Operation): RouteRow {
  const { answers = answersOf(one), ask } = ROWS[one.id] ?? {};
  return {
    method: one.method,
    path: routeOf(one),
    what: one.summary,
    answers,
    ...(ask === undefined ? {} : { ask }),
  };
}

/** Done for whoever may ask; a visitor is told that it takes an account. */
function answersOf({ least }: Operation): RouteRow['answers'] {
  if (least === 'visitor') return everybody(200);
  return least === 'contributor'
    ? byRole({ visitor: 401, contributor: 200 })
    : byRole({ visitor: 401, contributor: 403, [least]: 200 });
}
