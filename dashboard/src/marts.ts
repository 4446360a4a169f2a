/**
 * The tables of schema ANALYTICS that the dashboard reads, with the columns that it needs. dbt's contract promises them
 * (`dbt/models/analytics/_models.yml`); when one is missing at run time, the help page says which.
 */
export const MARTS = {
  INVOICES_SUMMARY: [
    'INVOICE_ID',
    'INVOICE_NUMBER',
    'INVOICE_TYPE',
    'INVOICE_STATUS',
    'INVOICE_DATE',
    'DUE_DATE',
    'CONTACT_NAME',
    'CITY',
    'COUNTRY_CODE',
    'COUNTRY_NAME_DE',
    'COUNTRY_NAME_EN',
    'CURRENCY',
    'TOTAL_AMOUNT_DOCUMENT',
    'TOTAL_AMOUNT_EUR',
    'NET_AMOUNT_EUR',
    'OPEN_AMOUNT_EUR',
    'EXCHANGE_RATE',
    'EXCHANGE_RATE_DATE',
    'AMOUNT_SOURCE',
    'COUNTS_AS_INVOICE',
    'IS_CANCELLATION',
    'IS_CANCELLED',
  ],
  CREDIT_NOTES_SUMMARY: [
    'CREDIT_NOTE_DATE',
    'CITY',
    'COUNTRY_CODE',
    'COUNTRY_NAME_DE',
    'COUNTRY_NAME_EN',
    'CURRENCY',
    'CREDITED_AMOUNT_EUR',
    'CREDITED_NET_AMOUNT_EUR',
    'AMOUNT_SOURCE',
  ],
  INVOICES_AMOUNT_BY_COUNTRY: ['DATA_AS_OF', 'REFRESHED_AT'],
  INVOICES_EXCLUDED: ['DOCUMENT_KIND', 'DOCUMENT_ID', 'TOTAL_AMOUNT_EUR', 'EXCLUSION_REASON', 'EXPLANATION'],
  PIPELINE_HEALTH: ['STAGE_ORDER', 'STAGE', 'TABLE_NAME', 'ROW_COUNT', 'NEWEST_UPDATE', 'DATA_AS_OF', 'AGE_MINUTES'],
} as const satisfies Record<string, readonly string[]>;

export type Mart = keyof typeof MARTS;
