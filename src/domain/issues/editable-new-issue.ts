import { appendEvents, type Tx } from '#base/db';
import { mayDecide } from '#domain/policies';
import {
  type CarriedValue,
  carryValues,
  type Editable,
  editables,
  type FieldValue,
  type Written,
} from '#domain/proposals';
import { editableIssue } from './editable-issue.ts';
import { editablePackage } from './editable-package.ts';
import { flawOf, issueTitle } from './issue-title.ts';
import { draftSchema, type IssueDraft, ownId } from './own-vulnerability.ts';
import { canonicalProduct } from './products.ts';
import {
  describeOwn,
  eraseOwn,
  insertOwn,
  nextOwnNumber,
  ownByRequest,
  placeOwn,
  takeIssueNumber,
  updateOwn,
} from './store-own.ts';

/** What somebody calls a wish for an issue before it has a number: the same one again is the same issue. */
const REQUEST = /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/;

/**
 * An issue that no report tells of: `id` is what the sender calls it, the one field `value` a draft. Setting it gives the
 * problem a number of ours (own-vulnerability.ts) and opens its issue with the title, severity, summary and packages of the
 * draft as what its author says of them; null takes it back. Whoever may not decide proposes it.
 */
export const editableNewIssue: Editable = {
  kind: 'new_issue',
  fields: { value: draftSchema.nullable() },
  async read(tx, ids) {
    const known = await ownByRequest(tx, ids);
    return new Map(
      ids
        .filter((id) => REQUEST.test(id))
        .map((id) => {
          const own = known.get(id);
          const value = own === undefined || own.withdrawnAt !== null ? null : own.draft;
          return [id, { value: { value: value as FieldValue, version: own?.version ?? 0 } }];
        }),
    );
  },
  bar({ value }, before) {
    const [now, then] = [value as IssueDraft | null, before.value as IssueDraft | null];
    return now !== null && then !== null && now.product !== then.product
      ? 'it is an issue of another product then: take this one back, and make that'
      : null;
  },
  may: (actor) => mayDecide(actor),
  async write(tx, changes) {
    for (const change of changes) await writeDraft(tx, change);
  },
  erase: eraseOwn,
  history: (id) => ({ entity: 'new_issue', entityId: id, topics: ['issues:new'] }),
};

async function writeDraft(tx: Tx, change: Written): Promise<void> {
  const own = (await ownByRequest(tx, [change.id])).get(change.id);
  const draft = change.value as IssueDraft | null;
  if (own === undefined) {
    if (draft !== null) await open(tx, change, draft);
    return;
  }
  const { id, published } = own;
  const { version, at } = change;
  await updateOwn(tx, id, {
    version,
    withdrawnAt: draft === null ? at : null,
    ...(draft === null ? {} : { draft }),
  });
  if (draft !== null) await describeOwn(tx, { id, draft, flaw: flawOfDraft(draft), published });
  await placeOwn(tx, id, at);
}

function flawOfDraft({ title, summary = '' }: IssueDraft): string | null {
  return flawOf([], `${title}\n${summary}`);
}

async function open(tx: Tx, { id: request, version, at, actor }: Written, draft: IssueDraft): Promise<void> {
  const year = at.getUTCFullYear();
  const number = await nextOwnNumber(tx, year);
  const published = draft.published === undefined ? at : new Date(draft.published);
  const product = canonicalProduct('nixpkgs', draft.product);
  const flaw = flawOfDraft(draft);
  const opened = published.getUTCFullYear();
  const issueNumber = await takeIssueNumber(tx, opened);
  const issue = `NSI-${opened}-${String(issueNumber).padStart(4, '0')}`;
  const title = issueTitle(product, [flaw]);
  const id = ownId(year, number);
  await insertOwn(tx, {
    id,
    year,
    number,
    request,
    product,
    draft,
    flaw,
    published,
    version,
    madeBy: actor,
    madeAt: at,
    issue: { id: issue, year: opened, number: issueNumber, title },
  });
  await appendEvents(
    tx,
    [
      {
        entity: 'issue',
        entityId: issue,
        type: 'issue.opened',
        actor,
        cause: `request ${request}`,
        payload: { product, vulnerability: id },
        topics: ['issues:new'],
      },
    ],
    at,
  );
  await carryValues(tx, saidIn(draft, issue, { author: actor, setAt: at, event: version }), {
    kinds: editables([editableIssue, editablePackage]),
    actor,
    cause: `request ${request}`,
    at,
  });
}

/** What a draft says of its issue: that is people's word, and outlives what is derived. */
function saidIn(
  { title, summary, severity, packages = [] }: IssueDraft,
  issue: string,
  by: Pick<CarriedValue, 'author' | 'setAt' | 'event'>,
): CarriedValue[] {
  const before = { value: null, version: 0 };
  const fields = Object.entries({ title, summary, severity }).flatMap(([field, value]) =>
    value === undefined ? [] : [{ kind: 'issue', id: issue, field, value, saw: 0 }],
  );
  const listed = new Map(packages.map((each) => [each.package, each.kind]));
  const listings = [...listed].map(([name, kind]) => ({
    kind: 'package',
    id: `${issue}/${name}`,
    field: 'value',
    value: kind,
    saw: 0,
  }));
  return [...fields, ...listings].map((change) => ({ change, before, ...by }));
}
