import type { Language } from './language.js';
import { textsDe } from './texts-de.js';
import type { Texts } from './texts-en.js';
import { textsEn } from './texts-en.js';

export type { Texts };

export const TEXTS: Readonly<Record<Language, Texts>> = { de: textsDe, en: textsEn };
