import { drawCountries } from './country-map.js';

const where = (codes: string[]): Record<string, string[]> =>
  Object.fromEntries(drawCountries(codes).maps.map(({ view, countries }) => [view, countries.map(({ code }) => code)]));

describe('the map of countries', () => {
  it('shows a country where it can be seen: in Europe, or in the world', () => {
    expect(where(['DE', 'US', 'FR', 'RU', 'NO', 'JP', 'XK', 'GB'])).toEqual({
      europe: ['DE', 'FR', 'NO', 'XK', 'GB'],
      world: ['US', 'RU', 'JP'],
    });
    expect(Object.keys(where(['AT', 'CH']))).toEqual(['europe']);
    expect(Object.keys(where(['BR']))).toEqual(['world']);
    expect(where([])).toEqual({});
  });

  it('draws countries that are smaller than a point as one that can be seen', () => {
    for (const code of ['MT', 'LI', 'SG', 'HK', 'MC', 'BH', 'VA']) {
      const [map] = drawCountries([code]).maps;
      expect([code, map?.countries[0]?.path]).toEqual([code, expect.stringMatching(/^M[\d.]+,[\d.]+a.*Z$/)]);
    }
  });

  it('tells which codes no map knows', () => {
    expect(drawCountries(['DE', 'ZZ', 'QQ', 'AQ']).unknown).toEqual(['ZZ', 'QQ', 'AQ']);
  });
});
