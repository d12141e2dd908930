import { type Frame, Layout } from '../layout.tsx';

export interface ProblemPageProps {
  frame: Frame;
  status: number;
  title: string;
  message: string;
  /** Under which it stands in the log, for whoever reports it. */
  errorId: string | null;
}

/** A request that was refused or failed. Made without the database: it may be what failed. */
export function ProblemPage({ frame, status, title, message, errorId }: ProblemPageProps) {
  return (
    <Layout frame={frame} title={title}>
      <header class="page-head">
        <p class="kicker">{status}</p>
        <h1>{title}</h1>
      </header>
      <p class="lead">{message}</p>
      {errorId === null ? null : (
        <p class="prose">
          Whoever runs this Muster finds it in the log as <code class="id">{errorId}</code>.
        </p>
      )}
      <p class="prose">
        <a href="/">To the first page</a>
      </p>
    </Layout>
  );
}
