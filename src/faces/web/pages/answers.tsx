import { type Answered, AnswersList } from '../components/answers-list.tsx';
import { counted } from '../components/times.tsx';
import { type Frame, Layout } from '../layout.tsx';

export interface AnswersPageProps {
  frame: Frame;
  answered: Answered[];
  back: string;
}

/** What became of several change sets that were sent at once. */
export function AnswersPage({ frame, answered, back }: AnswersPageProps) {
  const done = answered.filter(({ answer }) => answer.outcome === 'accepted').length;
  const title = `${done} of ${counted(answered.length, 'change set')} done`;
  return (
    <Layout frame={frame} title={title}>
      <header class="page-head">
        <h1>{title}</h1>
        <p class="lead">Each was made for itself. What is not done has changed nothing.</p>
      </header>
      <section aria-label="Answers">
        <AnswersList answered={answered} />
        <p class="page-foot">
          <a href={back}>Back to the page</a>
        </p>
      </section>
    </Layout>
  );
}
