import type { ConflictJson } from '../changes-answer.ts';
import { ConflictChoice, type ConflictChoiceProps, ConflictList } from '../components/conflict.tsx';
import { counted } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface ConflictPageProps {
  frame: Frame;
  conflicts: ConflictJson[];
  choice: ConflictChoiceProps;
}

/** Somebody was faster: nothing was changed, and both ways out are a click away. */
export function ConflictPage({ frame, conflicts, choice }: ConflictPageProps) {
  return (
    <Layout frame={frame} title="Somebody was faster">
      <header class="page-head">
        <h1>Somebody was faster</h1>
        <p class="lead">
          {counted(conflicts.length, 'field')} changed after you had read it. Nothing of yours was written
          yet.
        </p>
      </header>
      <section aria-label="What differs">
        <ConflictList conflicts={conflicts} now={frame.now} />
        <ConflictChoice {...choice} />
      </section>
    </Layout>
  );
}
