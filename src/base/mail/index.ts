export { type Block, htmlOf, textOf } from './letter.ts';
export { type Mailer, makeMailer, messageId, type OutgoingMail } from './smtp.ts';
