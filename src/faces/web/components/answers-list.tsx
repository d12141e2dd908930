import type { AnswerJson } from '../changes-answer.ts';
import { proposalAddress } from '../editing-addresses.ts';

/** A change set and what became of it. */
export interface Answered {
  /** "NSI-2017-0043" or what else it was about. */
  about: string;
  href: string;
  answer: AnswerJson;
}

const OUTCOMES = {
  accepted: 'done',
  proposed: 'proposed',
  conflict: 'somebody was faster',
  refused: 'not done',
} as const;

/** What became of several change sets, one line each. */
export function AnswersList({ answered }: { answered: readonly Answered[] }) {
  return (
    <ul class="answers plain">
      {answered.map(({ about, href, answer }) => (
        <li class={`answer answer-${answer.outcome}`}>
          <a href={href}>{about}</a> <strong>{OUTCOMES[answer.outcome]}</strong> {answer.said}{' '}
          {'proposal' in answer && answer.proposal !== null ? (
            <a class="small" href={proposalAddress(answer.proposal)}>
              change set {answer.proposal}
            </a>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
