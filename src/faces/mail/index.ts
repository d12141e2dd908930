export { MAIL_KINDS, mailDeliverers } from './deliver-mail.ts';
export { digestTimes } from './digest-times.ts';
export { type Places, trialLetter } from './words.ts';
