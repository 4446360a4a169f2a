import type { Feature, MultiPolygon } from 'geojson';
import { createRequire } from 'node:module';
import { feature, merge } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';

const require = createRequire(import.meta.url);

/** Countries and the land that they lie on, in degrees. */
export interface Atlas {
  readonly land: MultiPolygon;
  /** The shape of a country by its ISO 3166 code of two letters; undefined where the atlas has none. */
  country(code: string): Feature | undefined;
}

type World = Topology<{ countries: GeometryCollection }>;

/** Codes of two letters by number, as `i18n-iso-countries` has them. */
const CODES = new Map(
  (require('i18n-iso-countries/codes.json') as readonly (readonly [string, string, string])[]).map(
    ([twoLetters, , number]) => [number, twoLetters],
  ),
);
const ANTARCTICA = 'AQ';
/** What Natural Earth draws as a country and ISO 3166 gives no number. */
const WITHOUT_NUMBER: Readonly<Record<string, string>> = { Kosovo: 'XK' };

let coarse: Shapes | undefined;
let fine: Shapes | undefined;

/** The world without Antarctica: simple shapes, and for countries too small for those (Singapore, Malta) the finer ones. */
export function atlas(): Atlas {
  const known = (coarse ??= shapesOf(require('world-atlas/countries-110m.json') as World));
  return {
    land: known.land,
    country: (code) =>
      known.countries.get(code) ??
      (fine ??= shapesOf(require('world-atlas/countries-50m.json') as World)).countries.get(code),
  };
}

interface Shapes {
  readonly land: MultiPolygon;
  readonly countries: ReadonlyMap<string, Feature>;
}

function shapesOf(world: World): Shapes {
  const shapes = world.objects.countries.geometries.flatMap((shape) => {
    const { name = '' } = (shape.properties ?? {}) as { name?: string };
    const code = CODES.get(String(shape.id ?? '')) ?? WITHOUT_NUMBER[name] ?? '';
    return code === ANTARCTICA ? [] : [{ shape, code }];
  });
  return {
    land: merge(world, shapes.map(({ shape }) => shape) as Parameters<typeof merge>[1]),
    countries: new Map(
      shapes.filter(({ code }) => code !== '').map(({ shape, code }) => [code, feature(world, shape) as Feature]),
    ),
  };
}
