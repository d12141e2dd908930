import type { Operation } from './operation.ts';
import { campaignOperations } from './operations/campaigns.ts';
import { changeOperations } from './operations/changes.ts';
import { commentOperations } from './operations/comments.ts';
import { gateOperations } from './operations/gates.ts';
import { historyOperations } from './operations/history.ts';
import { insightOperations } from './operations/insight.ts';
import { intakeOperations } from './operations/intake.ts';
import { issueOperations } from './operations/issues.ts';
import { packageOperations } from './operations/packages.ts';
import { peopleOperations } from './operations/people.ts';
import { roundupOperations } from './operations/roundups.ts';
import { searchOperations } from './operations/search.ts';
import { sourceOperations } from './operations/sources.ts';
import { suggestionOperations } from './operations/suggestions.ts';
import { threadOperations } from './operations/threads.ts';
import { vulnerabilityOperations } from './operations/vulnerabilities.ts';

/** Everything that the API can do. Whoever adds an operation adds it to one of these lists, and its row to the table of routes. */
export const OPERATIONS: readonly Operation[] = [
  ...issueOperations,
  ...searchOperations,
  ...commentOperations,
  ...vulnerabilityOperations,
  ...packageOperations,
  ...suggestionOperations,
  ...campaignOperations,
  ...threadOperations,
  ...changeOperations,
  ...historyOperations,
  ...roundupOperations,
  ...gateOperations,
  ...insightOperations,
  ...sourceOperations,
  ...peopleOperations,
  ...intakeOperations,
];
