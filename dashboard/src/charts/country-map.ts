import type { GeoPath, GeoProjection } from 'd3-geo';
import { geoArea, geoCentroid, geoConicConformal, geoNaturalEarth1, geoPath } from 'd3-geo';
import type { Feature, Geometry, Position } from 'geojson';
import { atlas } from './atlas.js';

/** A part of the world as it is drawn: its size, its land, and the countries that were asked for, in units of the drawing. */
export interface CountryMap {
  readonly view: MapView;
  readonly width: number;
  readonly height: number;
  readonly land: string;
  readonly countries: readonly MapCountry[];
}

export interface MapCountry {
  readonly code: string;
  /** The outline; a circle where the country is too small to be seen. */
  readonly path: string;
  /** The shorter side of the box around what can be seen of it. */
  readonly extent: number;
}

export type MapView = 'europe' | 'world';

const WIDTH = 640;
const SMALLEST = 9;

interface Frame {
  readonly height: number;
  readonly projection: GeoProjection;
  readonly path: GeoPath;
  readonly land: string;
}

const frames = new Map<MapView, Frame>();

/**
 * Draws countries where most of them can be told apart: those in Europe on a map of Europe, the others on one of the world, and no map
 * without a country. Codes that no map knows are left out; they come back as `unknown`.
 */
export function drawCountries(codes: readonly string[]): { maps: readonly CountryMap[]; unknown: readonly string[] } {
  const places = codes.map((code) => ({ code, shape: atlas().country(code) }));
  const inEurope = new Set(
    places.filter(({ shape }) => shape && liesIn(frameOf('europe'), shape)).map(({ code }) => code),
  );
  const draw = (view: MapView, belongs: (code: string) => boolean): CountryMap[] => {
    const frame = frameOf(view);
    const countries = places.flatMap(({ code, shape }) =>
      shape && belongs(code) ? [{ code, ...outline(frame, shape) }] : [],
    );
    return countries.length === 0 ? [] : [{ view, width: WIDTH, height: frame.height, land: frame.land, countries }];
  };
  return {
    maps: [...draw('europe', (code) => inEurope.has(code)), ...draw('world', (code) => !inEurope.has(code))],
    unknown: places.filter(({ shape }) => shape === undefined).map(({ code }) => code),
  };
}

function frameOf(view: MapView): Frame {
  const known = frames.get(view);
  if (known) return known;
  const { land } = atlas();
  const height = view === 'europe' ? 470 : 300;
  const projection =
    view === 'europe'
      ? geoConicConformal()
          .parallels([40, 60])
          .rotate([-12, 0])
          .fitSize([WIDTH, height], { type: 'MultiPoint', coordinates: EUROPE })
          .clipExtent([
            [0, 0],
            [WIDTH, height],
          ])
      : geoNaturalEarth1().fitSize([WIDTH, height], land);
  const path = geoPath(projection).digits(view === 'europe' ? 1 : 0);
  const made = { height, projection, path, land: path(land) ?? '' };
  frames.set(view, made);
  return made;
}

/** Iceland's south to the Urals' west, Crete to the North Cape. */
const EUROPE = [
  [-10, 36],
  [33, 36],
  [-9, 64],
  [33, 64],
  [12, 35],
  [16, 68],
];

/** Whether the middle of a country's largest part is on the map: of France that is in Europe, of Russia it is not. */
function liesIn({ projection, height }: Frame, { geometry }: Feature): boolean {
  const parts = geometry.type === 'MultiPolygon' ? geometry.coordinates.map(polygon) : [geometry];
  const [largest = geometry] = parts.sort((a, b) => geoArea(b) - geoArea(a));
  const [x, y] = projection(geoCentroid(largest)) ?? [-1, -1];
  return x >= 0 && x <= WIDTH && y >= 0 && y <= height;
}

const polygon = (coordinates: Position[][]): Geometry => ({ type: 'Polygon', coordinates });

function outline({ path }: Frame, shape: Feature): Pick<MapCountry, 'path' | 'extent'> {
  const [[left, top], [right, bottom]] = path.bounds(shape);
  const extent = Math.min(right - left, bottom - top);
  if (extent >= SMALLEST) return { path: path(shape) ?? '', extent };
  const [x, y] = path.centroid(shape);
  const radius = SMALLEST / 2;
  return {
    path: `M${(x - radius).toFixed(1)},${y.toFixed(1)}a${radius},${radius} 0 1,0 ${SMALLEST},0a${radius},${radius} 0 1,0 -${SMALLEST},0Z`,
    extent: SMALLEST,
  };
}
