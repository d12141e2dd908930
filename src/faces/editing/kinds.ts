import { forgetReasons } from '#domain/accounts';
import { editableCampaign, editableCampaignIssue, editableRegrouping } from '#domain/campaigns';
import {
  editableComment,
  editableIntake,
  editableIssue,
  editableNewIssue,
  editablePackage,
  editableStatus,
  forgetCards,
  forgetNotices,
} from '#domain/issues';
import { editableRule, editableSuggestion } from '#domain/matching';
import { type Editables, editables } from '#domain/proposals';
import { editableItem, editableLine, editableRota, editableRoundup, forgetRemarks } from '#domain/roundup';
import { editableBatch } from '#domain/sources';
import { editableThread } from '#domain/threads';

/** Everything that people change, each kind as its own room describes it. */
export const EDITABLES: Editables = editables([
  editableStatus,
  editableIssue,
  editablePackage,
  editableComment,
  editableNewIssue,
  editableIntake,
  editableSuggestion,
  editableRule,
  editableRota,
  editableRoundup,
  editableItem,
  editableLine,
  editableThread,
  editableBatch,
  editableCampaign,
  editableCampaignIssue,
  editableRegrouping,
]);

/** What else was made of entries of the history, and has to go with them: notices, cards of issues, remarks, reasons of admins. */
export const COPIES = [forgetNotices, forgetCards, forgetRemarks, forgetReasons] as const;
