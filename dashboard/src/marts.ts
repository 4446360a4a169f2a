import { INVOICE_DETAILS } from './queries/invoice.js';

/**
 * The tables of schema ANALYTICS that the dashboard reads, with the columns that it needs. dbt's contract promises them
 * (`dbt/models/analytics/_models.yml`); when one is missing at run time, the help page says which.
 */
export const MARTS = {
  INVOICES_SUMMARY: [
    ...INVOICE_DETAILS,
    'COUNTRY_NAME_DE',
    'COUNTRY_NAME_EN',
    'COUNTS_AS_INVOICE',
    'IS_CANCELLATION',
    'IS_CANCELLED',
  ],
  CREDIT_NOTES_SUMMARY: [
    'CREDIT_NOTE_DATE',
    'SERVICE_DATE',
    'CONTACT_ID',
    'CITY',
    'COUNTRY_CODE',
    'COUNTRY_NAME_DE',
    'COUNTRY_NAME_EN',
    'CURRENCY',
    'CREDITED_AMOUNT_EUR',
    'CREDITED_NET_AMOUNT_EUR',
    'AMOUNT_SOURCE',
  ],
  INVOICES_TO_REVIEW: [
    'DOCUMENT_KIND',
    'DOCUMENT_ID',
    'DOCUMENT_NUMBER',
    'DOCUMENT_DATE',
    'CONTACT_NAME',
    'REASON',
    'WHAT_TO_DO',
    'AMOUNT_AS_WRITTEN',
    'CURRENCY',
    'ESTIMATED_EFFECT_EUR',
    'IS_COUNTED',
  ],
  INVOICES_AMOUNT_BY_COUNTRY: ['DATA_AS_OF', 'REFRESHED_AT'],
  INVOICES_EXCLUDED: ['DOCUMENT_KIND', 'DOCUMENT_ID', 'TOTAL_AMOUNT_EUR', 'EXCLUSION_REASON', 'EXPLANATION'],
  PIPELINE_HEALTH: ['STAGE_ORDER', 'STAGE', 'TABLE_NAME', 'ROW_COUNT', 'NEWEST_UPDATE', 'DATA_AS_OF', 'AGE_MINUTES'],
} as const satisfies Record<string, readonly string[]>;
