export const LANGUAGES = ['de', 'en'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The language that was asked for, else the browser's first one that there is, else English. */
export function chooseLanguage(asked: string | null | undefined, acceptLanguage: string | undefined): Language {
  if (isLanguage(asked)) return asked;
  const preferred = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters
        .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
        .find((found) => found !== undefined);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language)
    .find(isLanguage);
  return preferred ?? 'en';
}

function isLanguage(value: string | null | undefined): value is Language {
  return (LANGUAGES as readonly unknown[]).includes(value);
}
