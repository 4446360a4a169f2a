import type { JsonSchema } from '@singer-io-ts/sdk';

interface Endpoint {
  path: string;
  /** Columns beside those that every such stream has. @default none */
  properties?: Record<string, JsonSchema>;
}

const text = (description: string): JsonSchema => ({ type: ['null', 'string'], description });
const reference = (name: string, description: string): Record<string, JsonSchema> => ({
  [`${name}_id`]: text(`${description}: its id.`),
  [`${name}_objectName`]: text(`${description}: its kind.`),
});

/**
 * Endpoints that few accounts need, or that are in no published description, by the name of their stream. Naming one in
 * the setting `streams` is enough to read it; until then nothing of it is asked for, so none can fail a run.
 */
export const MORE_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  contact_custom_fields: {
    path: '/ContactCustomField',
    properties: {
      value: text('Value of the field.'),
      ...reference('contact', 'The contact'),
      ...reference('contactCustomFieldSetting', 'The field that it is a value of'),
    },
  },
  contact_custom_field_settings: {
    path: '/ContactCustomFieldSetting',
    properties: {
      name: text('Name of the field.'),
      identifier: text('What tells the field apart.'),
      description: text('Description of the field.'),
    },
  },
  communication_way_keys: {
    path: '/CommunicationWayKey',
    properties: { name: text('What a way is used for.'), translationCode: text('Code of the translated name.') },
  },
  private_transaction_rules: {
    path: '/PrivateTransactionRule',
    properties: {
      paymentPurpose: text('Purpose of the transactions that it matches.'),
      counterpartName: text('Other side of the transactions that it matches.'),
    },
  },
  discounts: {
    path: '/Discounts',
    properties: {
      discount: text('1 for a discount, 0 for a surcharge.'),
      text: text('Text.'),
      percentage: text('Whether the value is in per cent.'),
      value: text('Value.'),
      isNet: text('Whether the value is net.'),
    },
  },
  sev_users: {
    path: '/SevUser',
    properties: {
      fullname: text('Name of the user.'),
      email: text('E-mail address of the user.'),
      status: text('State.'),
    },
  },
  cost_centres: {
    path: '/CostCentre',
    properties: { name: text('Name.'), number: text('Number.'), status: text('State.') },
  },
  accounting_types: { path: '/AccountingType', properties: { name: text('Name.'), type: text('Type.') } },
  tax_sets: {
    path: '/TaxSet',
    properties: { text: text('Text on the tax.'), taxRate: text('Tax rate in per cent.'), code: text('Code.') },
  },
};
