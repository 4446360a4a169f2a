/** Decimal text as the dashboard must write it, made without the formatter that the dashboard uses. */
export function germanEuro(amount: string): string {
  const [whole = '', cents = ''] = amount.replace('-', '').split('.');
  return `${amount.startsWith('-') ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${cents} €`;
}

export function englishEuro(amount: string): string {
  const [whole = '', cents = ''] = amount.replace('-', '').split('.');
  return `${amount.startsWith('-') ? '-' : ''}€${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** Text of a page with every kind of space as a plain one. */
export function plain(text: string | null | undefined): string {
  return (text ?? '').replace(/[\s\u00a0\u202f]+/g, ' ').trim();
}
