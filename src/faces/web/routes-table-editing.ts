import { byRole, everybody, type RouteRow } from './routes-table-row.ts';

/** Contributors propose, triagers decide; a visitor changes nothing. */
const decides = byRole({ visitor: 403, triager: 303 });
/** For those who decide: others sign in, or are told that it takes more. */
const triagersRead = byRole({ visitor: 303, contributor: 403, triager: 200 });
/** What is one issue and what is two is for security. */
const securityReads = byRole({ visitor: 303, contributor: 403, security: 200 });
const securityDoes = byRole({ visitor: 401, contributor: 403, security: 303 });
const field = 'issue/{issue}#summary@{saw}';

/** Change sets, proposals, the history, and what makes pages live. */
export const EDITING_ROUTES: readonly RouteRow[] = [
  {
    method: 'POST',
    path: '/changes',
    what: 'change something; who may not decide proposes it',
    answers: byRole({ visitor: 403, contributor: 202, triager: 200 }),
    ask: {
      json: {
        changes: [{ kind: 'issue', id: '{issue}', field: 'summary', value: 'words {number}', saw: '{saw}' }],
      },
    },
  },
  {
    method: 'GET',
    path: '/edit',
    what: 'the form for some fields',
    answers: everybody(200),
    ask: { path: `/edit?at=${encodeURIComponent('issue/')}{issue}${encodeURIComponent('#summary@0')}` },
  },
  {
    method: 'POST',
    path: '/edit',
    what: 'the same for what was chosen on a page',
    answers: everybody(200),
    ask: { form: [['at', field]] },
  },
  { method: 'GET', path: '/queue', what: 'what waits for a triager', answers: everybody(200) },
  { method: 'GET', path: '/queue.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'POST',
    path: '/queue',
    what: 'accept, dismiss or skip suggestions; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      form: [
        ['deed', 'dismiss'],
        ['at', 'suggestion/{issue}/openssl#decision@{decision-saw}'],
        ['reason', 'other'],
        ['note', 'sample {number}'],
      ],
    },
  },
  {
    method: 'GET',
    path: '/queue/dismiss',
    what: 'the form that asks why suggestions are none of ours',
    answers: everybody(200),
    ask: {
      path: `/queue/dismiss?at=${encodeURIComponent('suggestion/')}{issue}${encodeURIComponent('/openssl#decision@0')}`,
    },
  },
  {
    method: 'POST',
    path: '/queue/dismiss',
    what: 'the same for what was chosen on the page',
    answers: everybody(200),
    ask: { form: [['at', 'suggestion/{issue}/openssl#decision@0']] },
  },
  {
    method: 'POST',
    path: '/queue/batch',
    what: '“give me ten”, and giving them back',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { form: [['deed', 'take']] },
  },
  {
    method: 'POST',
    path: '/roundups/:number/ticks',
    what: 'tick lines of a roundup, or propose it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { path: '/roundups/1/ticks', form: [['issue', '{open-line}']] },
  },
  { method: 'GET', path: '/campaigns', what: 'stories that issues belong to', answers: everybody(200) },
  { method: 'GET', path: '/campaigns.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'POST',
    path: '/campaigns',
    what: 'open a campaign; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { form: [['title', 'Opened {number}']] },
  },
  {
    method: 'GET',
    path: '/campaigns/:name',
    what: 'a campaign with its issues; also .json',
    answers: everybody(200),
    ask: { path: '/campaigns/{campaign}' },
  },
  {
    method: 'POST',
    path: '/campaigns/:name',
    what: 'add an issue to a campaign, take it out, or call the campaign otherwise; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      path: '/campaigns/{campaign}',
      form: [
        ['deed', 'in'],
        ['issue', '{issue}'],
        ['saw', '{part-saw}'],
      ],
    },
  },
  { method: 'GET', path: '/regroupings', what: 'suggestions to merge or split', answers: everybody(200) },
  { method: 'GET', path: '/regroupings.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'POST',
    path: '/regroupings',
    what: 'dismiss a suggestion to merge or split, or follow it; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      form: [
        ['deed', 'dismiss'],
        ['key-of', '{regrouping}'],
        ['saw', '{regrouping-saw}'],
        ['reason', 'other'],
        ['note', 'sample {number}'],
      ],
    },
  },
  { method: 'GET', path: '/threads', what: 'threads of mailing lists', answers: everybody(200) },
  { method: 'GET', path: '/threads.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'GET',
    path: '/threads/:id',
    what: 'a thread with its messages; also .json',
    answers: everybody(200),
    ask: { path: '/threads/{thread}' },
  },
  {
    method: 'GET',
    path: '/threads/:id/patches/:mail/:number/raw',
    what: 'a patch of a message, as a file',
    answers: everybody(200),
    ask: { path: '/threads/{thread}/patches/{mail}/1/raw' },
  },
  {
    method: 'POST',
    path: '/threads/:id',
    what: 'claim a thread, attach it to an issue, make one of it or dismiss it; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      path: '/threads/{thread}',
      form: [
        ['deed', 'dismiss'],
        ['saw', '{thread-saw}'],
        ['knew', '1'],
        ['reason', 'other'],
        ['note', 'sample {number}'],
      ],
    },
  },
  {
    method: 'GET',
    path: '/sources/:id',
    what: 'a source, with its runs and alarms; also .json',
    answers: everybody(200),
    ask: { path: '/sources/debian' },
  },
  {
    method: 'POST',
    path: '/sources/:id/watch',
    what: 'be told of what is wrong with a source, or with all',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { path: '/sources/all/watch', form: [['watch', 'yes']] },
  },
  {
    method: 'POST',
    path: '/sources/:id/fetch',
    what: 'have a source fetched soon',
    answers: byRole({ visitor: 401, contributor: 403, triager: 303 }),
    ask: { path: '/sources/debian/fetch', form: [] },
  },
  {
    method: 'POST',
    path: '/sources/quarantine/replay',
    what: 'have quarantined documents read again',
    answers: byRole({ visitor: 401, contributor: 403, triager: 303 }),
    ask: { form: [['reason', 'bad-id']] },
  },
  { method: 'GET', path: '/report', what: 'the form for whoever has no account', answers: everybody(200) },
  {
    method: 'GET',
    path: '/report.json',
    what: 'whom to write to about what is not public',
    answers: everybody(200),
  },
  {
    method: 'POST',
    path: '/report',
    what: 'report a problem (here one that is not public: nothing of it is stored)',
    answers: everybody(200),
    ask: { form: [['public', 'no']] },
  },
  { method: 'GET', path: '/intake', what: 'what visitors reported', answers: triagersRead },
  {
    method: 'GET',
    path: '/intake.json',
    what: 'the same as JSON',
    answers: byRole({ visitor: 401, contributor: 403, triager: 200 }),
  },
  {
    method: 'GET',
    path: '/intake/:number',
    what: 'what a visitor reported; also .json',
    answers: triagersRead,
    ask: { path: '/intake/{intake}' },
  },
  {
    method: 'POST',
    path: '/intake/:number',
    what: 'decide what becomes of it',
    answers: byRole({ visitor: 401, contributor: 403, triager: 303 }),
    ask: {
      path: '/intake/{intake}',
      form: [
        ['as', 'dismissed'],
        ['reason', 'known'],
        ['saw', '0'],
      ],
    },
  },
  { method: 'GET', path: '/issues/new', what: 'the form that opens an issue', answers: everybody(200) },
  {
    method: 'POST',
    path: '/issues/new',
    what: 'open an issue that no report tells of; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      form: [
        ['product', 'sample{number}'],
        ['title', 'it forgets everything'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/issues/:id/comments',
    what: 'say something of an issue',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { path: '/issues/{issue}/comments', form: [['body', 'sample {number}']] },
  },
  {
    method: 'POST',
    path: '/issues/:id/packages',
    what: 'list a package under an issue; who may not decide proposes it',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: {
      path: '/issues/{fresh-issue}/packages',
      form: [
        ['package', 'services.sample'],
        ['kind', 'module'],
      ],
    },
  },
  {
    method: 'GET',
    path: '/issues/:id/merge',
    what: 'what making one of two issues moves',
    answers: securityReads,
    ask: { path: '/issues/{issue}/merge?with={fresh-issue}' },
  },
  {
    method: 'POST',
    path: '/issues/:id/merge',
    what: 'make one issue of two, for good',
    answers: securityDoes,
    ask: {
      path: '/issues/{fresh-issue}/merge',
      form: [
        ['with', '{fresh-issue}'],
        ['reason', 'one fix'],
      ],
    },
  },
  {
    method: 'GET',
    path: '/issues/:id/split',
    what: 'the form that takes a part out of an issue',
    answers: securityReads,
    ask: { path: '/issues/{joined-issue}/split' },
  },
  {
    method: 'POST',
    path: '/issues/:id/split',
    what: 'take vulnerabilities out of an issue into one of their own',
    answers: securityDoes,
    ask: {
      path: '/issues/{joined-issue}/split',
      form: [
        ['vulnerability', '{joined-part-name}'],
        ['reason', 'two fixes'],
        ['deed', 'split'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/watch',
    what: 'begin or end to watch something',
    answers: byRole({ visitor: 401, contributor: 303 }),
    ask: { form: [['topic', 'package:openssl']] },
  },
  { method: 'GET', path: '/rules', what: 'remembered suppressions', answers: everybody(200) },
  { method: 'GET', path: '/rules.json', what: 'the same as JSON', answers: everybody(200) },
  { method: 'GET', path: '/proposals', what: 'proposals', answers: everybody(200) },
  { method: 'GET', path: '/proposals.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'GET',
    path: '/proposals/:id',
    what: 'a proposal; also .json',
    answers: everybody(200),
    ask: { path: '/proposals/{proposal}' },
  },
  {
    method: 'GET',
    path: '/proposals/:id/amend',
    what: 'the form that amends a proposal',
    answers: byRole({ visitor: 403, triager: 200 }),
    ask: { path: '/proposals/{proposal}/amend' },
  },
  {
    method: 'POST',
    path: '/proposals/:id/accept',
    what: 'accept a proposal',
    answers: decides,
    ask: { path: '/proposals/{proposal}/accept', form: [] },
  },
  {
    method: 'POST',
    path: '/proposals/:id/amend',
    what: 'accept it with other values',
    answers: decides,
    ask: {
      path: '/proposals/{proposal}/amend',
      form: [
        ['at', field],
        ['value', 'amended {number}'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/proposals/:id/reject',
    what: 'reject a proposal',
    answers: decides,
    ask: { path: '/proposals/{proposal}/reject', form: [['reason', 'it is not so']] },
  },
  {
    method: 'POST',
    path: '/proposals/:id/withdraw',
    what: 'withdraw a proposal (here one of somebody else’s)',
    answers: everybody(403),
    ask: { path: '/proposals/{proposal}/withdraw', form: [] },
  },
  {
    method: 'POST',
    path: '/proposals/:id/undo',
    what: 'take back what was accepted',
    answers: decides,
    ask: { path: '/proposals/{accepted}/undo', form: [] },
  },
  { method: 'GET', path: '/history', what: 'the history', answers: everybody(200) },
  { method: 'GET', path: '/history.json', what: 'the same as JSON', answers: everybody(200) },
  {
    method: 'GET',
    path: '/events/:id',
    what: 'an entry of the history; also .json',
    answers: everybody(200),
    ask: { path: '/events/{event}' },
  },
  {
    method: 'POST',
    path: '/events/:id/undo',
    what: 'take back one change',
    answers: decides,
    ask: { path: '/events/{event}/undo', form: [] },
  },
  {
    method: 'GET',
    path: '/live',
    what: 'what changes, as it does',
    answers: everybody(200),
    ask: { path: '/live?topics=queue', method: 'HEAD' },
  },
  {
    method: 'POST',
    path: '/presence',
    what: 'tell others that one looks at a page',
    answers: byRole({ visitor: 401, contributor: 204 }),
    ask: {
      form: [
        ['page', '/'],
        ['window', 'w1'],
        ['gone', 'yes'],
      ],
    },
  },
  { method: 'GET', path: '/keys', what: 'the keys', answers: everybody(200) },
  { method: 'GET', path: '/keys.json', what: 'the same as JSON', answers: everybody(200) },
];
