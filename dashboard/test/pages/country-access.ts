/// <reference lib="dom" />
import type { DashboardProcess } from '../support/command.js';
import { accountSettings, startDashboard } from '../support/command.js';
import { addUp, contactId, decimal, totalOf } from '../support/marts.js';
import { englishEuro, plain } from '../support/reading.js';
import { inBrowser, snowflake, company } from '../support/site.js';

inBrowser('a reader who may see some countries', () => {
  let other: DashboardProcess;
  const read = (path: string, countries = 'AT, CH'): Promise<Response> =>
    fetch(other.url + path, { headers: { 'X-Forwarded-User': 'Änne', 'X-Countries': countries } });

  beforeAll(async () => {
    other = await startDashboard({
      ...accountSettings(snowflake, 'SEVDESK'),
      DASHBOARD_SIGN_IN: 'proxy',
      DASHBOARD_PROXY_COUNTRIES_HEADER: 'X-Countries',
    });
  }, 60_000);

  afterAll(() => other.stop());

  it('finds the figures, files, filters and invoices of those and of no others', async () => {
    const isMine = ({ place }: { place: { countryCode: string } }): boolean => ['AT', 'CH'].includes(place.countryCode);
    const mine = company.invoices.filter(isMine);
    const notMine = company.invoices.filter((invoice) => !isMine(invoice));
    const sums = [...addUp(company, (document) => String(isMine(document)))].find(([key]) => key === 'true')![1];
    for (const path of [
      '/',
      '/customers',
      '/why/total',
      '/?country=DE',
      `/?customer=${contactId(notMine[0]!.customer)}`,
    ]) {
      const html = await (await read(`${path}${path.includes('?') ? '&' : '?'}lang=en`)).text();
      expect(html).not.toMatch(/Germany|Berlin|Poland/);
    }
    const home = plain(await (await read('/?lang=en&period=all')).text());
    expect(home).toContain(englishEuro(decimal(totalOf(sums))));
    const lines = (await (await read('/csv/invoices.csv?lang=en')).text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(mine.length + 1);
    expect((await read(`/invoices/${mine[0]!.id}`)).status).toBe(200);
    for (const path of [
      `/invoices/${notMine[0]!.id}`,
      '/data',
      '/csv/review.csv',
      '/xlsx/exclusions.xlsx',
      '/csv/pipeline.csv',
    ])
      expect([path, (await read(path)).status]).toEqual([path, 404]);
  });

  it('finds nothing when no country is granted, and everything with *', async () => {
    expect(plain(await (await read('/?lang=en&period=all', '')).text())).toContain('No invoices yet');
    expect(await (await read('/?lang=en&period=all', '*')).text()).toMatch(/Germany/);
    expect((await fetch(other.url)).status).toBe(401);
  });
});
