import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from './drill-verdict.ts';

/** Somebody who edits: a token, and boxes to edit. */
export interface Editor {
  token: string;
  /** The boxes that they change, one after the other. */
  plan: readonly string[];
}

export interface EditorsOptions {
  url: string;
  editors: readonly Editor[];
  /** Called after each answer with how many there are by now. */
  onAnswer?: (answered: number) => void;
}

/** How long somebody tries to get one answer. */
const PATIENCE_MS = 60_000;

/**
 * Lets everybody edit at once: each looks at the issue of a box, and then changes it, over HTTP as any other program. Who gets
 * no answer sends the same again under the same key, as the browser does, until there is one.
 *
 * @returns every change with its last answer, and how often something had to be sent again
 */
export async function letEdit({
  url,
  editors,
  onAnswer = () => {},
}: EditorsOptions): Promise<{ attempts: Attempt[]; resent: number }> {
  const attempts: Attempt[] = [];
  let resent = 0;
  const patiently = async (request: () => Promise<Response>): Promise<Response> => {
    for (const until = Date.now() + PATIENCE_MS; ; resent += 1) {
      try {
        const response = await request();
        // The whole of it, or it was none. 503: the server is there, its database is not.
        const body = await response.text();
        if (response.status !== 503) return new Response(body, response);
      } catch (error) {
        if (Date.now() > until) throw error;
      }
      if (Date.now() > until) throw new Error('no answer within a minute');
      await sleep(200);
    }
  };
  const edit = async ({ token, plan }: Editor, who: number) => {
    const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
    for (const [number, box] of plan.entries()) {
      const note = `change ${number} of editor ${who}`;
      const [issue = ''] = box.split('/', 1);
      const page = await patiently(() => fetch(`${url}/issues/${issue}.json`, { headers }));
      const saw = versionIn(await page.json(), box);
      const change = { kind: 'status', id: box, field: 'value', value: { status: 'affected', note }, saw };
      const body = JSON.stringify({ key: `drill-${who}-${number}`, changes: [change] });
      const answer = await patiently(() =>
        fetch(`${url}/changes`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body,
        }),
      );
      attempts.push({ box, note, saw, answer: answerOf(answer.status, await answer.json()) });
      onAnswer(attempts.length);
    }
  };
  await Promise.all(editors.map((editor, who) => edit(editor, who)));
  return { attempts, resent };
}

interface IssueJson {
  decisions?: { boxes?: { issue: string; package: string; channel: string; version: number }[] };
}

/** The version of a box on the page of its issue. */
function versionIn(page: unknown, box: string): number {
  const boxes = (page as IssueJson).decisions?.boxes;
  if (boxes === undefined) throw new Error(`the page of ${box} says nothing of boxes`);
  const found = boxes.find(({ issue, package: name, channel }) => `${issue}/${name}/${channel}` === box);
  return found?.version ?? 0;
}

interface AnswerJson {
  outcome?: string;
  made?: { version: number }[];
  conflicts?: { version: number; theirs: { note?: string } | null; yours: { note?: string } | null }[];
}

function answerOf(status: number, body: unknown): Attempt['answer'] {
  const { outcome, made, conflicts } = body as AnswerJson;
  const [change] = made ?? [];
  if (status === 200 && outcome === 'accepted' && change !== undefined)
    return { outcome: 'accepted', version: change.version };
  const [conflict] = conflicts ?? [];
  if (status === 409 && outcome === 'conflict' && conflict !== undefined)
    return {
      outcome: 'conflict',
      version: conflict.version,
      theirs: conflict.theirs?.note ?? null,
      yours: conflict.yours?.note ?? null,
    };
  return { outcome: 'other', why: `${status} ${JSON.stringify(body).slice(0, 300)}` };
}
