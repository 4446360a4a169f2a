import { bearer, dateTime, defineTap, object, required, RestApi, string } from '@singer-io-ts/sdk';
import { about } from './about.js';
import { itemsOf } from './items.js';

export const tap = defineTap({
  ...about,
  configSchema: object({
    api_url: required(string({ description: 'Address of the API.' })),
    token: required(string({ description: 'Access token.', secret: true })),
    start_date: dateTime({ description: 'The first run reads what has changed since.' }),
  }),
  streams: (context) => {
    const { api_url: baseUrl, token, start_date: startDate } = context.config;
    const api = new RestApi(context, { baseUrl, authenticator: bearer(token) });
    return [itemsOf(api, startDate)];
  },
});
