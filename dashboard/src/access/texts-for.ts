import type { Context } from 'hono';
import { chooseLanguage } from '../format/language.js';
import type { Language } from '../format/language.js';
import type { Texts } from '../format/texts.js';
import { TEXTS } from '../format/texts.js';

/** What is said before anybody has signed in. */
export type SignInTexts = Pick<
  Texts,
  'signedOut' | 'signedOutText' | 'notSignedIn' | 'signInSilent' | 'signInExpired' | 'signInRefused'
>;

/** The language that a request asks for. */
export const languageOf = (c: Context): Language =>
  chooseLanguage(c.req.query('lang'), c.req.header('Accept-Language'));

export const textsFor = (c: Context): Texts => TEXTS[languageOf(c)];
