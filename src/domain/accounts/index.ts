export { type Account, actorOf } from './account.ts';
export { disableAccount, enableAccount, setRole } from './administer.ts';
export type { Outcome, RefusalCode, Refused } from './answer.ts';
export { EMAIL_RULE, readEmail, readHandle } from './checks.ts';
export { createAccount, type NewAccount, type SignUpMeans, signUp } from './create-account.ts';
export { forgetReasons } from './forget.ts';
export { linkIdentity, type ProvedIdentity, signInByIdentity, unlinkIdentity } from './identities.ts';
export { type InviteEffect, inviteOf, makeInvite, withdrawInvite, writeInvite } from './invites.ts';
export {
  ADDRESS_PURPOSES,
  type AddressEffect,
  askConfirmation,
  type ConfirmEffect,
  confirmAddress,
  MAIL_PACES,
  type MailPace,
  mailLinkOf,
  mailPaceOf,
  makeMailLink,
  stopMail,
} from './mail.ts';
export {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  type RelyingParty,
  removePasskey,
  renamePasskey,
  signInByPasskey,
} from './passkeys.ts';
export { SHORTEST_PASSWORD } from './password-rules.ts';
export { setPassword, setProfile } from './profile.ts';
export { comeBackFrom, keepForSignUp, keptForSignUp, sendToProvider } from './provider-steps.ts';
export { makeProviders, type Provider, type ProviderSettings } from './providers.ts';
export { type Limit, takeFromBucket } from './rate-limit.ts';
export {
  askRecovery,
  type Granted,
  grantRecovery,
  type RecoveryEffect,
  recoverByOperator,
  recoveryOf,
  useRecovery,
  withdrawRecovery,
  writeRecovery,
} from './recover.ts';
export {
  endOtherSessions,
  endSession,
  endSessionById,
  type ListedSession,
  listSessions,
  type RecognisedSession,
  recogniseSession,
  SESSION_DAYS,
  sessionValues,
  takeSession,
} from './sessions.ts';
export { type From, type SignedIn, signInByPassword } from './sign-in.ts';
export {
  type AccountSearch,
  accountByHandle,
  accountById,
  listAccounts,
  meansOf,
  namesOf,
  passwordChangedAt,
  putSettings,
  settingsOf,
} from './store.ts';
export { type Addressee, accountsCalled, accountsOfRole, addresseesOf } from './store-addressees.ts';
export { identitiesOf, type LinkedIdentity } from './store-identities.ts';
export { type Invite, openInvites } from './store-invites.ts';
export { addressChangeOf } from './store-links.ts';
export { type Passkey, passkeysOf } from './store-passkeys.ts';
export { openRecoveries, type Recovery } from './store-recoveries.ts';
export { type SessionRow, sessionReading } from './store-sessions.ts';
export { type ApiToken, tokensOf } from './store-tokens.ts';
export { makeToken, type NewToken, recogniseToken, revokeToken } from './tokens.ts';
