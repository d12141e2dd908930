import type { SplitPreview } from '#domain/issues';
import { issueAddress } from '../components/addresses.ts';
import { type FormProblem, Wrong } from '../components/form-fields.tsx';
import { type PartShown, ReportNames, shortened } from '../components/issue-part.tsx';
import { counted } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';
import { splitAddress } from '../list-addresses.ts';

export interface SplitPageProps {
  frame: Frame;
  part: PartShown;
  /** Vulnerabilities that are to go; those of chosen reports are among them. */
  chosen: readonly string[];
  reason: string;
  preview: SplitPreview | null;
  problem: FormProblem | null;
}

/** `/issues/NSI-…/split`: takes vulnerabilities out of an issue into one of their own, after showing what that moves. */
export function SplitPage({ frame, part, chosen, reason, preview, problem }: SplitPageProps) {
  const { id, title, vulnerabilities, reports } = part;
  const out = new Set(chosen);
  return (
    <Layout frame={frame} title={`Split ${id}`}>
      <header class="page-head">
        <p class="kicker">
          <a href={issueAddress(id)}>{id}</a> {title}
        </p>
        <h1>Take a part out of it</h1>
        <p class="lead">
          Two problems that two fixes close are two issues. What people decide of that outranks grouping for
          good; it can be taken back from the history.
        </p>
      </header>
      <form class="edit" method="post" action={splitAddress(id)} id="split">
        <Wrong form="split" problem={problem} />
        <fieldset>
          <legend>Vulnerabilities that become an issue of their own</legend>
          {vulnerabilities.map((name) => (
            <label class="check">
              <input type="checkbox" name="vulnerability" value={name} checked={out.has(name)} />{' '}
              <span class="mono">{name}</span>
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>Or all that a report names</legend>
          {reports
            .filter(({ names }) => names.length > 0 && names.length < vulnerabilities.length)
            .map(({ source, key, names }) => (
              <label class="check">
                <input type="checkbox" name="report" value={`${source}/${key}`} />{' '}
                <span class="mono">{key}</span> <span class="quiet">{shortened(names)}</span>
              </label>
            ))}
        </fieldset>
        <div class="buttons">
          <button
            type="submit"
            class={preview === null ? 'button button-strong' : 'button'}
            name="deed"
            value="preview"
          >
            Show what that moves
          </button>
        </div>
      </form>
      {preview === null ? null : <Preview id={id} part={part} preview={preview} reason={reason} />}
    </Layout>
  );
}

function Preview({
  id,
  part: { said },
  preview: { goes, stays, reports },
  reason,
}: {
  id: string;
  part: PartShown;
  preview: SplitPreview;
  reason: string;
}) {
  return (
    <section class="preview" aria-labelledby="preview">
      <h2 id="preview">What becomes two</h2>
      <div class="parts">
        <section aria-labelledby="stays">
          <h3 id="stays">
            {counted(stays.length, 'vulnerability', 'vulnerabilities')} in {id}
          </h3>
          <p class="mono small">{shortened(stays)}</p>
          <ReportNames reports={reports.stays} />
        </section>
        <section aria-labelledby="goes">
          <h3 id="goes">{counted(goes.length, 'vulnerability', 'vulnerabilities')} in a new issue</h3>
          <p class="mono small">{shortened(goes)}</p>
          <ReportNames reports={reports.goes} />
        </section>
      </div>
      {reports.both.length === 0 ? null : (
        <>
          <h3>In both, for they speak of both</h3>
          <ReportNames reports={reports.both} />
        </>
      )}
      <p class="prose">
        Whoever watches {id} watches the new one, too.{' '}
        {said === 0
          ? 'Nobody has said anything of it yet.'
          : 'What people said of its packages is proposed for the new one, in their names: it need not be true of the part. Comments stay where they are.'}
      </p>
      <form class="sheet" method="post" action={splitAddress(id)} id="split-up">
        {goes.map((name) => (
          <input type="hidden" name="vulnerability" value={name} />
        ))}
        <p class="field">
          <label for="split-reason">Why they are two</label>
          <textarea id="split-reason" name="reason" rows={2} maxlength={1000} required>
            {reason}
          </textarea>
        </p>
        <p class="buttons">
          <button type="submit" class="button button-strong" name="deed" value="split">
            Make them two
          </button>
          <a href={issueAddress(id)}>Leave it one</a>
        </p>
      </form>
    </section>
  );
}
